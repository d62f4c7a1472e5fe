package main

import (
	"fmt"
	"maps"

	"portal/internal/brand"
	"portal/internal/config"
	"portal/internal/i18n"
	"portal/static"
	"portal/templates"
)

// server shows the pages as a portal with these settings would.
type server struct {
	brands    map[string]brand.Brand // by the flow that has one of its own; the portal's under the empty name
	assets    *static.Set
	languages *i18n.Languages
}

// newServer takes the look and the words from portal.toml. What is wrong with addresses and secrets is the portal's to say.
func newServer(getenv func(string) string) (*server, error) {
	c, err := config.Load(getenv)
	if c.Brand.Name == "" {
		return nil, fmt.Errorf("reading the settings: %w", err)
	}
	s := &server{brands: map[string]brand.Brand{"": c.Brand}}
	for _, f := range c.Flows {
		if f.Brand != nil {
			s.brands[f.Name] = c.BrandOf(f)
		}
	}
	assets := map[string][]byte{}
	for _, b := range s.brands {
		own, err := b.Assets(c.Dir)
		if err != nil {
			return nil, fmt.Errorf("portal.toml: %w", err)
		}
		maps.Copy(assets, own)
	}
	s.assets = static.New(assets)
	if s.languages, err = speak(c); err != nil {
		return nil, fmt.Errorf("portal.toml texts: %w", err)
	}
	return s, nil
}

// speak is every language, whichever of them the portal offers, with the company's words in them.
func speak(c config.Config) (*i18n.Languages, error) {
	words := map[string]map[string]string{}
	for lang, tables := range c.Texts {
		texts, err := i18n.Flatten(tables)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", lang, err)
		}
		words[lang] = texts
	}
	return i18n.New(nil, words)
}

// site is the portal as its pages see it. Each scheme has a base of its own, below which the stylesheets are for that scheme alone.
func (s *server) site(c choice) templates.Site {
	return templates.Site{Brand: s.brands[c.Brand], Base: "/" + c.Scheme, Assets: s.assets, Languages: s.languages}
}

// locale is the language of a name, that which nobody speaks among them.
func (s *server) locale(lang string) i18n.Locale {
	if lang == i18n.Pseudo.Lang() {
		return i18n.Pseudo
	}
	l, _ := s.languages.Named(lang)
	return l
}
