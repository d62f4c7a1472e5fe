package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"portal/internal/doctest"
)

func TestDocumentsNameFlagsThatAreThere(t *testing.T) {
	t.Parallel()
	checked := 0
	for _, d := range doctest.All(t, "../..") {
		for _, words := range append(d.Commands("sandbox"), d.Commands("bin/sandbox")...) {
			if len(words) == 0 || strings.HasSuffix(words[0], ":") { // its name alone, or what it says
				continue
			}
			checked++
			cmd := map[string]*cobra.Command{"serve": serveCommand(func(string) string { return "" }), "certificate": certificateCommand()}[words[0]]
			if cmd == nil {
				t.Errorf("%s: sandbox %s: there is no such command", d.Path, strings.Join(words, " "))
				continue
			}
			if err := cmd.ParseFlags(words[1:]); err != nil && !strings.Contains(err.Error(), "help requested") {
				t.Errorf("%s: sandbox %s: %v", d.Path, strings.Join(words, " "), err)
			}
		}
	}
	if checked == 0 {
		t.Error("none is found")
	}
}
