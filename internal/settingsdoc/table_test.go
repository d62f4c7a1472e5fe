package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheReadmeSaysWhatTheSettingsAre(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("../..", readme))
	if err != nil {
		t.Fatal(err)
	}
	made, err := fill(string(text), filepath.Join("../..", settings))
	if err != nil {
		t.Fatal(err)
	}
	if made != string(text) {
		t.Error("run `make generate`: the README's tables differ from internal/config")
	}
}

func TestARowIsMadeOfAField(t *testing.T) {
	t.Parallel()
	const source = `package config

type Environment struct {
	// what it
	// is: a|b
	One string ` + "`env:\"ONE\" envDefault:\"1\"`" + `
	// of two
	Two Secret ` + "`env:\"TWO\"`" + `
	// of three
	Three string ` + "`env:\"THREE\" unset:\"none\"`" + `
}

type Flow struct {
	// of a flow
	Four int ` + "`toml:\"four\" default:\"4\"`" + `
}
`
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "config.go"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	const before = "a\n<!-- settings: Environment -->\nold\n<!-- end -->\nb\n<!-- settings: Flow -->\n<!-- end -->\nc\n"
	const want = "a\n<!-- settings: Environment -->\n| name | default | |\n|---|---|---|\n" +
		"| `ONE` | `1` | what it is: a\\|b |\n| `TWO` | – | secret; of two |\n| `THREE` | none | of three |\n<!-- end -->\nb\n" +
		"<!-- settings: Flow -->\n| key of a `[[flow]]` | default | |\n|---|---|---|\n| `four` | `4` | of a flow |\n<!-- end -->\nc\n"
	if got, err := fill(before, dir); err != nil || got != want {
		t.Errorf("%v, %s", err, got)
	}
	if _, err := fill(strings.ReplaceAll(before, "Flow", "Brand"), dir); err == nil {
		t.Error("a table without a place is left out")
	}
	bare := strings.Replace(source, "// of a flow\n", "", 1)
	if err := os.WriteFile(filepath.Join(dir, "config.go"), []byte(bare), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := fill(before, dir); err == nil || !strings.Contains(err.Error(), "four has no comment") {
		t.Errorf("a setting that nothing is said of: %v", err)
	}
}
