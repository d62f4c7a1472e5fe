package stage

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"portal/internal/config"
	"portal/internal/seal"
)

// Settings are the environment of a portal.
type Settings map[string]string

// APIKey and WebhookSecret are what callers of the portals show. They are known to everybody; the portal takes them on a
// loopback address alone.
const (
	APIKey        = "demo-api-key"
	WebhookSecret = "sandbox-webhook-secret"
)

// BaseURL is the public address of every portal of the stage, wherever it listens.
const BaseURL = "http://127.0.0.1:8080/onboarding"

// shipped is what a portal must be told. Two things differ from what it does by itself: the limits that a single machine that plays
// all applicants would be stopped by, and a stop, which does not wait until a balancer has noticed.
func shipped() Settings {
	return Settings{
		"PORTAL_BASE_URL":            BaseURL,
		"PORTAL_API_KEYS":            APIKey,
		"PASSFORT_API_KEY":           "sandbox-master-key",
		"PASSFORT_WEBHOOK_SECRET":    WebhookSecret,
		"PORTAL_NOTICES_SECRETS":     "whsec_c2FuZGJveC1ub3RpY2VzLXNlY3JldC1ldmVyeWJvZHkta25vd3MhIQ==",
		"SUMSUB_APP_TOKEN":           "sbx:sandbox-app-token",
		"SUMSUB_SECRET_KEY":          "sandbox-secret-key",
		"SUMSUB_WEBHOOK_SECRET":      "sandbox-sumsub-webhook-secret",
		"PASSFORT_PROFILES_PER_HOUR": "3600000",
		"PASSFORT_UPDATES_PER_HOUR":  "3600000",
		"PORTAL_CODES_PER_NETWORK":   "1000000",
		"PORTAL_CODES_PER_DAY":       "1000000",
		"PORTAL_STOP_DELAY":          "0s",
	}
}

// follow sets what follows from where the sandbox answers.
func (s Settings) follow(provider, mail string) {
	maps.Copy(s, Settings{
		"PASSFORT_API_URL":         provider + "/4.0",
		"PASSFORT_COLLECTION_URL":  provider,
		"SUMSUB_API_URL":           provider,
		"SUMSUB_WEBSDK_URL":        provider,
		"SUMSUB_WEBSDK_SCRIPT_URL": provider + "/websdk/sns-websdk-builder.js",
		"PORTAL_NOTICES_URL":       provider + "/company/notices",
		"PORTAL_SMTP_URL":          "smtp://" + mail,
	})
}

// with is the settings with changes.
func (s Settings) with(changes Settings) Settings {
	all := maps.Clone(s)
	maps.Copy(all, changes)
	return all
}

// environ is the settings as a process takes them.
func (s Settings) environ() []string {
	list := make([]string, 0, len(s))
	for _, name := range slices.Sorted(maps.Keys(s)) {
		list = append(list, name+"="+s[name])
	}
	return list
}

// copyConfig puts portal.toml and what stands beside it into the stage's folder, with the sandbox's address in it.
func (s *Stage) copyConfig(context.Context) error {
	text, err := os.ReadFile(filepath.Join(s.options.Root, "portal.toml"))
	if err != nil {
		return err
	}
	for _, name := range []string{"logo.svg", "logo-dark.svg"} {
		logo, err := os.ReadFile(filepath.Join(s.options.Root, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(s.Dir, name), logo, 0o600); err != nil {
			return err
		}
	}
	s.settings["PORTAL_CONFIG"] = filepath.Join(s.Dir, "portal.toml")
	text = bytes.ReplaceAll(text, []byte("http://127.0.0.1:8090"), []byte(s.Provider))
	return os.WriteFile(s.settings["PORTAL_CONFIG"], text, 0o600)
}

// openKeys has this process seal what the portals open.
func (s *Stage) openKeys(context.Context) error {
	e, err := config.Environ(func(name string) string { return s.settings[name] })
	if err != nil {
		return err
	}
	cookies, err := e.CookieKeyBytes()
	if err != nil {
		return err
	}
	if s.Keys, err = seal.Parse(e.SealKeyset.Reveal()); err != nil {
		return err
	}
	s.Cookies, err = s.options.Cookies(cookies, e.BaseURL)
	return err
}

// commandWithin is how long a command of the portal may take. A migration of a large database takes the longest.
const commandWithin = time.Minute

// run runs a command of the portal to its end.
func (s *Stage) run(ctx context.Context, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, commandWithin)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.program("portal"), args...)
	cmd.Env = s.settings.environ()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("portal %v: %w\n%s", args, err, out)
	}
	return nil
}

func (s *Stage) program(name string) string { return filepath.Join(s.options.Bin, name) }
