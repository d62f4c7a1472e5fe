package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

// module is a part of a program that somebody else wrote.
type module struct {
	path, version string
	licences      []string // SPDX identifiers
	texts         []text
}

// text is a file that wants to be handed on with the module.
type text struct{ file, content string }

// standardLibrary is what Go's own part of a program is called in lists of vulnerabilities.
const standardLibrary = "std"

// agreed are the licences that ask for no more than to be handed on, and MPL-2.0 that who has the program can find the module's
// source, too: the list of modules says where.
var agreed = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MPL-2.0", "Unlicense"}

// Names of files: of those with licences, and of those that licences want to be handed on.
var (
	licensing = regexp.MustCompile(`(?i)^(?:licen[cs]e|copying)(?:[.-].*)?$`)
	handedOn  = regexp.MustCompile(`(?i)^(?:licen[cs]e|copying|notice|patents)(?:[.-].*)?$`)
)

// covered is the least part of a licence's file, in percent, that must be of licences that are known.
const covered = 75

// modulesOf are the modules of a program and Go's standard library, with their licences, in the order of their paths.
func modulesOf(build *debug.BuildInfo, source string) ([]module, error) {
	from, err := sourcesOf(build.Path, source)
	if err != nil {
		return nil, err
	}
	modules := []module{{path: standardLibrary, version: strings.TrimPrefix(build.GoVersion, "go")}}
	for _, dep := range build.Deps {
		modules = append(modules, module{path: dep.Path, version: dep.Version})
	}
	var errs []error
	for i := range modules {
		errs = append(errs, modules[i].read(from[modules[i].path]))
	}
	slices.SortFunc(modules, func(a, b module) int { return strings.Compare(a.path, b.path) })
	return modules, errors.Join(errs...)
}

// sources are the folders of a module that a program is built from, and those above them: where licences may lie.
type sources struct {
	root    string
	folders []string // below root
}

// sourcesOf are those of a program's modules, as the go command has fetched them. A module may have parts with a licence of their
// own; of those that the program is not built from nothing is to be said.
func sourcesOf(program, source string) (map[string]*sources, error) {
	listed, err := goCommand(source, "list", "-deps", "-f", "{{with .Module}}{{.Path}}\t{{.Dir}}\t{{$.Dir}}{{end}}", program)
	if err != nil {
		return nil, err
	}
	root, err := goCommand(source, "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	all := map[string]*sources{standardLibrary: {strings.TrimSpace(string(root)), []string{"."}}}
	for line := range strings.Lines(string(listed)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(fields) != 3 { // of the standard library
			continue
		}
		if all[fields[0]] == nil {
			all[fields[0]] = &sources{fields[1], []string{"."}}
		}
		if err := all[fields[0]].add(fields[2]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// add adds a package's folder, and those above it.
func (s *sources) add(folder string) error {
	below, err := filepath.Rel(s.root, folder)
	if err != nil {
		return err
	}
	for ; !slices.Contains(s.folders, below); below = filepath.Dir(below) {
		s.folders = append(s.folders, below)
	}
	return nil
}

func goCommand(dir string, args ...string) ([]byte, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w", args[0], err)
	}
	return out, nil
}

// read finds a module's licences in its folders.
func (m *module) read(from *sources) error {
	if from == nil {
		return fmt.Errorf("%s: the go command does not know where it is", m.path)
	}
	slices.Sort(from.folders)
	for _, folder := range from.folders {
		if err := m.readFolder(from.root, folder); err != nil {
			return fmt.Errorf("%s: %w", m.path, err)
		}
	}
	slices.Sort(m.licences)
	m.licences = slices.Compact(m.licences)
	if len(m.licences) == 0 {
		return fmt.Errorf("%s: no licence is found in %s", m.path, from.root)
	}
	for _, l := range m.licences {
		if !slices.Contains(agreed, l) {
			return fmt.Errorf("%s has the licence %s, which nobody has agreed to", m.path, l)
		}
	}
	return nil
}

func (m *module) readFolder(root, folder string) error {
	entries, err := os.ReadDir(filepath.Join(root, folder))
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.IsDir() || filepath.Ext(entry.Name()) == ".go" || !handedOn.MatchString(entry.Name()) {
			continue
		}
		file := filepath.Join(folder, entry.Name())
		content, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			return err
		}
		m.texts = append(m.texts, text{file, string(content)})
		if !licensing.MatchString(entry.Name()) {
			continue
		}
		licences := licencesIn(content)
		if len(licences) == 0 {
			return fmt.Errorf("nobody knows what licence %s is", file)
		}
		m.licences = append(m.licences, licences...)
	}
	return nil
}

// licencesIn are the licences in a file that consists of them.
func licencesIn(content []byte) []string {
	found := licensecheck.Scan(content)
	if found.Percent < covered {
		return nil
	}
	var names []string
	for _, match := range found.Match {
		if !match.IsURL {
			names = append(names, match.ID)
		}
	}
	return names
}
