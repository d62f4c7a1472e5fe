package archtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// On a machine without a thing, the script must ask for its package: a needed program is looked for by name, and
// nothing in the script may pass for it.
func TestWhatIsMissingIsInstalled(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("apt-get"); err != nil {
		t.Skip("installs with apt, which this machine does not have")
	}
	bin := t.TempDir()
	for _, name := range []string{"sh", "id", "env", "grep", "sed", "tee", "mkdir", "cat"} {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	asked := filepath.Join(bin, "asked")
	for _, name := range []string{"apt-get", "sudo"} {
		stub := "#!/bin/sh\necho \"$@\" >>" + asked + "\n"
		if err := os.WriteFile(filepath.Join(bin, name), []byte(stub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(filepath.Join(bin, "sh"), "scripts/install-deps", "browser")
	cmd.Dir, cmd.Env = root, []string{"PATH=" + bin}
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "Still missing") {
		t.Errorf("what was not installed is not missed: %v\n%s", err, out)
	}
	calls, _ := os.ReadFile(asked)
	if !strings.Contains(string(calls), "install --no-install-recommends chromium") {
		t.Errorf("apt was asked for:\n%s\n%s", calls, out)
	}
}
