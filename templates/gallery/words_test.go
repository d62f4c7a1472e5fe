package gallery

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"portal/internal/htmltest"
	"portal/internal/i18n"
)

var unfilled = regexp.MustCompile(`\{[a-z_]+\}`)

// tables are those of the catalogues: a word of theirs, a dot and another word is a key that has no message.
var tables = []string{
	"layout", "language", "landing", "sign_in", "sign_in_link", "dead_link", "onward", "wait", "choose", "state", "form", "link", "waiting",
	"checking", "outcome", "verification", "sdk", "sent", "session", "sessions", "ago", "signed_out", "problem", "associates",
	"associates_link", "documents", "nationality", "month", "review", "accessibility", "error",
}

// rawKey finds a key in a page. It is quicker than a regular expression, which would take most of the time of all tests here.
func rawKey(page string) string {
	const inKeys = "abcdefghijklmnopqrstuvwxyz0123456789_"
	for at := 0; ; at++ {
		next := strings.IndexByte(page[at:], '.')
		if next < 0 {
			return ""
		}
		at += next
		from := max(0, at-len("associates_link"))
		word := page[from+len(strings.TrimRight(page[from:at], inKeys)) : at]
		if slices.Contains(tables, word) && at+1 < len(page) && strings.IndexByte(inKeys, page[at+1]) >= 0 {
			return page[at-len(word) : min(len(page), at+20)]
		}
	}
}

func TestPagesSayEverythingInWords(t *testing.T) {
	each(t, all, func(s shown, flaw func(string, ...any)) {
		if found := unfilled.FindString(s.only("body").Text()); found != "" {
			flaw("%s is not filled in", found)
		}
		if found := rawKey(s.html); found != "" {
			flaw("%s has no message", found)
		}
	})
}

// samples are what is nobody's to translate: the samples, the company's own words, and what each language calls itself.
func samples() []string {
	list := slices.Concat(spoken, strings.Split(acme.Address, "\n"), []string{acme.Name, acme.SupportEmail, individual["en"], business["en"], identity["en"]})
	for _, l := range append(i18n.BuiltIn.Locales(), i18n.Pseudo) {
		list = append(list, l.Name())
	}
	slices.SortFunc(list, func(a, b string) int { return len(b) - len(a) }) // a name may hold a shorter one
	return list
}

// reader goes through texts in the order of reading and finds what was not translated, or cut off: a message in the language that nobody speaks is
// without the letters of English, and stands between ⟦ and ⟧.
type reader struct {
	data []string
	deep int // how many messages are open
	at   *htmltest.Element
}

// inline are the elements that a message may go on through.
var inline = []string{"bdi", "span", "a", "time", "strong", "b", "i"}

func block(e *htmltest.Element) *htmltest.Element {
	for e != nil && slices.Contains(inline, e.Name) {
		e = e.Parent
	}
	return e
}

// strange is what a text says outside of messages, or in English.
func (r *reader) strange(text string) string {
	for _, sample := range r.data {
		text = strings.ReplaceAll(text, sample, "")
	}
	return strings.Map(func(c rune) rune {
		switch {
		case c == '⟦':
			r.deep++
		case c == '⟧':
			r.deep--
		case unicode.IsLetter(c) && (r.deep == 0 || c < unicode.MaxASCII):
			return c
		}
		return -1
	}, text)
}

// moved says whether a message was left open in the block before.
func (r *reader) moved(to *htmltest.Element) bool {
	open := r.deep != 0 && block(to) != r.at
	r.at = block(to)
	if open {
		r.deep = 0
	}
	return open
}

func TestEverythingIsTranslated(t *testing.T) {
	list := samples()
	each(t, inPseudo, func(s shown, flaw func(string, ...any)) {
		r := reader{data: list}
		for _, text := range s.Texts {
			if text.Of.Within("script") || text.Of.Within("style") {
				continue
			}
			if r.moved(text.Of) {
				flaw("a message is cut off before %q", text.Said)
			}
			if strange := r.strange(text.Said); strange != "" {
				flaw("%q of %q is not translated", strange, text.Said)
			}
		}
	})
}

// heard are attributes that people hear or see.
var heard = []string{"title", "alt", "aria-label", "placeholder", "label"}

// isText says whether an attribute is a text: those for scripts begin like a sentence.
func isText(name, value string) bool {
	if strings.HasPrefix(name, "data-") {
		return strings.IndexFunc(value, func(c rune) bool { return unicode.IsUpper(c) || c == '⟦' }) == 0
	}
	return slices.Contains(heard, name)
}

func TestAttributesAreTranslated(t *testing.T) {
	list := samples()
	each(t, inPseudo, func(s shown, flaw func(string, ...any)) {
		for _, e := range s.Elements {
			for name, value := range e.Attrs {
				r := reader{data: list}
				if isText(name, value) && (r.strange(unfilled.ReplaceAllString(value, "")) != "" || r.deep != 0) { // scripts fill in some
					flaw("<%s %s> is %q", e.Name, name, value)
				}
			}
		}
	})
}

func TestRawKeysAreFound(t *testing.T) {
	t.Parallel()
	for page, want := range map[string]string{
		"<p>state.open</p>": "state.open</p>", "We wait. Then go": "", "see app.css": "", "a sentence in the form. Next": "", "x-form.help": "form.help",
	} {
		if got := rawKey(page); got != want {
			t.Errorf("%q: %q", page, got)
		}
	}
}
