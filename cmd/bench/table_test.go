package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The whole way once, with loads that say nothing: the built portal, its bare neighbour and a table of both.
func TestTablePutsThePortalBesideItsNeighbour(t *testing.T) {
	t.Parallel()
	root, bin := filepath.Join("..", ".."), t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", bin, "./cmd/portal", "./cmd/bench")
	build.Dir, build.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join(bin, "bench"), "--load", "150ms", "--only", "^(webhooks|registration)$", "--profiles", "")
	cmd.Dir, cmd.WaitDelay = root, 10*time.Second
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{"requests/s", "\nwebhooks: insert ", "\nwebhooks: portal ", "of insert", "\nwebhooks: two portals ", "\na whole registration ", "load average"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the table lacks %q:\n%s", want, out)
		}
	}
}
