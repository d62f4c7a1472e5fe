package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"portal/internal/brand"
)

// settingError says what is wrong with one setting.
type settingError struct {
	name string
	err  error
}

func (e *settingError) Error() string { return e.name + ": " + e.err.Error() }
func (e *settingError) Unwrap() error { return e.err }

func wrongly(name, format string, args ...any) error {
	return &settingError{name: name, err: fmt.Errorf(format, args...)}
}

// demoSecrets are those of `make demo`, which everybody knows.
var demoSecrets = []Secret{"sandbox-master-key", demoWebhookSecret}

// CookieKeySize is the length of a cookie key: 32 bytes to sign with and 32 to encrypt with.
const CookieKeySize = 64

// Dynamic says whether signed-in applicants are served, which takes a database, keys and sign-in.
func (f File) Dynamic() bool { return slices.Contains(f.Loaders, "dynamic") }

// Static says whether links of request e-mails are served.
func (f File) Static() bool { return slices.Contains(f.Loaders, "static") }

// check returns everything that is wrong, as one error of many lines.
func (c Config) check() error {
	wrong := []error{
		c.checkBaseURL(), c.checkKeys(), c.checkLoaders(), c.checkFlowNames(), c.checkStopDelay(),
		c.checkCollectionURL(), c.clear("PASSFORT_COLLECTION_URL", c.PassFortCollectionURL), c.checkBrands(), c.checkPassFort(),
	}
	if c.Dynamic() {
		wrong = append(wrong,
			c.CheckDatabase(), c.checkSecrets(), c.checkWebhooks(), c.checkNotices(), c.checkAPIKeys(), c.checkMail(), c.checkFlows(), c.checkOIDC(),
			c.checkSessions(), c.checkRetention(), c.checkOwnersKeys(), c.checkSumsub(), web("PASSFORT_API_URL", c.PassFortAPIURL), c.clear("PASSFORT_API_URL", c.PassFortAPIURL))
		if c.PassFortSettle <= 0 {
			wrong = append(wrong, wrongly("PASSFORT_SETTLE", "must be above zero"))
		}
		if c.PassFortProfilesPerHour <= 0 {
			wrong = append(wrong, wrongly("PASSFORT_PROFILES_PER_HOUR", "must be above zero"))
		}
		if c.PassFortUpdatesPerHour <= 0 {
			wrong = append(wrong, wrongly("PASSFORT_UPDATES_PER_HOUR", "must be above zero"))
		}
	}
	return errors.Join(wrong...)
}

// checkBrands checks the company's brand and those that flows have of their own.
func (c Config) checkBrands() error {
	var wrong []error
	if err := c.Brand.Check(); err != nil {
		wrong = append(wrong, wrongly("portal.toml [brand]", "%w", err))
	}
	for _, f := range c.Flows {
		if f.Brand == nil {
			continue
		}
		if err := c.BrandOf(f).Check(); err != nil {
			wrong = append(wrong, wrongly(fmt.Sprintf("portal.toml [flow.brand] (%s)", f.Name), "%w", err))
		}
	}
	return errors.Join(wrong...)
}

func (c Config) checkBaseURL() error {
	u := c.BaseURL
	if u == nil {
		return wrongly("PORTAL_BASE_URL", "required: the public URL of the page, such as https://www.example.com/onboarding")
	}
	if err := web("PORTAL_BASE_URL", u); err != nil {
		return err
	}
	if strings.HasSuffix(u.Path, "/") && u.Path != "/" {
		return wrongly("PORTAL_BASE_URL", "must not end in a slash")
	}
	return nil
}

func (c Config) checkCollectionURL() error {
	const name = "PASSFORT_COLLECTION_URL"
	if err := web(name, c.PassFortCollectionURL); err != nil {
		return err
	}
	if p := c.PassFortCollectionURL.Path; p != "" && p != "/" {
		return wrongly(name, "must be an origin, without a path")
	}
	return nil
}

// web wants an absolute address of a site.
func web(name string, u *url.URL) error {
	switch {
	case u == nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "":
		return wrongly(name, "must be an absolute http or https URL")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return wrongly(name, "must have no user, query or fragment")
	case name == "PORTAL_BASE_URL" && u.Scheme == "http" && !Loopback(u):
		return wrongly(name, "must be https, except on a loopback address")
	}
	return nil
}

// clear refuses clear text on the way to the provider. A portal on a loopback address is a demo's: it may reach its
// sandbox by another host's name, as in containers.
func (c Config) clear(name string, u *url.URL) error {
	demo := c.BaseURL != nil && Loopback(c.BaseURL)
	if u == nil || u.Scheme != "http" || Loopback(u) || demo {
		return nil
	}
	return wrongly(name, "must be https, except on a loopback address or in a demo")
}

// Loopback says whether the URL leads to the machine it is used on.
func Loopback(u *url.URL) bool { return brand.Loopback(u.Hostname()) }

func (c Config) checkKeys() error {
	if len(c.unknown) > 0 {
		return wrongly("portal.toml", "unknown keys: %s", strings.Join(c.unknown, ", "))
	}
	return nil
}

func (c Config) checkLoaders() error {
	for _, l := range c.Loaders {
		if l != "static" && l != "dynamic" {
			return wrongly("portal.toml loaders", "%q is neither \"static\" nor \"dynamic\"", l)
		}
	}
	if len(c.Loaders) == 0 {
		return wrongly("portal.toml loaders", "at least one of \"static\" and \"dynamic\"")
	}
	if len(c.LinkParams) != 2 || c.LinkParams[0] == "" || c.LinkParams[1] == "" || c.LinkParams[0] == c.LinkParams[1] {
		return wrongly("portal.toml link_params", "two different names, of the request id and of the key")
	}
	return nil
}

func (c Config) checkSecrets() error {
	var wrong []error
	for _, s := range []struct {
		name, hint string
		value      Secret
	}{
		{"PORTAL_COOKIE_KEYS", "make it with `portal keys new`", c.CookieKeys},
		{"PORTAL_SEAL_KEYSET", "make it with `portal keys new`", c.SealKeyset},
		{"PORTAL_SMTP_URL", "such as smtp://user:password@mail.example.com:587", c.SMTPURL},
		{"PASSFORT_API_KEY", "the account's master key", c.PassFortAPIKey},
	} {
		switch {
		case s.name == "PASSFORT_API_KEY" && !c.Uses("passfort"):
		case s.value == "":
			wrong = append(wrong, wrongly(s.name, "required (%s)", s.hint))
		case slices.Contains(demoSecrets, s.value) && c.BaseURL != nil && !Loopback(c.BaseURL):
			wrong = append(wrong, wrongly(s.name, "is the demo's, which everybody knows: set your own"))
		}
	}
	if _, err := c.CookieKeyBytes(); c.CookieKeys != "" && err != nil {
		wrong = append(wrong, err)
	}
	return errors.Join(wrong...)
}

// CookieKeyBytes decodes the cookie keys, the one that seals first.
func (e Environment) CookieKeyBytes() ([][]byte, error) {
	var keys [][]byte
	for _, text := range strings.Split(e.CookieKeys.Reveal(), ",") {
		key, err := base64.RawURLEncoding.DecodeString(strings.TrimSpace(text))
		if err != nil || len(key) != CookieKeySize {
			return nil, wrongly("PORTAL_COOKIE_KEYS", "each must be 64 bytes in unpadded URL-safe base64 (make one with `portal keys new`)")
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func (c Config) checkMail() error {
	if c.MailFrom == "" {
		return wrongly("portal.toml mail_from", "required when brand.support_email is not set")
	}
	if _, err := netmail.ParseAddress(c.MailFrom); err != nil {
		return wrongly("portal.toml mail_from", "not an e-mail address")
	}
	return nil
}

// flowName is what a flow may be called: it stands in addresses.
var flowName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

func (c Config) checkFlows() error {
	if len(c.Flows) == 0 {
		return wrongly("portal.toml [[flow]]", "at least one, as \"dynamic\" is among loaders")
	}
	var wrong []error
	for i, f := range c.Flows {
		wrong = append(wrong, f.check(f.where(i)))
	}
	return errors.Join(wrong...)
}

// checkFlowNames is for portals without sign-in, too: pages of request e-mails wear the brands of flows, whose files have the
// flow's name.
func (c Config) checkFlowNames() error {
	var wrong []error
	seen := map[string]bool{}
	for i, f := range c.Flows {
		if !flowName.MatchString(f.Name) {
			wrong = append(wrong, wrongly(f.where(i), "name: lower-case letters, digits and hyphens"))
		}
		if seen[f.Name] {
			wrong = append(wrong, wrongly(f.where(i), "the name is taken"))
		}
		seen[f.Name] = true
	}
	return errors.Join(wrong...)
}

func (f Flow) where(i int) string { return fmt.Sprintf("portal.toml [[flow]] %d (%s)", i+1, f.Name) }

func (f Flow) check(where string) error {
	var wrong []error
	require := func(ok bool, what string) {
		if !ok {
			wrong = append(wrong, wrongly(where, "%s", what))
		}
	}
	require(f.Title != "", "title: required")
	require(f.ReviewDays >= 0 && f.ReviewDays <= 90, "review_days: between 1 and 90 working days, or left out")
	require(f.Role == "INDIVIDUAL_CUSTOMER" || f.Role == "COMPANY_CUSTOMER", "role: INDIVIDUAL_CUSTOMER or COMPANY_CUSTOMER")
	switch f.Provider {
	case "passfort":
		f.checkPassFort(require)
	case "sumsub":
		f.checkSumsub(require)
	default:
		require(false, `provider: "passfort" or "sumsub"`)
	}
	u, err := url.Parse(f.CompletionURL)
	require(err == nil && (u.Scheme == "https" || u.Scheme == "http" && Loopback(u)) && u.Host != "",
		"completion_url: required: an absolute https URL (http on a loopback address only)")
	return errors.Join(wrong...)
}

// checkPassFort checks what only flows of PassFort have.
func (f Flow) checkPassFort(require func(ok bool, what string)) {
	require(f.FlowTemplate != "", "flow_template: required: the alias PassFort gave you")
	require(f.Theme != "", "theme: required: the alias PassFort gave you")
	require(f.ProductAt == "completion" || f.ProductAt == "start" && f.Product != "", `product_at: "completion", or "start" with a product`)
	require(!f.Associates || f.Role == "COMPANY_CUSTOMER", "associates: only companies have them")
	require(f.TaskVariants == "auto" || f.TaskVariants == "explicit" && f.Associates && f.Product != "",
		`task_variants: "auto", or "explicit" with associates and a product`)
	require(f.DirectorAge >= 14 && f.DirectorAge <= 30, "director_age: between 14 and 30 years")
	require(f.OnUnclear == "create" || f.OnUnclear == "hold", `on_unclear: "create" or "hold"`)
	require(f.Level == "" && f.Mode == "" && f.ResultMails == "", "level, mode, result_mails: only of flows with provider = \"sumsub\"")
}

// checkSumsub checks what only flows of Sumsub have.
func (f Flow) checkSumsub(require func(ok bool, what string)) {
	require(f.Level != "", "level: required: the name of the level in Sumsub's dashboard, in the same upper and lower case")
	require(f.Mode == "api" || f.Mode == "websdk", `mode: "api" (the portal's own pages) or "websdk" (Sumsub's forms)`)
	require(f.ResultMails == "never" || f.ResultMails == "changes" || f.ResultMails == "always", `result_mails: "never", "changes" or "always"`)
	require(f.FlowTemplate == "" && f.Theme == "" && f.Product == "" && f.ProductAt == "" && !f.Associates && f.TaskVariants == "" && f.DirectorAge == 0 && f.OnUnclear == "",
		"flow_template, theme, product, product_at, associates, task_variants, director_age, on_unclear: only of flows with provider = \"passfort\"")
}
