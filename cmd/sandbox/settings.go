package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"portal/internal/sandbox"
	"portal/internal/sandbox/passfort"
	"portal/internal/sandbox/passfort/account"
	"portal/internal/sandbox/passfort/front"
	fields "portal/internal/sandbox/settings"
	"portal/internal/sandbox/sumsub"
)

// The secrets of webhooks that are shared with the demo's portal.
const (
	defaultWebhookSecret       = "sandbox-webhook-secret"
	defaultSumsubWebhookSecret = "sandbox-sumsub-webhook-secret"
)

// settings are what serve can be told, by flag or by environment; a flag wins.
type settings struct {
	listen     string
	smtpListen string
	stateFile  string
	options    sandbox.Options

	all []*setting
}

// setting is one of them: how it is called, what it is unless told, and where it goes.
type setting struct {
	flag  string
	env   string
	value string // the usual one, until flags and environment are read
	usage string
	onOff bool // whether the flag alone means true
	set   func(text string) error
}

func newSettings() *settings {
	s := &settings{}
	o := &s.options
	s.all = []*setting{
		{flag: "listen", env: "SANDBOX_LISTEN", value: "127.0.0.1:8090", usage: "address to listen on", set: address(&s.listen)},
		{flag: "smtp-listen", env: "SANDBOX_SMTP_LISTEN", value: "127.0.0.1:8025", usage: "address on which the mailbox takes mail", set: address(&s.smtpListen)},
		{flag: "passfort-api-key", env: "PASSFORT_API_KEY", value: sandbox.DefaultMasterKey, usage: "master key of the PassFort account", set: text(&o.MasterKey)},
		{flag: "sumsub-app-token", env: "SUMSUB_APP_TOKEN", value: sandbox.DefaultAppToken, usage: "app token of the Sumsub account", set: text(&o.AppToken)},
		{flag: "sumsub-secret-key", env: "SUMSUB_SECRET_KEY", value: sandbox.DefaultSecretKey, usage: "what calls of Sumsub's API are signed with", set: text(&o.SecretKey)},
		{flag: "sumsub-levels", env: "SANDBOX_SUMSUB_LEVELS", usage: "a JSON file with the levels of Sumsub's dashboard (see docs/sandbox.md)", set: s.readLevels},
		{flag: "redirect-url", env: "SANDBOX_REDIRECT_URL", value: sandbox.DefaultRedirectURL, usage: "where finished forms send the browser", set: webURL(&o.RedirectURL)},
		{flag: "form-url", env: "SANDBOX_FORM_URL", value: sandbox.DefaultFormURL, usage: "the page that e-mailed requests open", set: webURL(&o.FormURL)},
		{flag: "notices-secret", env: "SANDBOX_NOTICES_SECRET", value: sandbox.DefaultNoticesSecret, usage: "what the portal signs its notices to the company with", set: noticesSecret(&o.NoticesSecret)},
		{flag: "account", env: "SANDBOX_ACCOUNT", usage: "a JSON file with what PassFort's staff have set up: products, tasks, forms, flows (see docs/sandbox.md)", set: s.readAccount},
		{flag: "theme", env: "SANDBOX_THEME", usage: "a TOML file with a [brand] table, as in portal.toml: the look of the framed forms and of /theme", set: s.checkTheme},
		{flag: "email-template", env: "SANDBOX_EMAIL_TEMPLATE", usage: "a custom HTML template of request e-mails, with {{editable_text}} and {{link}}", set: s.checkTemplate},
		{flag: "state", env: "SANDBOX_STATE", usage: "a file that the state is loaded from at the start, if it is there, and saved to at the end", set: text(&s.stateFile)},
		{flag: "seed", env: "SANDBOX_SEED", value: "0", usage: "makes identifiers, keys and chances the same in every run; 0 makes new ones", set: s.readSeed},
	}
	o.Webhooks.Secret = defaultWebhookSecret
	addFields(s, "passfort", &o.PassFort)
	addFields(s, "webhooks", &o.Webhooks)
	addFields(s, "sumsub", &o.Sumsub)
	o.SumsubWebhooks.Secret = defaultSumsubWebhookSecret
	addFields(s, "sumsub-webhooks", &o.SumsubWebhooks)
	return s
}

// checked is a struct of options that knows what is wrong with it.
type checked interface{ Check() error }

// addFields makes a setting of every field of a struct of options.
func addFields[T checked](s *settings, prefix string, options *T) {
	for _, f := range fields.Fields(options) {
		s.all = append(s.all, &setting{
			flag:  prefix + "-" + strings.ReplaceAll(f.Name, "_", "-"),
			env:   "SANDBOX_" + strings.ToUpper(strings.ReplaceAll(prefix, "-", "_")+"_"+f.Name),
			value: unlessZero(f.Value),
			usage: f.Usage,
			onOff: f.Kind == fields.Switch,
			set: func(text string) error {
				// Checked alone first, so that what is wrong is said of the setting that is.
				var alone T
				if err := errors.Join(fields.Set(&alone, f.Name, text), alone.Check()); err != nil {
					return err
				}
				return fields.Set(options, f.Name, text)
			},
		})
	}
}

// unlessZero leaves away a value that means the usual: the explanation says which one that is.
func unlessZero(value string) string {
	if value == "0" || value == "false" {
		return ""
	}
	return value
}

// addFlags offers every setting as a flag.
func (s *settings) addFlags(flags *pflag.FlagSet) {
	for _, one := range s.all {
		flags.StringVar(&one.value, one.flag, one.value, one.usage+" ("+one.env+")")
		if one.onOff {
			flags.Lookup(one.flag).NoOptDefVal = "true"
		}
	}
}

// read takes every setting from its flag or its variable and says all that is wrong at once.
func (s *settings) read(flags *pflag.FlagSet, getenv func(string) string) error {
	var errs []error
	for _, one := range s.all {
		if v := getenv(one.env); v != "" && !flags.Changed(one.flag) {
			one.value = v
		}
		if err := one.set(one.value); err != nil {
			errs = append(errs, fmt.Errorf("--%s (%s): %w", one.flag, one.env, err))
		}
	}
	if err := passfort.CheckEvents(s.options.Webhooks.Events); err != nil {
		errs = append(errs, fmt.Errorf("--webhooks-events (SANDBOX_WEBHOOKS_EVENTS): %w", err))
	}
	return errors.Join(errs...)
}

func (s *settings) readAccount(path string) error {
	if path == "" {
		return nil
	}
	read, err := account.Read(path)
	s.options.Account = read
	return err
}

func (s *settings) readLevels(path string) error {
	if path == "" {
		return nil
	}
	read, err := sumsub.ReadLevels(path)
	s.options.Levels = read
	return err
}

// checkTheme makes sure that the theme can be used; it is read anew whenever it is shown.
func (s *settings) checkTheme(path string) error {
	s.options.ThemeFile = path
	return front.CheckTheme(path)
}

// checkTemplate makes sure that the template can be used; it is read anew for every e-mail.
func (s *settings) checkTemplate(path string) error {
	s.options.EmailTemplate = path
	if path == "" {
		return nil
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return passfort.CheckTemplate(string(content))
}

func (s *settings) readSeed(text string) error {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return fmt.Errorf("%q must be a whole number", text)
	}
	s.options.Seed = n
	return nil
}

func text(target *string) func(string) error {
	return func(value string) error {
		*target = value
		return nil
	}
}

func noticesSecret(target *string) func(string) error {
	return func(value string) error {
		if err := sandbox.CheckNoticesSecret(value); err != nil {
			return err
		}
		*target = value
		return nil
	}
}

func address(target *string) func(string) error {
	return func(value string) error {
		if _, _, err := net.SplitHostPort(value); err != nil {
			return fmt.Errorf("%q must be an address such as 127.0.0.1:8090", value)
		}
		*target = value
		return nil
	}
}

func webURL(target *string) func(string) error {
	return func(value string) error {
		u, err := url.Parse(value)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return fmt.Errorf("%q must be a URL that begins with http:// or https://", value)
		}
		*target = value
		return nil
	}
}
