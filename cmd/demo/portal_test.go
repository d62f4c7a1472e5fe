package main

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"portal/internal/localpg"
)

func TestCookieKeysRotateWithoutSigningAnyoneOut(t *testing.T) {
	t.Parallel()
	w := ownWorld(t)
	old, err := os.ReadFile(w.env["PORTAL_COOKIE_KEYS_FILE"])
	if err != nil {
		t.Fatal(err)
	}
	fresh := cookieKey(t)
	v := w.visitor(t)
	v.signIn("returning@example.com")
	for _, c := range []struct {
		keys     string
		signedIn bool
	}{
		{fresh + "," + strings.TrimSpace(string(old)), true},
		{fresh, false},
	} {
		portal := w.startPortal(t, settings{"PORTAL_COOKIE_KEYS": c.keys, "PORTAL_COOKIE_KEYS_FILE": ""})
		p := v.at(portal.origin()).get("/onboarding")
		if got := strings.Contains(p.text(), "Signed in as returning@example.com"); got != c.signedIn {
			t.Errorf("signed in: %v, want %v: %s", got, c.signedIn, p.text())
		}
	}
}

func cookieKey(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if out, code := portalRun(t, nil, "keys", "new", "--dir", dir); code != 0 {
		t.Fatal(out)
	}
	key, err := os.ReadFile(filepath.Join(dir, "cookie_keys"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(key))
}

// production are settings that a company could use, but for the addresses.
func production(t *testing.T) settings {
	t.Helper()
	dir := t.TempDir()
	if out, code := portalRun(t, nil, "keys", "new", "--dir", dir); code != 0 {
		t.Fatal(out)
	}
	config := filepath.Join(dir, "portal.toml")
	if err := writeConfig(config, "http://127.0.0.1:1", ""); err != nil {
		t.Fatal(err)
	}
	return settings{
		"PORTAL_CONFIG": config, "PORTAL_BASE_URL": "https://www.example.com/onboarding",
		"PORTAL_LISTEN": "127.0.0.1:0", "PORTAL_DEBUG_LISTEN": "127.0.0.1:0",
		"PORTAL_DATABASE_URL":     "postgres://nobody@127.0.0.1:1/none",
		"PORTAL_COOKIE_KEYS_FILE": filepath.Join(dir, "cookie_keys"), "PORTAL_SEAL_KEYSET_FILE": filepath.Join(dir, "seal_keyset"),
		"PORTAL_SMTP_URL": "smtp://127.0.0.1:1", "PASSFORT_API_KEY": "a-key-of-its-own", "SUMSUB_APP_TOKEN": "prd:of-its-own", "SUMSUB_SECRET_KEY": "of-its-own",
	}
}

func TestServeRefusesADatabaseWithoutItsSchema(t *testing.T) {
	t.Parallel()
	env := production(t)
	env["PORTAL_DATABASE_URL"] = emptyDatabase(t)
	out, code := portalRun(t, env, "serve")
	if code != 1 || strings.Count(out, "portal: ") != 1 || !strings.Contains(out, "portal migrate up") || strings.Contains(out, `"serving"`) {
		t.Errorf("status %d: %s", code, out)
	}
}

// emptyDatabase is the one that every cluster has for its keepers.
func emptyDatabase(t *testing.T) string {
	t.Helper()
	u, err := url.Parse(localpg.NewURL(t))
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/postgres"
	return u.String()
}

func TestAllWrongSettingsAreReportedAtOnce(t *testing.T) {
	t.Parallel()
	env := production(t)
	env["PORTAL_BASE_URL"] = "http://www.example.com/onboarding"
	env["PORTAL_COOKIE_KEYS_FILE"] = ""
	env["PORTAL_COOKIE_KEYS"] = "short"
	env["PORTAL_SMTP_URL"] = ""
	env["PASSFORT_SETTLE"] = "soon"
	env["PORTAL_TRUSTED_PROXIES"] = "everybody"
	wrong := []string{"PORTAL_BASE_URL", "PORTAL_COOKIE_KEYS", "PORTAL_SMTP_URL", "PASSFORT_SETTLE", "PORTAL_TRUSTED_PROXIES"}
	out, code := portalRun(t, env, "serve")
	if code != 1 {
		t.Errorf("status %d", code)
	}
	for _, name := range wrong {
		if !strings.Contains(out, name) {
			t.Errorf("%s is not named in:\n%s", name, out)
		}
	}
	if strings.Contains(out, "short") {
		t.Errorf("a secret is shown:\n%s", out)
	}
}

func TestServeHasNoDefaultForASecret(t *testing.T) {
	t.Parallel()
	env := production(t)
	secrets := []string{"PORTAL_DATABASE_URL", "PORTAL_COOKIE_KEYS", "PORTAL_SEAL_KEYSET", "PORTAL_SMTP_URL", "PASSFORT_API_KEY", "SUMSUB_APP_TOKEN", "SUMSUB_SECRET_KEY"}
	for _, name := range secrets {
		delete(env, name)
		delete(env, name+"_FILE")
	}
	out, code := portalRun(t, env, "serve")
	for _, name := range secrets {
		if code != 1 || !strings.Contains(out, name) {
			t.Errorf("status %d, and %s is not named in:\n%s", code, name, out)
		}
	}
}

func TestTheDemosSecretsAreRefusedInPublic(t *testing.T) {
	t.Parallel()
	env := production(t)
	secrets := []string{"PASSFORT_API_KEY", "SUMSUB_APP_TOKEN", "SUMSUB_SECRET_KEY", "SUMSUB_WEBHOOK_SECRET"}
	for _, name := range secrets {
		env[name] = defaults[name]
	}
	out, code := portalRun(t, env, "serve")
	for _, name := range secrets {
		if code != 1 || !strings.Contains(out, name) || strings.Contains(out, defaults[name]) {
			t.Errorf("status %d, %s: %s", code, name, out)
		}
	}
}

func TestWrongUseHasAStatusOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"serve", "--nonsense"}, {"nonsense"}, {"serve", "nonsense"}, {}, {"migrate"}} {
		if out, code := portalRun(t, nil, args...); code != 2 || out == "" {
			t.Errorf("portal %v: status %d: %s", args, code, out)
		}
	}
	if out, code := portalRun(t, nil, "serve", "--help"); code != 0 || !strings.Contains(out, "PORTAL_LISTEN") {
		t.Errorf("portal serve --help: status %d: %s", code, out)
	}
}
