package config

import (
	"errors"
	"fmt"

	"github.com/BurntSushi/toml"

	"portal/internal/brand"
)

// File is portal.toml. Unknown keys are errors, so that a misspelt one is not silently without effect.
type File struct {
	// Loaders are the ways the page opens forms: "static" for links in request e-mails, "dynamic" for signed-in
	// applicants. With "static" alone the portal needs no database, no keys and no sign-in.
	Loaders []string `toml:"loaders"`
	// LinkParams are the names of the request id and the key in the links of request e-mails.
	LinkParams []string `toml:"link_params"`
	// CSPAdditions are further sources for directives of the embedding page's content security policy.
	CSPAdditions map[string][]string `toml:"csp_additions"`
	// CustomerRefPrefix is put before the registration's id in the provider's customer_ref.
	CustomerRefPrefix string `toml:"customer_ref_prefix"`
	// MailFrom is the sender of the portal's e-mails; the brand's support address where it is empty.
	MailFrom string `toml:"mail_from"`
	// Languages are those that the portal speaks; all that it knows unless some are named. The first is for those who speak
	// none of them.
	Languages []string `toml:"languages"`
	// Texts are the company's own words in place of the portal's, by language and key, as in internal/i18n/catalogue.
	Texts map[string]map[string]any `toml:"texts"`
	Brand brand.Brand               `toml:"brand"`
	Flows []Flow                    `toml:"flow"`
	// OIDC are the OpenID providers at which applicants may sign in, beside the e-mailed code.
	OIDC []OIDC `toml:"oidc"`
	// PassFort is what the set-up sheet tells PassFort's staff.
	PassFort PassFort `toml:"passfort"`

	unknown []string // keys that mean nothing here
}

// Flow is one way to register. The README's table of a flow's keys is made of it, as that of settings of [Environment].
type Flow struct {
	// what it is called in addresses, and in what the portal keeps
	Name string `toml:"name"`
	// what it is called on pages
	Title string `toml:"title"`
	// the title in other languages, by language: `titles.de = "…"`
	Titles map[string]string `toml:"titles" unset:"the title"`
	// `passfort` or `sumsub`: [docs/sumsub.md](docs/sumsub.md)
	Provider string `toml:"provider" default:"passfort"`
	// `INDIVIDUAL_CUSTOMER` or `COMPANY_CUSTOMER`; the former is the default with Sumsub
	Role string `toml:"role"`
	// PassFort: the alias that it gave you
	FlowTemplate string `toml:"flow_template"`
	// PassFort: the alias that it gave you
	Theme string `toml:"theme"`
	// where applicants are sent when the form is done
	CompletionURL string `toml:"completion_url"`
	// within how many working days you mostly have a result, 1 to 90: the pages of who has finished say so, and without it
	// that nobody can name a day
	ReviewDays int `toml:"review_days" unset:"none"`
	// what this flow has of its own: a table as `[brand]`
	Brand *brand.Brand `toml:"brand" unset:"the portal's"`
	// PassFort: alias of the product of the company's or person's application, for the two keys that need it
	Product string `toml:"product" unset:"none"`
	// PassFort: with `start` the profile applies for `product` when it is created
	ProductAt string `toml:"product_at" default:"completion"`
	// PassFort, companies only: the applicant is asked for the people and companies behind the company
	Associates bool `toml:"associates" default:"false"`
	// who puts associates on the verification lists: PassFort's own configuration, or, with `explicit`, the portal, by the
	// tasks of `product`: [docs/operators.md](docs/operators.md#on-which-verification-lists-they-are)
	TaskVariants string `toml:"task_variants" default:"auto"`
	// years that a director must have, between 14 and 30
	DirectorAge int `toml:"director_age" default:"18"`
	// an applicant may register again under another case
	Repeatable bool `toml:"repeatable" default:"false"`
	// PassFort: with `hold` a person decides when a profile may or may not have been created; for associates, too
	OnUnclear string `toml:"on_unclear" default:"create"`
	// Sumsub: the level's name, as in its dashboard
	Level string `toml:"level"`
	// Sumsub: `api` for the portal's own pages, `websdk` for Sumsub's forms
	Mode string `toml:"mode" default:"api"`
	// Sumsub: of which decisions applicants are told by e-mail: `never`, `changes` or `always`
	ResultMails string `toml:"result_mails" default:"changes"`
}

// BrandOf is how the pages of a flow look.
func (f File) BrandOf(flow Flow) brand.Brand {
	if flow.Brand == nil {
		return f.Brand
	}
	return f.Brand.For(flow.Name, *flow.Brand)
}

// readFile decodes portal.toml and fills in the defaults.
func readFile(path string) (File, error) {
	f := File{
		Loaders:    []string{"static", "dynamic"},
		LinkParams: []string{"request_id", "apikey"},
	}
	known, err := toml.DecodeFile(path, &f)
	if err != nil {
		if bad, ok := errors.AsType[toml.ParseError](err); ok {
			return File{}, fmt.Errorf("%s: %s", path, bad.Error())
		}
		return File{}, err
	}
	for _, key := range known.Undecoded() {
		if key[0] != "texts" { // the library does not count what is in tables of any kind; package i18n knows the names
			f.unknown = append(f.unknown, key.String())
		}
	}
	for i := range f.Flows {
		f.Flows[i].setDefaults()
	}
	if f.MailFrom == "" {
		f.MailFrom = f.Brand.SupportEmail
	}
	return f, nil
}

// setDefaults fills in what the flow's provider has a default for: what means nothing to it stays empty, so that naming it is
// noticed.
func (f *Flow) setDefaults() {
	set := func(field *string, value string) {
		if *field == "" {
			*field = value
		}
	}
	set(&f.Provider, "passfort")
	switch f.Provider {
	case "passfort":
		set(&f.ProductAt, "completion")
		set(&f.OnUnclear, "create")
		set(&f.TaskVariants, "auto")
		if f.DirectorAge == 0 {
			f.DirectorAge = 18
		}
	case "sumsub":
		set(&f.Role, "INDIVIDUAL_CUSTOMER")
		set(&f.Mode, "api")
		set(&f.ResultMails, "changes")
	}
}
