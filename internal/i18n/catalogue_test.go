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

	"golang.org/x/text/language"
)

var (
	pluralSuffix = regexp.MustCompile(`\.(zero|one|two|few|many|other)$`)
	literal      = regexp.MustCompile(`"([a-z_]+(?:\.[a-z0-9_]+)+)"`)
)

// catalogues are the portal's own, the English one first.
func catalogues() []*catalogue {
	list := make([]*catalogue, 0, len(languages))
	for _, l := range BuiltIn.Locales() {
		list = append(list, l.c)
	}
	return list
}

// exact are the plural forms that stand for one number alone in that language, which may say it in words.
func exact(c *catalogue, form string) bool {
	return c.tag == language.Arabic && slices.Contains([]string{".zero", ".one", ".two"}, form)
}

// placeholders maps each key, plural forms as one, to the placeholders of its message.
func placeholders(c *catalogue) map[string]string {
	sets := make(map[string]string)
	for key, message := range c.messages() {
		if !exact(c, pluralSuffix.FindString(key)) {
			sets[pluralSuffix.ReplaceAllString(key, "")] = strings.Join(placeholdersOf(message), " ")
		}
	}
	return sets
}

func TestEveryCatalogueSaysTheSame(t *testing.T) {
	first := placeholders(english)
	for _, c := range catalogues() {
		others := placeholders(c)
		for key, want := range first {
			if got, ok := others[key]; !ok || got != want {
				t.Errorf("%s: %s has placeholders %q (there: %t), want %q", c.tag, key, got, ok, want)
			}
		}
		for key := range others {
			if _, ok := first[key]; !ok {
				t.Errorf("%s: %s is not in %s", c.tag, key, english.tag)
			}
		}
	}
}

// TestPluralFormsAgree: every form of a message has the same placeholders, apart from a number that it says in words.
func TestPluralFormsAgree(t *testing.T) {
	for _, c := range catalogues() {
		first := placeholders(c)
		for key, message := range c.messages() {
			form := pluralSuffix.FindString(key)
			got, want := strings.Join(placeholdersOf(message), " "), first[strings.TrimSuffix(key, form)]
			if exact(c, form) && !strings.Contains(got, "{count}") {
				want = strings.TrimSpace(strings.Replace(want, "{count}", "", 1))
			}
			if form != "" && got != want {
				t.Errorf("%s: %s has placeholders %q, want %q", c.tag, key, got, want)
			}
		}
	}
}

func TestNoMessageIsEmpty(t *testing.T) {
	for _, c := range catalogues() {
		for key, message := range c.messages() {
			if message == "" || strings.TrimSpace(message) != message {
				t.Errorf("%s: %s is %q", c.tag, key, message)
			}
		}
	}
}

func TestPluralMessagesHaveEveryFormOfTheirLanguage(t *testing.T) {
	for _, c := range catalogues() {
		for key := range c.messages() {
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
var speakers = []string{"templates", "web", "internal/mail", "internal/i18n"}

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

// isSource leaves the gallery out: it names messages as samples, and would keep alive those that nothing else uses.
func isSource(file string) bool {
	if strings.HasPrefix(file, "templates/gallery/") {
		return false
	}
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
	return slices.ContainsFunc(slices.Collect(maps.Keys(english.messages())), func(key string) bool {
		return strings.HasPrefix(key, table+".")
	})
}

func TestEveryKeyUsedHasAMessage(t *testing.T) {
	known := placeholders(english)
	for key, file := range keysUsed(t) {
		if _, ok := known[key]; !ok {
			t.Errorf("%s names %s, which has no message", file, key)
		}
	}
}

func TestEveryMessageIsUsed(t *testing.T) {
	used := keysUsed(t)
	for key := range placeholders(english) {
		if _, ok := used[key]; !ok {
			t.Errorf("%s is used nowhere: remove it from every catalogue", key)
		}
	}
}
