package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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

// agreed are the licences that ask for no more than to be handed on.
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
	folders, err := foldersOf(build.Deps, source)
	if err != nil {
		return nil, err
	}
	modules := []module{{path: standardLibrary, version: strings.TrimPrefix(build.GoVersion, "go")}}
	for _, dep := range build.Deps {
		modules = append(modules, module{path: dep.Path, version: dep.Version})
	}
	var errs []error
	for i := range modules {
		errs = append(errs, modules[i].read(folders[modules[i].path]))
	}
	slices.SortFunc(modules, func(a, b module) int { return strings.Compare(a.path, b.path) })
	return modules, errors.Join(errs...)
}

// foldersOf are the folders with the modules' sources, as the go command has fetched them.
func foldersOf(deps []*debug.Module, source string) (map[string]string, error) {
	args := []string{"list", "-m", "-json"}
	for _, dep := range deps {
		args = append(args, dep.Path)
	}
	listed, err := goCommand(source, args...)
	if err != nil {
		return nil, err
	}
	root, err := goCommand(source, "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	folders := map[string]string{standardLibrary: strings.TrimSpace(string(root))}
	for dec := json.NewDecoder(bytes.NewReader(listed)); ; {
		var m struct{ Path, Dir string }
		if err := dec.Decode(&m); errors.Is(err, io.EOF) {
			return folders, nil
		} else if err != nil {
			return nil, err
		}
		folders[m.Path] = m.Dir
	}
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

// read finds a module's licences in its folder.
func (m *module) read(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return fmt.Errorf("%s: %w", m.path, err)
	}
	for _, entry := range entries {
		if entry.IsDir() || !handedOn.MatchString(entry.Name()) {
			continue
		}
		content, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			return err
		}
		m.texts = append(m.texts, text{entry.Name(), string(content)})
		if licensing.MatchString(entry.Name()) {
			m.licences = append(m.licences, licencesIn(content)...)
		}
	}
	slices.Sort(m.licences)
	m.licences = slices.Compact(m.licences)
	if len(m.licences) == 0 {
		return fmt.Errorf("%s: no licence is found in %s", m.path, folder)
	}
	for _, l := range m.licences {
		if !slices.Contains(agreed, l) {
			return fmt.Errorf("%s has the licence %s, which nobody has agreed to", m.path, l)
		}
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
