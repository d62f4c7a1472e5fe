package main

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"portal/internal/doctest"
)

// standIn is a word of a document in the place of one that the reader knows.
var standIn = regexp.MustCompile(`^\[?[A-Z]{2,}[A-Z_]*\]?$|^…$`)

// What documents tell to type are commands, with flags that these have, and as many arguments as they take.
func TestDocumentsNameCommandsThatAreThere(t *testing.T) {
	t.Parallel()
	checked := 0
	for _, d := range doctest.All(t, "../..") {
		for _, words := range d.Commands("portal") {
			checked++
			if err := understood(words); err != nil {
				t.Errorf("%s: portal %s: %v", d.Path, strings.Join(words, " "), err)
			}
		}
	}
	if checked < 50 {
		t.Errorf("only %d commands are found", checked)
	}
}

// understood is an error where the portal would take what is typed for wrong use. Who only names a command need not say all that
// it wants.
func understood(words []string) error {
	root := newCommand(func(string) string { return "" })
	root.SetOut(io.Discard)
	cmd, rest, err := root.Find(words)
	if err != nil {
		return err
	}
	if err := cmd.ParseFlags(rest); err != nil && !strings.Contains(err.Error(), "help requested") {
		return err
	}
	if args := cmd.Flags().Args(); len(args) > 0 && (cmd.HasSubCommands() || !standIn.MatchString(args[0])) {
		return cmd.ValidateArgs(args)
	}
	return nil
}

// Every command is in the README's table, with all of its commands.
func TestReadmeListsEveryCommand(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	table := string(text[strings.Index(string(text), "## Commands"):])
	rows := strings.Split(table[:strings.Index(table, "\n## ")], "\n")
	for _, cmd := range newCommand(func(string) string { return "" }).Commands() {
		if cmd.Name() == "help" || cmd.Name() == "completion" {
			continue
		}
		listed(t, rows, cmd)
	}
}

func listed(t *testing.T, rows []string, cmd *cobra.Command) {
	t.Helper()
	names := []string{cmd.Name()}
	for _, below := range cmd.Commands() {
		names = append(names, below.Name())
	}
	for _, name := range names[min(1, len(names)-1):] {
		if !slices.ContainsFunc(rows, func(row string) bool {
			return strings.Contains(row, "`portal "+cmd.Name()) && regexp.MustCompile("[` ]"+name+"[` ]").MatchString(row)
		}) {
			t.Errorf("the README does not list portal %s %s", cmd.Name(), name)
		}
	}
}

// What documents tell to type is run by a test, with each of its flags: words of a command stand beside each other in the source
// of one.
func TestEveryCommandOfDocumentsIsRunByATest(t *testing.T) {
	t.Parallel()
	source := testSources(t, ".", "../demo")
	for _, d := range doctest.All(t, "../..") {
		for _, words := range d.Commands("portal") {
			cmd, rest, err := newCommand(func(string) string { return "" }).Find(words)
			if err != nil || cmd.HasSubCommands() {
				continue // which another test says, or which names a family
			}
			path := strings.Fields(cmd.CommandPath())[1:]
			if !strings.Contains(source, `"`+strings.Join(path, `", "`)+`"`) {
				t.Errorf("%s: no test runs portal %s", d.Path, strings.Join(path, " "))
			}
			for _, word := range rest {
				if flag, _, _ := strings.Cut(word, "="); strings.HasPrefix(flag, "--") && flag != "--help" && !strings.Contains(source, `"`+flag) {
					t.Errorf("%s: no test runs portal %s with %s", d.Path, strings.Join(path, " "), flag)
				}
			}
		}
	}
}

// testSources is the text of all tests in folders.
func testSources(t *testing.T, folders ...string) string {
	t.Helper()
	var all strings.Builder
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(text)
		}
	}
	return all.String()
}
