// Package archtest holds the map of the packages as a table (rules.go) and, as a test, compares the tree with it: who
// may import whom, and through which package each outside library comes in.
//
// When the test fails, either the import belongs elsewhere, which the failure's sentence says, or the house has got a
// new room: then add it to the table and to the map of packages in the documentation.
package archtest

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// ours is the start of every import path of this module.
const ours = "portal/"

// Rules say which packages exist and what each may import. Paths are relative to the module.
type Rules struct {
	MayImport      map[string][]string
	TestsMayImport []string            // in the tests of any package but the domains
	TestsJoin      map[string][]string // besides, in the tests of one package
	Doors          []Door
}

// Door names the only packages that may import a library, and those that may in tests.
type Door struct {
	Library string
	In      []string
	Tests   []string
}

// source is a file of Go reduced to what the rules are about.
type source struct {
	pkg     string // the folder
	name    string
	imports []string
}

func (s source) test() bool { return strings.HasSuffix(s.name, "_test.go") }

// Problems compares a tree with the rules and returns one sentence for each place where they differ.
func (r Rules) Problems(tree fs.FS) ([]string, error) {
	sources, err := goFiles(tree)
	if err != nil {
		return nil, err
	}
	found := map[string]bool{}
	for _, s := range sources {
		for _, problem := range r.judge(s) {
			found[problem] = true
		}
	}
	return slices.Sorted(maps.Keys(found)), nil
}

func (r Rules) judge(s source) []string {
	allowed, listed := r.allowed(s.pkg)
	if !listed {
		return []string{fmt.Sprintf("%s is a new package: list it in internal/archtest/rules.go, with what it may import", s.pkg)}
	}
	var problems []string
	for _, imported := range s.imports {
		var problem string
		if room, ok := strings.CutPrefix(imported, ours); ok {
			problem = r.judgeOurs(s, room, allowed)
		} else {
			problem = r.judgeLibrary(s, imported)
		}
		if problem != "" {
			problems = append(problems, problem)
		}
	}
	return problems
}

func (r Rules) judgeOurs(s source, imported string, allowed []string) string {
	switch {
	case matches(allowed, imported):
		return ""
	case s.test() && imported == s.pkg: // a test from outside the package it tests
		return ""
	case s.test() && !slices.Contains(domains, s.pkg) && matches(r.TestsMayImport, imported):
		return ""
	case s.test() && matches(r.TestsJoin[s.pkg], imported):
		return ""
	}
	return fmt.Sprintf("%s/%s imports %s, but %s may import of ours: %s", s.pkg, s.name, imported, s.pkg, orNothing(allowed))
}

func (r Rules) judgeLibrary(s source, imported string) string {
	for _, d := range r.Doors {
		if imported != d.Library && !strings.HasPrefix(imported, d.Library+"/") {
			continue
		}
		if !matches(d.In, s.pkg) && !(s.test() && matches(d.Tests, s.pkg)) {
			return fmt.Sprintf("%s/%s imports %s, which belongs in: %s", s.pkg, s.name, imported, d)
		}
	}
	return ""
}

func (d Door) String() string {
	if len(d.In) == 0 {
		return "tests"
	}
	return strings.Join(d.In, ", ")
}

// allowed is what a package may import, by its own entry or by the longest that covers it.
func (r Rules) allowed(pkg string) (imports []string, listed bool) {
	if imports, listed = r.MayImport[pkg]; listed {
		return imports, true
	}
	for above := pkg; above != "."; above = path.Dir(above) {
		if imports, listed = r.MayImport[above+"/..."]; listed {
			return imports, true
		}
	}
	return nil, false
}

// matches says whether a package is covered by the patterns and not taken out by one of them.
func matches(patterns []string, pkg string) bool {
	covered := false
	for _, pattern := range patterns {
		if out, ok := strings.CutPrefix(pattern, "!"); ok {
			if covers(out, pkg) {
				return false
			}
			continue
		}
		covered = covered || covers(pattern, pkg)
	}
	return covered
}

func covers(pattern, pkg string) bool {
	root, below := strings.CutSuffix(pattern, "...")
	if !below {
		return pattern == pkg
	}
	return strings.HasPrefix(pkg+"/", root)
}

func orNothing(list []string) string {
	if len(list) == 0 {
		return "nothing"
	}
	return strings.Join(list, ", ")
}

// goFiles reads the imports of every Go file of the tree.
func goFiles(tree fs.FS) ([]source, error) {
	var sources []source
	err := walk(tree, func(file string) error {
		if path.Ext(file) != ".go" {
			return nil
		}
		s, err := read(tree, file)
		sources = append(sources, s)
		return err
	})
	return sources, err
}

func read(tree fs.FS, file string) (source, error) {
	text, err := fs.ReadFile(tree, file)
	if err != nil {
		return source{}, err
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), file, text, parser.ImportsOnly)
	if err != nil {
		return source{}, err
	}
	s := source{pkg: path.Dir(file), name: path.Base(file)}
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return source{}, fmt.Errorf("%s: %w", file, err)
		}
		s.imports = append(s.imports, imported)
	}
	return s, nil
}

// vagueNames returns the files and folders whose name says nothing.
func vagueNames(tree fs.FS) ([]string, error) {
	found := map[string]bool{}
	err := walk(tree, func(file string) error {
		for at := file; at != "."; at = path.Dir(at) {
			stem, _, _ := strings.Cut(path.Base(at), ".")
			if slices.Contains(vague, strings.TrimSuffix(stem, "_test")) {
				found[at] = true
			}
		}
		return nil
	})
	return slices.Sorted(maps.Keys(found)), err
}

// walk visits the files that are ours: what is hidden, built or fetched is not.
func walk(tree fs.FS, visit func(file string) error) error {
	return fs.WalkDir(tree, ".", func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case !entry.IsDir():
			return visit(file)
		case file == "bin", file == "tmp", entry.Name() == "node_modules", file != "." && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		}
		return nil
	})
}
