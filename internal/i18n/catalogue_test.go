package i18n

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	placeholder  = regexp.MustCompile(`\{[a-z_]+\}`)
	pluralSuffix = regexp.MustCompile(`\.(zero|one|two|few|many|other)$`)
	literal      = regexp.MustCompile(`"([a-z_]+(?:\.[a-z0-9_]+)+)"`)
)

// placeholders maps each key, plural forms as one, to the placeholders of its message.
func placeholders(c *catalogue) map[string]string {
	sets := make(map[string]string)
	for key, message := range c.messages {
		names := placeholder.FindAllString(message, -1)
		slices.Sort(names)
		sets[pluralSuffix.ReplaceAllString(key, "")] = strings.Join(slices.Compact(names), " ")
	}
	return sets
}

func TestEveryCatalogueSaysTheSame(t *testing.T) {
	first := placeholders(catalogues[0])
	for _, c := range catalogues[1:] {
		others := placeholders(c)
		for key, want := range first {
			if got, ok := others[key]; !ok || got != want {
				t.Errorf("%s: %s has placeholders %q (there: %t), want %q", c.tag, key, got, ok, want)
			}
		}
		for key := range others {
			if _, ok := first[key]; !ok {
				t.Errorf("%s: %s is not in %s", c.tag, key, catalogues[0].tag)
			}
		}
	}
}

func TestNoMessageIsEmpty(t *testing.T) {
	for _, c := range catalogues {
		for key, message := range c.messages {
			if message == "" || strings.TrimSpace(message) != message {
				t.Errorf("%s: %s is %q", c.tag, key, message)
			}
		}
	}
}

func TestPluralMessagesHaveEveryFormOfTheirLanguage(t *testing.T) {
	for _, c := range catalogues {
		for key := range c.messages {
			base := pluralSuffix.ReplaceAllString(key, "")
			if base == key {
				continue
			}
			for count := range 120 {
				if _, ok := c.plural(base, []any{"count", count}); !ok {
					t.Errorf("%s: %s lacks the form for %d", c.tag, base, count)
					break
				}
			}
		}
	}
}

// speakers are the folders whose texts come from the catalogue. Elsewhere only error keys are named.
var speakers = []string{"templates", "web", "internal/mail"}

// keysUsed finds the message keys that the program's sources name, each with a file that does.
func keysUsed(t *testing.T) map[string]string {
	t.Helper()
	used := make(map[string]string)
	root := os.DirFS(filepath.Join("..", ".."))
	err := fs.WalkDir(root, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !isSource(file) {
			return err
		}
		text, err := fs.ReadFile(root, file)
		if err != nil {
			return err
		}
		speaks := slices.ContainsFunc(speakers, func(folder string) bool { return strings.HasPrefix(file, folder+"/") })
		for _, match := range literal.FindAllStringSubmatch(string(text), -1) {
			if isKey(match[1], speaks) {
				used[match[1]] = file
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return used
}

func isSource(file string) bool {
	if strings.HasSuffix(file, "_test.go") || strings.HasSuffix(file, "_templ.go") || strings.HasPrefix(file, "internal/sandbox/") {
		return false
	}
	return strings.HasSuffix(file, ".go") || strings.HasSuffix(file, ".templ")
}

// isKey reports whether a literal is a message key: one whose first part is a table of the catalogue.
func isKey(s string, speaks bool) bool {
	table, _, _ := strings.Cut(s, ".")
	if !speaks {
		return table == "error"
	}
	return slices.ContainsFunc(slices.Collect(maps.Keys(catalogues[0].messages)), func(key string) bool {
		return strings.HasPrefix(key, table+".")
	})
}

func TestEveryKeyUsedHasAMessage(t *testing.T) {
	known := placeholders(catalogues[0])
	for key, file := range keysUsed(t) {
		if _, ok := known[key]; !ok {
			t.Errorf("%s names %s, which has no message", file, key)
		}
	}
}

func TestEveryMessageIsUsed(t *testing.T) {
	used := keysUsed(t)
	for key := range placeholders(catalogues[0]) {
		if _, ok := used[key]; !ok {
			t.Errorf("%s is used nowhere: remove it from every catalogue", key)
		}
	}
}
