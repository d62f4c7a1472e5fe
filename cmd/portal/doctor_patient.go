package main

import (
	"context"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/config"
	"portal/internal/doctor"
)

// patient is the portal as its settings describe it, as far as they do.
type patient struct {
	dials
	environ []string
	c       config.Config
	m       materials
	wrong   []string // with the settings, a line each
	pool    *pgxpool.Pool
	noPool  error // why there is none, if there should be
}

// newPatient makes do with settings that are wrong.
func newPatient(getenv func(string) string, environ []string, d dials) *patient {
	p := &patient{dials: d, environ: environ}
	var err error
	p.c, p.m, err = settings(getenv)
	if err != nil {
		p.wrong = strings.Split(err.Error(), "\n")
	}
	if p.c.Dir == nil { // portal.toml cannot be read: what the environment says can be looked at all the same
		p.c.Environment, _ = config.Environ(getenv)
		p.c.Loaders, p.c.Dir = []string{"dynamic"}, os.DirFS(".")
		p.m, _ = newMaterials(p.c)
	}
	if p.c.Dynamic() && p.c.DatabaseURL != "" {
		p.pool, p.noPool = openPool(context.Background(), p.c.Environment)
	}
	return p
}

func (p *patient) close() {
	if p.pool != nil {
		p.pool.Close()
	}
}

// all is every check there is.
func (p *patient) all() []doctor.Check {
	return []doctor.Check{
		{Name: "settings", Look: p.settings},
		{Name: "keys", Look: p.keys},
		{Name: "database", Look: p.database},
		{Name: "sealed", Look: p.sealed},
		{Name: "clock", Look: p.clock},
		{Name: "public-url", Look: p.site},
		{Name: "proxies", Look: p.proxies},
		{Name: "debug-listen", Look: p.private},
		{Name: "files", Look: p.files},
		{Name: "mail", Look: p.mail},
		{Name: "sender", Look: p.sender},
		{Name: "passfort", Look: p.passfort},
		{Name: "collection", Look: p.collection},
		{Name: "webhooks", Look: p.webhooks},
		{Name: "sumsub", Look: p.sumsub},
		{Name: "oidc", Look: p.oidc},
		{Name: "receivers", Look: p.receivers},
	}
}

// checks are those that are wanted.
func (p *patient) checks() []doctor.Check {
	return slices.DeleteFunc(p.all(), func(c doctor.Check) bool { return len(p.only) > 0 && !slices.Contains(p.only, c.Name) })
}

// one is a single finding.
func one(f doctor.Finding) []doctor.Finding { return []doctor.Finding{f} }

// unused is said of what the portal does without.
func unused(why string) []doctor.Finding { return one(doctor.OK("not used: %s", why)) }

// needs is what to say where a setting is missing without which nothing can be looked at.
func needs(setting string) []doctor.Finding {
	return one(doctor.Problem("set "+setting, "%s is not set, or wrong", setting))
}

// linksAlone is why most is not looked at where only links of request e-mails are served.
const linksAlone = `only links are served ("dynamic" is not among the loaders)`

// secrets are what must not be printed, whoever quotes it: all secrets, each of several, and passwords within addresses.
func (p *patient) secrets() []string {
	var all []string
	e := reflect.ValueOf(p.c.Environment)
	for i := range e.NumField() {
		if s, ok := e.Field(i).Interface().(config.Secret); ok {
			all = append(all, secretParts(s)...)
		}
	}
	for _, o := range p.c.OIDC {
		all = append(all, secretParts(o.ClientSecret)...)
	}
	return all
}

func secretParts(s config.Secret) []string {
	all := append(strings.Split(s.Reveal(), ","), s.Reveal())
	if u, err := url.Parse(s.Reveal()); err == nil && u.User != nil {
		password, _ := u.User.Password()
		all = append(all, password, url.QueryEscape(password), url.PathEscape(password))
	}
	return all
}
