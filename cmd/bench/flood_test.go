package main

import (
	"strings"
	"testing"
)

func TestApplicantsGoOnInAFlood(t *testing.T) {
	t.Parallel()
	b := newBench(t, "flood", "--load", "6s", "--slow", "20", "--junk", "320")
	if err := b.Run(); err != nil {
		t.Fatalf("%v: %s", err, b.told)
	}
	for _, want := range []string{
		"applicants, meanwhile", "all of 600 answered: held", "20 slow connections", "none is kept: held", "320 junk requests", "none is let in or fails: held",
	} {
		if !strings.Contains(b.table.String(), want) {
			t.Errorf("%q is not in the table:\n%s", want, b.table)
		}
	}
	b.mustLeaveNothing(t)
}
