// Package doctest reads the project's documents for tests that see to it that they tell the truth: what they link to is there, and
// what they tell to type exists.
package doctest

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Document is a Markdown file.
type Document struct {
	Path string // from the project's root
	Text string
}

// All are the project's documents. The root is the way to the project's folder.
func All(t testing.TB, root string) (all []Document) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == "tmp" || d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && path != root):
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(path) != ".md":
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		all = append(all, Document{filepath.ToSlash(name), string(text)})
		return err
	})
	if err != nil || len(all) < 5 {
		t.Fatalf("%d documents: %v", len(all), err)
	}
	return all
}

var (
	span     = regexp.MustCompile("`([^`\n]+)`")
	block    = regexp.MustCompile(`(?m)^ {4,}(.+)$`)
	variable = regexp.MustCompile(`^[A-Z_]+=`)
)

// Commands are what a document tells to type that begins with a program: in a line of its own or within a text. Each is split
// into words, as a shell does; settings before it and what a pipe or a comment follows are left out.
func (d Document) Commands(program string) (all [][]string) {
	var texts []string
	for _, pattern := range []*regexp.Regexp{span, block} {
		for _, found := range pattern.FindAllStringSubmatch(d.Text, -1) {
			texts = append(texts, found[1])
		}
	}
	for _, text := range texts {
		words := Words(text)
		for len(words) > 0 && variable.MatchString(words[0]) {
			words = words[1:]
		}
		if len(words) > 0 && words[0] == program {
			all = append(all, words[1:])
		}
	}
	return all
}

var (
	word   = regexp.MustCompile(`(?:'[^']*'|"[^"]*"|[^\s'"])+`)
	quotes = strings.NewReplacer(`'`, "", `"`, "")
)

// Words splits a line as a shell does, up to a comment, a pipe or a redirection.
func Words(line string) (words []string) {
	for _, w := range word.FindAllString(line, -1) {
		if strings.HasPrefix(w, "#") || w == "|" || w == "||" || w == "&&" || w == ";" || strings.ContainsAny(w[:1], "<>") {
			break
		}
		words = append(words, quotes.Replace(w))
	}
	return words
}
