package main

import (
	"context"
	"os"
	"strings"
	"testing"
)

// The whole way once, with loads that say nothing: the built portal, its bare neighbours, nginx, and a table of all.
func TestTablePutsThePortalBesideItsNeighbour(t *testing.T) {
	t.Parallel()
	b := newBench(t, "--load", "150ms", "--only", "^(static page|webhooks|registration)$")
	if err := b.Run(); err != nil {
		t.Fatalf("%v\n%s", err, b.told)
	}
	for _, want := range []string{
		"requests/s", "\nstatic page: net/http ", "\nstatic page: nginx ", "\nstatic page: portal ", "of net/http, ", "of nginx",
		"\nwebhooks: insert ", "\nwebhooks: portal ", "of insert", "\nwebhooks: two portals ", "\na whole registration ", "load average",
	} {
		if !strings.Contains(b.table.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, b.table)
		}
	}
	b.mustLeaveNothing(t)
}

// TestABrokenOffRunLeavesNothing interrupts one that would take for ever, as Ctrl-C does.
func TestABrokenOffRunLeavesNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t, "--load", "1h", "--only", "^static page$")
	b.told.when("measuring static page", func() { _ = b.Process.Signal(os.Interrupt) })
	if err := b.Run(); err == nil || !strings.Contains(b.told.String(), context.Canceled.Error()) {
		t.Errorf("%v\n%s", err, b.told)
	}
	b.mustLeaveNothing(t)
}

func TestGrowthComparesSizes(t *testing.T) {
	t.Parallel()
	b := newBench(t, "growth", "--load", "150ms", "--sizes", "80,40", "--only", "^(form|start)$")
	if err := b.Run(); err != nil {
		t.Fatalf("%v\n%s", err, b.told)
	}
	for _, want := range []string{"\nform: 40 registrations ", "\nform: 80 registrations ", " of 40 ", "\nstart: 80 registrations "} {
		if !strings.Contains(b.table.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, b.table)
		}
	}
	b.mustLeaveNothing(t)
}

// TestASoakIsServedWhatItAsksFor does everything of a soak once or twice: pages have changed where it fails.
func TestASoakIsServedWhatItAsksFor(t *testing.T) {
	t.Parallel()
	b := newBench(t, "soak", "--for", "2s")
	if err := b.Run(); err != nil {
		t.Fatalf("%v\n%s%s", err, b.table, b.told)
	}
	if !strings.Contains(b.table.String(), " in 2s, 0 failed; ") || !strings.Contains(b.table.String(), " 0 with errors\n") {
		t.Errorf("something went wrong:\n%s", b.table)
	}
	b.mustLeaveNothing(t)
}
