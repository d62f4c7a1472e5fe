package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"portal/internal/browsertest"
)

// photographed are the main pages, in the order in which people come to them.
var photographed = []string{
	"landing", "sign-in", "code", "choose", "waiting", "documents", "document", "associates, drafts", "outcome, completed", "problem, 503",
}

// shot is a look of the pictures.
type shot struct {
	name          string
	choice        choice
	width, height int64
}

var shots = []shot{
	{"light", choice{Lang: "en", Scheme: "light"}, 1280, 900},
	{"dark", choice{Lang: "en", Scheme: "dark"}, 1280, 900},
	{"right-to-left", choice{Lang: "ar", Scheme: "light"}, 1280, 900},
	{"phone", choice{Lang: "en", Scheme: "light"}, 390, 844},
}

// quality is that of the pictures, in per cent: letters stay sharp, and all of them together small.
const quality = 80

// TestScreenshots takes the pictures of the docs into the folder that SCREENSHOTS names. `make screenshots` runs it.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		t.Skip("SCREENSHOTS names no folder for them")
	}
	w, p := newWorld(t), browsertest.New(t).Page(t)
	p.Prefer("prefers-reduced-motion", "reduce")
	for _, s := range shots {
		p.Resize(s.width, s.height)
		for _, name := range photographed {
			p.Open(w.at(name, s.choice))
			p.Photograph(filepath.Join(dir, file(name, s.name)), quality)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "README.md"), []byte(contents()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// file is the name of a picture.
func file(page, shot string) string {
	return strings.NewReplacer(", ", "-", "_", "-", " ", "-").Replace(page) + "-" + shot + ".webp"
}

// contents is a table of the pictures.
func contents() string {
	var b strings.Builder
	b.WriteString("# The main pages\n\nWritten by `make screenshots` from the gallery, with the demo's brand and sample data: do not edit.\n\n| page |")
	for _, s := range shots {
		b.WriteString(" " + s.name + " |")
	}
	b.WriteString("\n" + strings.Repeat("|---", len(shots)+1) + "|\n")
	for _, name := range photographed {
		b.WriteString("| " + name + " |")
		for _, s := range shots {
			fmt.Fprintf(&b, " <img src=%q alt=%q width=%q> |", file(name, s.name), name+", "+s.name, map[bool]string{true: "140", false: "320"}[s.width < 500])
		}
		b.WriteString("\n")
	}
	return b.String()
}
