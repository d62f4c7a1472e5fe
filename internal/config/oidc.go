package config

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// OIDC is an OpenID provider of the company at which applicants may sign in.
type OIDC struct {
	Name     string            `toml:"name"` // in addresses: …/sign-in/oidc/{name}/callback is to be registered there
	Title    string            `toml:"title"`
	Titles   map[string]string `toml:"titles"` // the title in other languages, by language
	Issuer   string            `toml:"issuer"`
	ClientID string            `toml:"client_id"`
	// ClientSecretEnv names the setting that holds the client's secret; empty for a public client.
	ClientSecretEnv string     `toml:"client_secret_env"`
	Scopes          []string   `toml:"scopes"`
	Claims          OIDCClaims `toml:"claims"`
	Prompt          string     `toml:"prompt"`
	// MaxAge is how long ago people may have signed in there, such as "1h"; unset leaves it to the provider.
	MaxAge              *Duration `toml:"max_age"`
	LinkByVerifiedEmail bool      `toml:"link_by_verified_email"`

	ClientSecret Secret `toml:"-"`
}

// OIDCClaims are the names of the claims that say who somebody is; the standard's where they are empty.
type OIDCClaims struct {
	Subject       string `toml:"subject"`
	Email         string `toml:"email"`
	EmailVerified string `toml:"email_verified"`
	Name          string `toml:"name"`
	Locale        string `toml:"locale"`
}

// Duration is a time.Duration that is written as Go writes it.
type Duration time.Duration

// UnmarshalText reads what [time.ParseDuration] does.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	*d = Duration(parsed)
	return err
}

// readSecrets looks the clients' secrets up where portal.toml says.
func (f *File) readSecrets(getenv func(string) string) error {
	var wrong []error
	for i := range f.OIDC {
		name := f.OIDC[i].ClientSecretEnv
		if name == "" {
			continue
		}
		value, err := lookUp(getenv, name)
		if err == nil && value == "" {
			err = wrongly(name, "required: portal.toml names it as the secret of the OpenID client %q", f.OIDC[i].Name)
		}
		wrong = append(wrong, err)
		f.OIDC[i].ClientSecret = Secret(value)
	}
	return errors.Join(wrong...)
}

func (c Config) checkOIDC() error {
	var wrong []error
	seen := map[string]bool{}
	for i, o := range c.OIDC {
		where := fmt.Sprintf("portal.toml [[oidc]] %d (%s)", i+1, o.Name)
		if seen[o.Name] {
			wrong = append(wrong, wrongly(where, "the name is taken"))
		}
		seen[o.Name] = true
		wrong = append(wrong, o.check(where))
	}
	return errors.Join(wrong...)
}

// check leaves what the client of the provider checks itself to that.
func (o OIDC) check(where string) error {
	var wrong []error
	require := func(ok bool, what string) {
		if !ok {
			wrong = append(wrong, wrongly(where, "%s", what))
		}
	}
	require(flowName.MatchString(o.Name), "name: lower-case letters, digits and hyphens")
	require(o.Title != "", "title: required: what people call the provider")
	require(o.Issuer != "", "issuer: required: the provider's https address")
	require(o.ClientID != "", "client_id: required")
	require(slices.Contains([]string{"", "login", "consent", "select_account"}, o.Prompt), `prompt: "login", "consent" or "select_account"`)
	return errors.Join(wrong...)
}
