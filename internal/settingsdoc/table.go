package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
)

// fill is a text with the tables of a package's settings between the marks of each.
func fill(text, dir string) (string, error) {
	structs, err := structsIn(dir)
	if err != nil {
		return "", err
	}
	for _, t := range tables {
		begin, end := "<!-- settings: "+t.name+" -->\n", "<!-- end -->\n"
		before, rest, marked := strings.Cut(text, begin)
		_, after, ended := strings.Cut(rest, end)
		if !marked || !ended || structs[t.name] == nil {
			return "", fmt.Errorf("%s: the struct, or the place of its table, is not there", t.name)
		}
		rows, err := table(structs[t.name], t.key)
		if err != nil {
			return "", fmt.Errorf("%s: %w", t.name, err)
		}
		text = before + begin + "| " + t.heading + " | default | |\n|---|---|---|\n" + rows + end + after
	}
	return text, nil
}

// structsIn are the structs of a package, by name.
func structsIn(dir string) (map[string]*ast.StructType, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	structs := map[string]*ast.StructType{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				structs[spec.Name.Name], _ = spec.Type.(*ast.StructType)
			}
			return true
		})
	}
	return structs, nil
}

// table has a row for each field.
func table(of *ast.StructType, key string) (string, error) {
	var rows strings.Builder
	for _, field := range of.Fields.List {
		quoted, err := strconv.Unquote(field.Tag.Value)
		if err != nil {
			return "", err
		}
		tag := reflect.StructTag(quoted)
		says := strings.Join(strings.Fields(field.Doc.Text()), " ")
		if says == "" {
			return "", fmt.Errorf("%s has no comment", tag.Get(key))
		}
		if kind, ok := field.Type.(*ast.Ident); ok && kind.Name == "Secret" {
			says = "secret; " + says
		}
		fmt.Fprintf(&rows, "| `%s` | %s | %s |\n", tag.Get(key), standard(tag), strings.ReplaceAll(says, "|", `\|`))
	}
	return rows.String(), nil
}

// standard is what a setting is where it is not set; a dash for one that has to be, where it is needed at all.
func standard(tag reflect.StructTag) string {
	if value := cmp.Or(tag.Get("envDefault"), tag.Get("default")); value != "" {
		return "`" + value + "`"
	}
	return cmp.Or(tag.Get("unset"), "–")
}
