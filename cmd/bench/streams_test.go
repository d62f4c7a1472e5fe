package main

import (
	"strings"
	"testing"
)

func TestStreamsAreToldOfEveryChange(t *testing.T) {
	t.Parallel()
	b := newBench(t, "streams", "--streams", "5")
	if err := b.Run(); err != nil {
		t.Fatalf("%v: %s", err, b.told)
	}
	for _, want := range []string{"5 connected, until the first event", "until told of a change"} {
		if !strings.Contains(b.table.String(), want) {
			t.Errorf("%q is not in the table:\n%s", want, b.table)
		}
	}
	b.mustLeaveNothing(t)
}
