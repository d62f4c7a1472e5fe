// Package i18n speaks to the applicant in their language. Every text of the portal is a message with a key in catalogue/*.toml, one file per
// language; code says T(ctx, "sign_in.title") and never holds a sentence itself.
//
// A new language is a new file and its name in languages: the tests tell what it lacks. A company's [Languages] are those
// that it offers, with its own words in them.
package i18n

import (
	"context"
	"fmt"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Locale is a language that the portal speaks. The zero value is English.
type Locale struct{ c *catalogue }

type key struct{}

// With carries the locale to everything rendered in ctx.
func With(ctx context.Context, l Locale) context.Context {
	return context.WithValue(ctx, key{}, l)
}

// From is the locale that ctx carries.
func From(ctx context.Context) Locale {
	l, _ := ctx.Value(key{}).(Locale)
	return l
}

// Tag is the language for other libraries.
func (l Locale) Tag() language.Tag { return l.catalogue().tag }

// Lang is the language for HTML's lang attribute, such as "de".
func (l Locale) Lang() string { return l.catalogue().tag.String() }

// Dir is the direction of writing for HTML's dir attribute: "ltr" or "rtl".
func (l Locale) Dir() string {
	script, _ := l.catalogue().tag.Script()
	switch script.String() {
	case "Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm":
		return "rtl"
	}
	return "ltr"
}

// Name is what the language calls itself, such as "Deutsch".
func (l Locale) Name() string { return l.catalogue().messages()["language.name"] }

// english is for those who speak none of a portal's languages, and for programs.
var english = embeddedCatalogue(languages[0])

func (l Locale) catalogue() *catalogue {
	if l.c == nil {
		return english
	}
	return l.c
}

// T is the message of a key in the locale of ctx. Args are names and values in turn and fill the placeholders: T(ctx, "a.key", "name", v) puts v for
// {name}. A message with plural forms (key.one, key.other, …) is chosen by the argument named "count". A key without a message comes back as it is;
// tests see to it that there is none.
func T(ctx context.Context, key string, args ...any) string {
	c := From(ctx).catalogue()
	message, ok := c.messages()[key]
	if !ok {
		message, ok = c.plural(key, args)
	}
	if !ok {
		return key
	}
	return fill(ctx, message, args)
}

func fill(ctx context.Context, message string, args []any) string {
	if len(args) == 0 {
		return message
	}
	var b strings.Builder
	for {
		before, after, _ := strings.Cut(message, "{")
		b.WriteString(before)
		if len(before) == len(message) {
			return b.String()
		}
		name, rest, _ := strings.Cut(after, "}")
		if value, ok := argument(args, name); ok {
			b.WriteString(Apart(ctx, value))
			message = rest
			continue
		}
		b.WriteByte('{')
		message = after
	}
}

// argument is the value of that name.
func argument(args []any, name string) (string, bool) {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] != name {
			continue
		}
		if text, ok := args[i+1].(string); ok {
			return text, true
		}
		return fmt.Sprint(args[i+1]), true
	}
	return "", false
}

// forms are the suffixes of plural messages.
var forms = map[plural.Form]string{
	plural.Zero: ".zero", plural.One: ".one", plural.Two: ".two", plural.Few: ".few", plural.Many: ".many", plural.Other: ".other",
}

func (c *catalogue) plural(key string, args []any) (string, bool) {
	for i := 0; i+1 < len(args); i += 2 {
		count, ok := args[i+1].(int)
		if !ok || args[i] != "count" {
			continue
		}
		form := plural.Cardinal.MatchPlural(c.tag, count, 0, 0, 0, 0)
		message, ok := c.messages()[key+forms[form]]
		return message, ok
	}
	return "", false
}
