package main

import (
	"maps"
	"slices"
)

// settings are the environment of the demo's programs: the column "in the demo" of the README's table.
type settings map[string]string

// defaults are the demo's values. The secrets are known to everybody; the portal refuses them anywhere else.
var defaults = settings{
	"PORTAL_LISTEN":           "127.0.0.1:8080",
	"PORTAL_DEBUG_LISTEN":     "127.0.0.1:8081",
	"PORTAL_BASE_URL":         "http://127.0.0.1:8080/onboarding",
	"PORTAL_CONFIG":           "portal.toml",
	"PORTAL_SMTP_URL":         "smtp://127.0.0.1:8025",
	"PASSFORT_API_URL":        "http://127.0.0.1:8090/4.0",
	"PASSFORT_API_KEY":        "sandbox-master-key",
	"PASSFORT_COLLECTION_URL": "http://collection.localhost:8090",
	"PASSFORT_SETTLE":         "1s",
	"PASSFORT_WEBHOOK_SECRET": "sandbox-webhook-secret",
	"SANDBOX_LISTEN":          "127.0.0.1:8090",
	"SANDBOX_SMTP_LISTEN":     "127.0.0.1:8025",
	"SANDBOX_REDIRECT_URL":    "http://127.0.0.1:8080/onboarding/complete",
	"SANDBOX_FORM_URL":        "http://127.0.0.1:8080/onboarding",
	"SANDBOX_WEBHOOKS_URL":    "http://127.0.0.1:8080/onboarding/webhooks/passfort",
}

// made are what the demo makes for itself, unless the environment has them.
var made = []string{"PORTAL_DATABASE_URL", "PORTAL_COOKIE_KEYS_FILE", "PORTAL_SEAL_KEYSET_FILE"}

// newSettings takes the demo's values, but for what the environment has.
func newSettings(getenv func(string) string) settings {
	s := maps.Clone(defaults)
	for _, name := range slices.AppendSeq(slices.Clone(made), maps.Keys(defaults)) {
		if v := getenv(name); v != "" {
			s[name] = v
		}
	}
	return s
}

// environ is the settings as a process takes them.
func (s settings) environ() []string {
	list := make([]string, 0, len(s))
	for _, name := range slices.Sorted(maps.Keys(s)) {
		list = append(list, name+"="+s[name])
	}
	return list
}
