package main

import (
	"strings"
	"testing"

	"portal/internal/doctest"
)

func TestDocumentsNameCommandsThatAreThere(t *testing.T) {
	t.Parallel()
	checked := 0
	for _, d := range doctest.All(t, "../..") {
		for _, words := range d.Commands("bin/bench") {
			checked++
			cmd, rest, err := newCommand().Find(words)
			if err == nil {
				err = cmd.ParseFlags(rest)
			}
			if err != nil {
				t.Errorf("%s: bin/bench %s: %v", d.Path, strings.Join(words, " "), err)
			}
		}
	}
	if checked == 0 {
		t.Error("none is found")
	}
}
