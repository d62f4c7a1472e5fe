package i18n

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/text/language"
)

// Languages are those that one portal speaks, the company's own words among the messages. The first serves those who speak
// none of them.
type Languages struct {
	locales []Locale
	matcher language.Matcher
	known   *known
}

// BuiltIn is every language that the portal knows, in the portal's words.
var BuiltIn = of(embeddedCatalogues())

func embeddedCatalogues() []*catalogue {
	list := make([]*catalogue, len(languages))
	for i, name := range languages {
		list[i] = embeddedCatalogue(name)
	}
	return list
}

func of(list []*catalogue) *Languages {
	ls := &Languages{locales: make([]Locale, len(list)), known: &known{}}
	tags := make([]language.Tag, len(list))
	for i, c := range list {
		ls.locales[i], tags[i] = Locale{c}, c.tag
	}
	ls.matcher = language.NewMatcher(tags)
	return ls
}

// New is the languages of those names, all where none is named, with words in place of the portal's own, by language and
// key. Its error says everything that is wrong: names and keys that are not known, and words that lack a placeholder or
// have one too many.
func New(names []string, words map[string]map[string]string) (*Languages, error) {
	if len(names) == 0 {
		names = languages
	}
	var wrong []error
	var list []*catalogue
	for i, name := range names {
		switch {
		case !slices.Contains(languages, name):
			wrong = append(wrong, fmt.Errorf("%q is not one of %s", name, strings.Join(languages, ", ")))
			continue
		case slices.Contains(names[:i], name):
			wrong = append(wrong, fmt.Errorf("%q is there twice", name))
			continue
		}
		c := embeddedCatalogue(name)
		if own := words[name]; len(own) > 0 {
			wrong = append(wrong, c.check(own)...)
			c = c.with(own)
		}
		list = append(list, c)
	}
	for _, name := range slices.Sorted(maps.Keys(words)) {
		if !slices.Contains(names, name) {
			wrong = append(wrong, fmt.Errorf("texts.%s: the portal does not speak %q", name, name))
		}
	}
	if len(wrong) > 0 {
		return nil, errors.Join(wrong...)
	}
	return of(list), nil
}

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// placeholdersOf lists what is filled into a message, once each.
func placeholdersOf(message string) []string {
	found := placeholder.FindAllString(message, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// check says what is wrong with a company's words.
func (c *catalogue) check(words map[string]string) (wrong []error) {
	for _, key := range slices.Sorted(maps.Keys(words)) {
		text := words[key]
		ours, ok := c.messages()[key]
		switch {
		case !ok:
			wrong = append(wrong, fmt.Errorf("texts.%s: there is no text named %s", c.tag, key))
		case strings.TrimSpace(text) == "":
			wrong = append(wrong, fmt.Errorf("texts.%s: %s is empty", c.tag, key))
		case !slices.Equal(placeholdersOf(text), placeholdersOf(ours)):
			wrong = append(wrong, fmt.Errorf("texts.%s: %s %s", c.tag, key, filledIn(ours)))
		}
	}
	return wrong
}

// filledIn says what words in place of a message must have in them.
func filledIn(message string) string {
	if all := placeholdersOf(message); len(all) > 0 {
		return "must have in it what is filled in, and nothing else: " + strings.Join(all, " ")
	}
	return "must have no name in braces: nothing is filled in there"
}

// Flatten reads texts as they stand in TOML, in tables or under dotted keys: title in [sign_in] is sign_in.title.
func Flatten(tables map[string]any) (map[string]string, error) {
	messages := make(map[string]string)
	return messages, flatten(messages, "", tables)
}

// Locales lists the languages; the first serves those who speak none of them.
func (ls *Languages) Locales() []Locale { return slices.Clone(ls.locales) }

// Negotiate picks the language for an Accept-Language header or a language tag, however broken.
func (ls *Languages) Negotiate(acceptLanguage string) Locale {
	l, _ := ls.Match(acceptLanguage)
	return l
}

// Match is Negotiate that says whether the portal speaks any of what is asked for. Where it does not, the language is the
// first one, and nobody's wish.
func (ls *Languages) Match(acceptLanguage string) (Locale, bool) {
	if m, ok := ls.known.get(acceptLanguage); ok {
		return m.locale, m.sure
	}
	if len(acceptLanguage) > mostWanted {
		acceptLanguage = ""
	}
	wanted, _, _ := language.ParseAcceptLanguage(acceptLanguage)
	_, i, sure := ls.matcher.Match(wanted...)
	m := match{ls.locales[i], sure != language.No}
	ls.known.put(acceptLanguage, m)
	return m.locale, m.sure
}

// known is what came of headers that were asked for before: browsers send few different ones, and to take one apart costs as
// much as half of a finished page. It is emptied when it is full, so that strangers cannot fill it for good.
type known struct {
	answers sync.Map // of match, by header
	n       atomic.Int32
}

type match struct {
	locale Locale
	sure   bool
}

const (
	mostKnown = 1000
	longKnown = 100 // bytes; what is longer is no browser's
	// mostWanted is how many bytes are taken apart. The longest header that the portal reads would take 10 ms of a processor.
	mostWanted = 1000
)

func (k *known) get(header string) (match, bool) {
	m, ok := k.answers.Load(header)
	if !ok {
		return match{}, false
	}
	return m.(match), true
}

func (k *known) put(header string, m match) {
	if len(header) > longKnown {
		return
	}
	if k.n.Add(1) > mostKnown {
		k.n.Store(0)
		k.answers.Clear()
	}
	k.answers.Store(strings.Clone(header), m)
}

// Named is the language of that tag, as Lang gives it.
func (ls *Languages) Named(lang string) (Locale, bool) {
	i := slices.IndexFunc(ls.locales, func(l Locale) bool { return l.Lang() == lang })
	if i < 0 {
		return Locale{}, false
	}
	return ls.locales[i], true
}
