package main

import (
	"maps"
	"net/url"
	"slices"

	"portal/internal/i18n"
	"portal/templates/gallery"
)

// choice is what somebody looks at. It stands in the address, so that it can be kept and sent on.
type choice struct {
	Family, Lang, Scheme, Width, Brand string
}

// option is something to choose: its value in the address, and what it is called.
type option struct {
	Value, Text string
	Chosen      bool
}

// control is one thing that can be chosen.
type control struct {
	Name, Label string
	Options     []option
}

// The schemes, and the widths in CSS pixels. A page that is 320 wide looks as on a desktop of 1280 at 400 per cent.
var (
	schemes = []option{{Value: "light", Text: "Light"}, {Value: "dark", Text: "Dark"}}
	widths  = []option{{Value: "390", Text: "Phone"}, {Value: "320", Text: "Small phone, 400 %"}, {Value: "1280", Text: "Desktop"}}
)

// choose reads the choice of an address. Where it says nothing that can be chosen, the first option is.
func (s *server) choose(q url.Values) (choice, []control) {
	controls := []control{
		{Name: "family", Label: "Pages", Options: families()},
		{Name: "lang", Label: "Language", Options: s.langs()},
		{Name: "scheme", Label: "Colours", Options: slices.Clone(schemes)},
		{Name: "width", Label: "Screen", Options: slices.Clone(widths)},
		{Name: "brand", Label: "Brand", Options: s.looks()},
	}
	chosen := map[string]string{}
	for _, c := range controls {
		i := max(0, slices.IndexFunc(c.Options, func(o option) bool { return o.Value == q.Get(c.Name) }))
		c.Options[i].Chosen = true
		chosen[c.Name] = c.Options[i].Value
	}
	return choice{chosen["family"], chosen["lang"], chosen["scheme"], chosen["width"], chosen["brand"]}, controls
}

// query is the choice as a part of an address, with another value for one of its parts.
func (c choice) query(part, value string) string {
	q := url.Values{"family": {c.Family}, "lang": {c.Lang}, "scheme": {c.Scheme}, "width": {c.Width}, "brand": {c.Brand}}
	q.Set(part, value)
	return "?" + q.Encode()
}

// everyFamily shows all pages on one.
const everyFamily = "all"

func families() []option {
	var list []option
	for _, p := range gallery.Pages() {
		if len(list) == 0 || list[len(list)-1].Value != p.Family {
			list = append(list, option{Value: p.Family, Text: p.Family})
		}
	}
	return append(list, option{Value: everyFamily, Text: "All pages"})
}

func (s *server) langs() []option {
	var list []option
	for _, l := range append(s.languages.Locales(), i18n.Pseudo) {
		list = append(list, option{Value: l.Lang(), Text: l.Name()})
	}
	return list
}

func (s *server) looks() []option {
	list := []option{{Value: "", Text: "The portal's"}}
	for _, flow := range slices.Sorted(maps.Keys(s.brands)) {
		if flow != "" {
			list = append(list, option{Value: flow, Text: "Of " + flow})
		}
	}
	return list
}
