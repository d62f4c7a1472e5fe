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

// Flow is one way to register.
type Flow struct {
	Name          string            `toml:"name"`
	Title         string            `toml:"title"`
	Titles        map[string]string `toml:"titles"` // the title in other languages, by language
	Provider      string            `toml:"provider"`
	Role          string            `toml:"role"`
	FlowTemplate  string            `toml:"flow_template"`
	Theme         string            `toml:"theme"`
	Product       string            `toml:"product"`
	ProductAt     string            `toml:"product_at"`
	Associates    bool              `toml:"associates"`
	TaskVariants  string            `toml:"task_variants"`
	DirectorAge   int               `toml:"director_age"` // in years
	Repeatable    bool              `toml:"repeatable"`
	OnUnclear     string            `toml:"on_unclear"`
	Level         string            `toml:"level"`        // of Sumsub, as the two below
	Mode          string            `toml:"mode"`         // "api" or "websdk"
	ResultMails   string            `toml:"result_mails"` // "never", "changes" or "always"
	CompletionURL string            `toml:"completion_url"`
	Brand         *brand.Brand      `toml:"brand"`       // what this flow has of its own
	ReviewDays    int               `toml:"review_days"` // working days in which most results are there; 0 where nothing is promised
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
