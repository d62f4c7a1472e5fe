package main

import (
	"errors"
	"fmt"
	"maps"
	"net/url"

	"portal/internal/brand"
	"portal/internal/config"
	"portal/internal/delivery"
	"portal/internal/i18n"
	"portal/internal/mail"
	"portal/internal/oidc"
	"portal/internal/seal"
	"portal/static"
	"portal/web/middleware"
)

// materials are what is made of a setting alone, without asking anybody.
type materials struct {
	assets    *static.Set
	brand     brand.Brand            // the portal's, its files measured, as are those below
	brands    map[string]brand.Brand // of the flows that have one of their own
	languages *i18n.Languages
	embedding middleware.Embedding
	keys      *seal.Keyset // nil where only links are served, as is the mailer
	notices   []delivery.Secret
	mailer    *mail.Sender
	oidc      []*oidc.Provider // in the order of portal.toml
}

// settings reads all settings and makes their materials, so that everything that is wrong with them is said at once.
func settings(getenv func(string) string) (config.Config, materials, error) {
	c, wrong := config.Load(getenv)
	m, more := newMaterials(c)
	return c, m, errors.Join(wrong, more)
}

// settingsFrom reads them now, and again whenever it is asked to. An environment does not change, but the files that it names do.
func settingsFrom(getenv func(string) string) func() (config.Config, materials, error) {
	return func() (config.Config, materials, error) { return settings(getenv) }
}

// newMaterials skips what is not set: whether it must be is said by package config.
func newMaterials(c config.Config) (m materials, _ error) {
	var wrong []error
	note := func(setting string, err error) {
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", setting, err))
		}
	}
	assets, brands, err := dress(c)
	note("portal.toml [brand]", err)
	m.assets, m.brand, m.brands = static.New(assets), c.Brand.Measured(c.Dir), brands
	m.languages, err = speak(c)
	note("portal.toml", err)
	if u := c.PassFortCollectionURL; u != nil {
		m.embedding, err = middleware.NewEmbedding(origin(u), c.CSPAdditions)
		note("portal.toml csp_additions, or PASSFORT_COLLECTION_URL", err)
	}
	if c.Dynamic() && c.SealKeyset != "" {
		m.keys, err = seal.Parse(c.SealKeyset.Reveal())
		note("PORTAL_SEAL_KEYSET", err)
	}
	if c.Dynamic() && c.SMTPURL != "" && c.BaseURL != nil {
		m.mailer, err = mail.New(mail.Options{URL: c.SMTPURL.Reveal(), From: c.MailFrom, Page: c.BaseURL.String(), Brand: c.Brand, Brands: m.brands, Languages: m.languages})
		note("PORTAL_SMTP_URL", err)
	}
	for i, o := range c.OIDC {
		if c.BaseURL == nil || o.Issuer == "" || o.ClientID == "" {
			continue
		}
		provider, err := newOIDC(c, o)
		note(fmt.Sprintf("portal.toml [[oidc]] %d", i+1), err)
		m.oidc = append(m.oidc, provider)
	}
	if c.Dynamic() && c.NoticesSecrets != "" {
		m.notices, err = delivery.ParseSecrets(c.NoticesSecrets.Reveal())
		note("PORTAL_NOTICES_SECRETS", err)
	}
	return m, errors.Join(wrong...)
}

// dress makes the assets of all brands, and lists those that flows have of their own.
func dress(c config.Config) (assets map[string][]byte, brands map[string]brand.Brand, _ error) {
	assets, err := c.Brand.Assets(c.Dir)
	if err != nil {
		return nil, nil, err
	}
	brands = map[string]brand.Brand{}
	for _, f := range c.Flows {
		if f.Brand == nil {
			continue
		}
		b := c.BrandOf(f)
		own, err := b.Assets(c.Dir)
		if err != nil {
			return nil, nil, fmt.Errorf("flow %s: %w", f.Name, err)
		}
		maps.Copy(assets, own)
		brands[f.Name] = b.Measured(c.Dir)
	}
	return assets, brands, nil
}

// speak is the languages that the portal speaks, with the company's words in them.
func speak(c config.Config) (*i18n.Languages, error) {
	words := map[string]map[string]string{}
	for lang, tables := range c.Texts {
		texts, err := i18n.Flatten(tables)
		if err != nil {
			return nil, fmt.Errorf("texts.%s: %w", lang, err)
		}
		words[lang] = texts
	}
	languages, err := i18n.New(c.Languages, words)
	if err != nil {
		return nil, fmt.Errorf("languages and texts: %w", err)
	}
	return languages, nil
}

// origin is the scheme and host of a URL.
func origin(u *url.URL) string { return u.Scheme + "://" + u.Host }
