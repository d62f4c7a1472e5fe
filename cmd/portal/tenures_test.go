package main

import "testing"

// A portal that goes must not say that it is ready any more, which another one would.
func TestNoTenureBeginsOnceTheProcessIsToldToStop(t *testing.T) {
	t.Parallel()
	told, first, second := make(chan struct{}), &tenure{}, &tenure{}
	all := &tenures{told: told, now: first}
	if former, ok := all.replaceWith(second); !ok || former != first || all.current() != second {
		t.Error("before it is told, none begins")
	}
	close(told)
	if _, ok := all.replaceWith(first); ok || all.current() != second {
		t.Error("one begins")
	}
}
