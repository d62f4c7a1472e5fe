// Package config is the portal's settings: read once, checked once, printable without secrets.
//
// Addresses and secrets come from the environment, each secret also from the file that NAME_FILE names; flows and
// brand come from portal.toml (see [File]). [Load] reports everything that is wrong at once, each line naming the
// setting to change.
package config

import (
	"errors"
	"io/fs"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
)

// Environment is what the environment sets.
type Environment struct {
	ConfigPath     string         `env:"PORTAL_CONFIG" envDefault:"portal.toml"`
	Listen         string         `env:"PORTAL_LISTEN" envDefault:"127.0.0.1:8080"`
	DebugListen    string         `env:"PORTAL_DEBUG_LISTEN" envDefault:"127.0.0.1:8081"`
	BaseURL        *url.URL       `env:"PORTAL_BASE_URL"`
	TrustedProxies []netip.Prefix `env:"PORTAL_TRUSTED_PROXIES"`
	RateLimits     RateLimits     `env:"PORTAL_RATE_LIMITS" envDefault:"off"`
	HSTS           HSTS           `env:"PORTAL_HSTS" envDefault:"host"`

	StopDelay time.Duration `env:"PORTAL_STOP_DELAY" envDefault:"3s"` // how long requests are still taken after /readyz has said no

	DatabaseURL       Secret `env:"PORTAL_DATABASE_URL"`
	DatabasePooling   string `env:"PORTAL_DATABASE_POOLING" envDefault:"session"`
	DatabaseDirectURL Secret `env:"PORTAL_DATABASE_DIRECT_URL"`

	RegistrationRetention time.Duration `env:"PORTAL_REGISTRATION_RETENTION" envDefault:"0"` // after their end; 0 for ever

	CookieKeys Secret `env:"PORTAL_COOKIE_KEYS"` // comma-separated; the first seals, all are read
	SealKeyset Secret `env:"PORTAL_SEAL_KEYSET"`
	SMTPURL    Secret `env:"PORTAL_SMTP_URL"`
	APIKeys    Secret `env:"PORTAL_API_KEYS"` // comma-separated

	SessionIdle     time.Duration `env:"PORTAL_SESSION_IDLE" envDefault:"1h"`
	SessionAbsolute time.Duration `env:"PORTAL_SESSION_ABSOLUTE" envDefault:"24h"`
	ClearSiteData   bool          `env:"PORTAL_CLEAR_SITE_DATA"`
	CodesPerNetwork int           `env:"PORTAL_CODES_PER_NETWORK" envDefault:"300"` // an hour
	CodesPerDay     int           `env:"PORTAL_CODES_PER_DAY" envDefault:"20000"`

	PassFortAPIURL        *url.URL      `env:"PASSFORT_API_URL" envDefault:"https://api.passfort.com/4.0"`
	PassFortAPIKey        Secret        `env:"PASSFORT_API_KEY"`
	PassFortCollectionURL *url.URL      `env:"PASSFORT_COLLECTION_URL" envDefault:"https://collection.passfort.com"`
	PassFortSettle        time.Duration `env:"PASSFORT_SETTLE" envDefault:"60s"`
	// PassFort takes 10,000 an hour (help article "About rate limiting"); the rest is for staff and other programs.
	PassFortProfilesPerHour int `env:"PASSFORT_PROFILES_PER_HOUR" envDefault:"9000"`
	PassFortUpdatesPerHour  int `env:"PASSFORT_UPDATES_PER_HOUR" envDefault:"9000"`
	// Where PassFort keeps two kinds of owners is not documented.
	PassFortControllersKey string `env:"PASSFORT_CONTROLLING_SHAREHOLDERS_KEY" envDefault:"controlling_shareholders"`
	PassFortUltimatesKey   string `env:"PASSFORT_GLOBAL_ULTIMATE_OWNERS_KEY" envDefault:"global_ultimate_owners"`

	WebhookSecret     Secret         `env:"PASSFORT_WEBHOOK_SECRET"` // comma-separated, the current one first
	WebhookSources    []netip.Prefix `env:"PASSFORT_WEBHOOK_SOURCES"`
	WebhookForwardURL *url.URL       `env:"PASSFORT_WEBHOOK_FORWARD_URL"`
	WebhookRetention  time.Duration  `env:"PORTAL_WEBHOOK_RETENTION" envDefault:"720h"`

	SumsubAPIURL       *url.URL      `env:"SUMSUB_API_URL" envDefault:"https://api.sumsub.com"`
	SumsubAppToken     Secret        `env:"SUMSUB_APP_TOKEN"`
	SumsubSecretKey    Secret        `env:"SUMSUB_SECRET_KEY"`
	SumsubSettle       time.Duration `env:"SUMSUB_SETTLE" envDefault:"60s"`                       // as PASSFORT_SETTLE
	SumsubSDKURL       *url.URL      `env:"SUMSUB_WEBSDK_URL" envDefault:"https://in.sumsub.com"` // of the frame
	SumsubSDKScriptURL *url.URL      `env:"SUMSUB_WEBSDK_SCRIPT_URL" envDefault:"https://static.sumsub.com/idensic/static/sns-websdk-builder.js"`

	SumsubWebhookSecret Secret `env:"SUMSUB_WEBHOOK_SECRET"` // comma-separated, the current one first
	SumsubWebhookSHA1   bool   `env:"SUMSUB_WEBHOOK_SHA1"`   // webhooks may be signed with SHA-1

	UploadMemory int `env:"PORTAL_UPLOAD_MEMORY" envDefault:"96"` // MiB in which documents may be at once, on their way to the provider

	NoticesURL     *url.URL `env:"PORTAL_NOTICES_URL"`
	NoticesSecrets Secret   `env:"PORTAL_NOTICES_SECRETS"` // comma-separated, newest first
}

// Config is all settings, checked.
type Config struct {
	Environment
	File
	Dir fs.FS // the folder of portal.toml: the brand's logo is relative to it
}

// Names lists every environment variable that the portal reads.
func Names() []string {
	var names []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Environment]()) {
		name := f.Tag.Get("env")
		names = append(names, name)
		if f.Type == reflect.TypeFor[Secret]() {
			names = append(names, name+"_FILE")
		}
	}
	return names
}

// Defaults are the settings of the environment, by name, each with what it is where it is not set; that is empty where there is
// no default.
func Defaults() map[string]string {
	all := map[string]string{}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Environment]()) {
		all[f.Tag.Get("env")] = f.Tag.Get("envDefault")
	}
	return all
}

// Load reads and checks all settings. Its error lists everything that is wrong, a line each, and shows no secret.
func Load(getenv func(string) string) (Config, error) {
	e, unreadable := Environ(getenv)
	c := Config{Environment: e, Dir: os.DirFS(filepath.Dir(e.ConfigPath))}
	var err error
	if c.File, err = readFile(e.ConfigPath); err != nil {
		return Config{}, errors.Join(unreadable, wrongly("PORTAL_CONFIG", "%w", err))
	}
	unreadable = errors.Join(unreadable, c.readSecrets(getenv))
	return c, errors.Join(unreadable, except(c.check(), names(unreadable)))
}

// names are the settings that an error is about.
func names(err error) map[string]bool {
	found := map[string]bool{}
	for _, one := range each(err) {
		if about, ok := errors.AsType[*settingError](one); ok {
			found[about.name] = true
		}
	}
	return found
}

// except is the error without what it says of settings that are known to be wrong: what cannot be read looks unset.
func except(err error, known map[string]bool) error {
	return errors.Join(slices.DeleteFunc(each(err), func(one error) bool {
		about, ok := errors.AsType[*settingError](one)
		return ok && known[about.name]
	})...)
}

// each lists the errors that were joined, however deeply.
func each(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return slices.DeleteFunc([]error{err}, func(one error) bool { return one == nil })
	}
	var all []error
	for _, one := range joined.Unwrap() {
		all = append(all, each(one)...)
	}
	return all
}

// Environ reads the environment alone and checks nothing but its form: for commands that need a part of it.
func Environ(getenv func(string) string) (Environment, error) {
	values := map[string]string{}
	var wrong []error
	for _, name := range Names() {
		value, err := lookUp(getenv, name)
		if err != nil {
			wrong = append(wrong, err)
		}
		if value != "" {
			values[name] = value
		}
	}
	e, err := env.ParseAsWithOptions[Environment](env.Options{Environment: values})
	return e, errors.Join(append(wrong, plain(err)...)...)
}

// lookUp reads a setting, from the file of NAME_FILE where that is given. The environment library's own file option
// takes the variable itself as the path, which would leave no way to give the value.
func lookUp(getenv func(string) string, name string) (string, error) {
	value, path := getenv(name), getenv(name+"_FILE")
	if path == "" || strings.HasSuffix(name, "_FILE") {
		return value, nil
	}
	if value != "" {
		return "", wrongly(name, "%s_FILE is set as well: keep one", name)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", wrongly(name, "%s_FILE: %w", name, err)
	}
	return strings.TrimSpace(string(text)), nil
}

// plain turns the library's errors, which speak of Go fields, into lines that name the setting.
func plain(err error) []error {
	if err == nil {
		return nil
	}
	all, ok := errors.AsType[env.AggregateError](err)
	if !ok {
		return []error{err}
	}
	var lines []error
	for _, one := range all.Errors {
		if bad, ok := errors.AsType[env.ParseError](one); ok {
			one = wrongly(nameOf(bad.Name), "%w", unquoted(bad.Err))
		}
		lines = append(lines, one)
	}
	return lines
}

// unquoted is the error unless it quotes a URL, which may hold a password.
func unquoted(err error) error {
	bad, ok := errors.AsType[env.ParseValueError](err)
	if _, quotes := errors.AsType[*url.Error](bad.Err); ok && quotes {
		return errors.New("not a URL")
	}
	return err
}

func nameOf(field string) string {
	if f, ok := reflect.TypeFor[Environment]().FieldByName(field); ok {
		return f.Tag.Get("env")
	}
	return field
}
