package main

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"portal/internal/browsertest"
	"portal/templates"
	"portal/templates/gallery"
)

// record writes what was tested, for the statement about accessibility. It is called when nothing was found.
func record(t *testing.T, path string, a *browsertest.Auditor) {
	t.Helper()
	pages, states := gallery.Count()
	text, err := json.MarshalIndent(templates.AccessibilityTest{
		Day: time.Now().UTC().Format(time.DateOnly), Tool: "axe-core " + a.Version, Version: "2.2", Level: "AA", Rules: browsertest.Standards,
		Pages: pages, States: states, Languages: tried(), Schemes: []string{"light", "dark"}, Widths: []int{int(smallest), 390, 1280},
		TextSizes: []int{100, largest}, ByPeople: []string{"screen readers and other aids", "forms of the providers", "mail programs"},
	}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}
