package doctest_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"portal/internal/doctest"
)

const root = "../.."

var (
	code    = regexp.MustCompile("(?s)`[^`]*`|\n {4,}[^\n]*")
	link    = regexp.MustCompile(`\[[^\]]*\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#{1,6} +(.+)$`)
)

// anchor is how a heading is linked to on the sites that show these documents.
func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			return unicode.ToLower(r)
		}
		return -1
	}, strings.TrimSpace(heading))
}

func anchors(t *testing.T, path string) (all []string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range heading.FindAllStringSubmatch(string(text), -1) {
		all = append(all, anchor(found[1]))
	}
	return all
}

func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	links := 0
	for _, d := range doctest.All(t, root) {
		for _, found := range link.FindAllStringSubmatch(code.ReplaceAllString(d.Text, ""), -1) {
			links++
			if strings.HasPrefix(found[1], "https://") {
				continue
			}
			file, part, _ := strings.Cut(found[1], "#")
			path := filepath.Join(root, d.Path)
			if file != "" {
				path = filepath.Join(root, filepath.Dir(d.Path), file)
			}
			if _, err := os.Stat(path); err != nil {
				t.Errorf("%s: %s: %v", d.Path, found[1], err)
				continue
			}
			if part != "" && !slices.Contains(anchors(t, path), part) {
				t.Errorf("%s: %s: no such heading", d.Path, found[1])
			}
		}
	}
	if links < 50 {
		t.Errorf("only %d links are found", links)
	}
}

var (
	target = regexp.MustCompile(`(?m)^([a-z0-9-]+):`)
	asked  = regexp.MustCompile(`(?m)^([A-Z_]+) *\??=`)
)

func TestTargetsOfMakeAreThere(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	names := func(pattern *regexp.Regexp) (all []string) {
		for _, found := range pattern.FindAllStringSubmatch(string(text), -1) {
			all = append(all, found[1])
		}
		return all
	}
	targets, variables := names(target), append(names(asked), "SEED", "OUTSIDE_SEED", "PROFILES", "ONLY", "FUZZTIME")
	for _, d := range doctest.All(t, root) {
		for _, words := range d.Commands("make") {
			for _, w := range words {
				if name, _, ok := strings.Cut(w, "="); ok && !slices.Contains(variables, name) || !ok && !slices.Contains(targets, w) {
					t.Errorf("%s: make %s: there is no %s", d.Path, strings.Join(words, " "), name)
				}
			}
		}
	}
}

// Of `go test`, the patterns must match something in the packages.
func TestTestsThatDocumentsNameAreThere(t *testing.T) {
	t.Parallel()
	for _, d := range doctest.All(t, root) {
		for _, words := range d.Commands("go") {
			if len(words) == 0 || words[0] != "test" {
				continue
			}
			packages, patterns := sorted(words[1:])
			for _, p := range packages {
				for kind, pattern := range patterns {
					if !defined(t, filepath.Join(root, strings.TrimSuffix(p, "/...")), kind, pattern) {
						t.Errorf("%s: go %s: no %s matches %s in %s", d.Path, strings.Join(words, " "), kind, pattern, p)
					}
				}
			}
		}
	}
}

// sorted are the packages of a `go test`, and the patterns by what they pick.
func sorted(words []string) (packages []string, patterns map[string]string) {
	patterns = map[string]string{}
	for i := 0; i < len(words); i++ {
		flag, value, ok := strings.Cut(words[i], "=")
		switch kind := map[string]string{"-run": "Test", "-bench": "Benchmark"}[flag]; {
		case kind != "":
			if !ok && i+1 < len(words) {
				i++
				value = words[i]
			}
			if value != "^$" && value != "." {
				patterns[kind] = value
			}
		case strings.HasPrefix(words[i], "./"):
			packages = append(packages, words[i])
		}
	}
	return packages, patterns
}

func defined(t *testing.T, folder, kind, pattern string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: no tests: %v", folder, err)
	}
	top, _, _ := strings.Cut(pattern, "/")
	function := regexp.MustCompile(`(?m)^func (` + kind + `\w*)\(`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range function.FindAllStringSubmatch(string(text), -1) {
			if regexp.MustCompile(top).MatchString(found[1]) {
				return true
			}
		}
	}
	return false
}

func TestCommandsAreFoundInTextsAndInLines(t *testing.T) {
	t.Parallel()
	d := doctest.Document{Text: "Run `portal keys new --dir x` or\n\n    A=b portal migrate up   # once\n    portal email log 'a b' || exit 75\n\nnot `portalx`."}
	want := [][]string{{"keys", "new", "--dir", "x"}, {"migrate", "up"}, {"email", "log", "a b"}}
	if diff := cmp.Diff(want, d.Commands("portal")); diff != "" {
		t.Error(diff)
	}
}
