package main

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ofMap looks names up in a map.
func ofMap(m settings) func(string) string { return func(name string) string { return m[name] } }

func TestSettingsFollowFromThoseThatAreGiven(t *testing.T) {
	t.Parallel()
	usual := newSettings(ofMap(nil))
	for name, want := range map[string]string{
		"PORTAL_BASE_URL": "http://127.0.0.1:8080/onboarding", "PORTAL_DEBUG_LISTEN": "127.0.0.1:8081",
		"PASSFORT_COLLECTION_URL": "http://collection.localhost:8090", "SANDBOX_WEBHOOKS_URL": "http://127.0.0.1:8080/onboarding/webhooks/passfort",
		"SANDBOX_THEME": "portal.toml",
	} {
		if usual[name] != want {
			t.Errorf("%s is %q by itself, want %q", name, usual[name], want)
		}
	}
	moved := settings{"PORTAL_LISTEN": "127.0.0.1:9080", "SANDBOX_LISTEN": "127.0.0.1:9090", "SANDBOX_SMTP_LISTEN": "127.0.0.1:9025"}
	ports := strings.NewReplacer(":8080", ":9080", ":8081", ":9081", ":8090", ":9090", ":8025", ":9025")
	want := maps.Clone(usual)
	for name, value := range usual {
		want[name] = ports.Replace(value)
	}
	if diff := cmp.Diff(want, newSettings(ofMap(moved))); diff != "" {
		t.Errorf("moved to other ports (-want +got):\n%s", diff)
	}
}

func TestGivenSettingsAreKept(t *testing.T) {
	t.Parallel()
	s := newSettings(ofMap(settings{
		"PORTAL_LISTEN": ":9080", "PORTAL_BASE_URL": "https://demo.example.com/start", "PASSFORT_API_URL": "http://elsewhere.example/4.0",
	}))
	for name, want := range map[string]string{
		"PORTAL_LISTEN": ":9080", "PORTAL_BASE_URL": "https://demo.example.com/start", "PASSFORT_API_URL": "http://elsewhere.example/4.0",
		"SANDBOX_FORM_URL": "https://demo.example.com/start", "SANDBOX_WEBHOOKS_URL": "http://127.0.0.1:9080/start/webhooks/passfort",
	} {
		if s[name] != want {
			t.Errorf("%s is %q, want %q", name, s[name], want)
		}
	}
}

func TestCompletionLeadsToTheSandboxWhereverItListens(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := &demo{dir: dir, settings: settings{"PORTAL_CONFIG": "../../portal.toml", "SANDBOX_LISTEN": "0.0.0.0:9090"}}
	if err := d.moveConfig(t.Context()); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "config", "portal.toml"))
	if err != nil || d.settings["PORTAL_CONFIG"] != filepath.Join(dir, "config", "portal.toml") {
		t.Fatalf("%s, %v", d.settings["PORTAL_CONFIG"], err)
	}
	if n := strings.Count(string(text), `completion_url = "http://127.0.0.1:9090/`); n < 2 || strings.Contains(string(text), ":8090") {
		t.Errorf("%d completion URLs lead to the sandbox:\n%s", n, text)
	}
	if _, err := os.ReadFile(filepath.Join(dir, "config", "logo.svg")); err != nil {
		t.Errorf("what the file names is not beside it: %v", err)
	}
	d = &demo{dir: dir, settings: settings{"PORTAL_CONFIG": "portal.toml", "SANDBOX_LISTEN": defaults["SANDBOX_LISTEN"]}}
	if err := d.moveConfig(t.Context()); err != nil || d.settings["PORTAL_CONFIG"] != "portal.toml" {
		t.Errorf("%s, %v: nothing was to move", d.settings["PORTAL_CONFIG"], err)
	}
}
