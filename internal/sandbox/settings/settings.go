// Package settings reads and writes the fields of a struct as text, by their names in JSON. Forms in the browser and
// flags of a command are both made of what it lists, so that a new field appears in both by itself.
//
// The tag json names a field, the tag usage explains it to people. Fields without a name of their own in JSON, and
// those that are not exported, are nobody's setting.
package settings

import (
	"fmt"
	"reflect"
	"strings"
)

// Kind is how a field is written.
type Kind string

// The kinds of fields. The empty text is the zero value of each.
const (
	Text     Kind = "text"
	Number   Kind = "number"   // a whole one
	Fraction Kind = "fraction" // a number that need not be whole
	Switch   Kind = "switch"   // true or false
	List     Kind = "list"     // comma-separated texts
	JSON     Kind = "json"     // everything else, maps above all
)

// Field is one setting as people see it.
type Field struct {
	Name  string // in JSON
	Usage string // a sentence or less
	Kind  Kind
	Value string // as Set would take it
}

// Fields lists the settings of a struct, or of what a pointer points to, in the order in which they are declared; those
// of an embedded struct stand where it is embedded. It panics if v is no struct.
func Fields(v any) []Field {
	list := []Field{}
	for field, value := range settingsOf(reflect.Indirect(reflect.ValueOf(v))) {
		list = append(list, Field{
			Name: name(field), Usage: field.Tag.Get("usage"), Kind: kindOf(field.Type), Value: write(value),
		})
	}
	return list
}

// Set gives the setting with this name the value that a text stands for. v points to the struct. What cannot be read
// changes nothing.
func Set(v any, setting, text string) error {
	for field, value := range settingsOf(reflect.ValueOf(v).Elem()) {
		if name(field) != setting {
			continue
		}
		read, err := read(field.Type, text)
		if err != nil {
			return fmt.Errorf("%s is %q, but must be %w", setting, text, err)
		}
		value.Set(read)
		return nil
	}
	return fmt.Errorf("%s is no setting", setting)
}

// settingsOf visits the settings of a struct.
func settingsOf(v reflect.Value) func(yield func(reflect.StructField, reflect.Value) bool) {
	return func(yield func(reflect.StructField, reflect.Value) bool) {
		visit(v, yield)
	}
}

func visit(v reflect.Value, yield func(reflect.StructField, reflect.Value) bool) bool {
	for field, value := range v.Fields() {
		switch {
		case field.Anonymous && field.Type.Kind() == reflect.Struct && field.Tag.Get("json") == "":
			if !visit(value, yield) {
				return false
			}
		case field.IsExported() && name(field) != "":
			if !yield(field, value) {
				return false
			}
		}
	}
	return true
}

// name is what a field is called in JSON; empty for one that does not occur there by a name of its own.
func name(field reflect.StructField) string {
	n, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	if n == "-" {
		return ""
	}
	return n
}
