package main

import (
	"maps"
	"net"
	"net/url"
	"slices"
	"strconv"
)

// settings are the environment of the demo's programs: the column "in the demo" of the README's table.
type settings map[string]string

// defaults are the demo's values, but for those that follow from others. The secrets are known to everybody; the portal
// refuses them anywhere else.
var defaults = settings{
	"PORTAL_LISTEN":           "127.0.0.1:8080",
	"PORTAL_CONFIG":           "portal.toml",
	"PORTAL_STOP_DELAY":       "0s", // nobody balances a demo
	"PORTAL_API_KEYS":         "demo-api-key",
	"PASSFORT_API_KEY":        "sandbox-master-key",
	"PASSFORT_SETTLE":         "1s",
	"PASSFORT_WEBHOOK_SECRET": "sandbox-webhook-secret",
	"PORTAL_NOTICES_SECRETS":  "whsec_c2FuZGJveC1ub3RpY2VzLXNlY3JldC1ldmVyeWJvZHkta25vd3MhIQ==",
	"SUMSUB_APP_TOKEN":        "sbx:sandbox-app-token",
	"SUMSUB_SECRET_KEY":       "sandbox-secret-key",
	"SUMSUB_SETTLE":           "1s",
	"SUMSUB_WEBHOOK_SECRET":   "sandbox-sumsub-webhook-secret",
	"SANDBOX_LISTEN":          "127.0.0.1:8090",
	"SANDBOX_SMTP_LISTEN":     "127.0.0.1:8025",
}

// made are what the demo makes for itself, unless the environment has them.
var made = []string{"PORTAL_DATABASE_URL", "PORTAL_COOKIE_KEYS_FILE", "PORTAL_SEAL_KEYSET_FILE", "SANDBOX_EMAIL_TEMPLATE"}

// newSettings takes the demo's values, but for what the environment has. What follows from other settings follows from
// those of the environment, too.
func newSettings(getenv func(string) string) settings {
	s := maps.Clone(defaults)
	s.take(getenv, slices.AppendSeq(slices.Clone(made), maps.Keys(defaults)))
	for _, following := range []func(settings) settings{ofListeners, ofBaseURL} {
		more := following(s)
		maps.Copy(s, more)
		s.take(getenv, slices.Collect(maps.Keys(more)))
	}
	return s
}

// take takes over what the environment has.
func (s settings) take(getenv func(string) string, names []string) {
	for _, name := range names {
		if v := getenv(name); v != "" {
			s[name] = v
		}
	}
}

// ofListeners are the settings that follow from where the programs listen.
func ofListeners(s settings) settings {
	sandbox := reach(s["SANDBOX_LISTEN"])
	_, port, _ := net.SplitHostPort(sandbox)
	return settings{
		"PORTAL_DEBUG_LISTEN":     beside(s["PORTAL_LISTEN"]),
		"PORTAL_BASE_URL":         "http://" + reach(s["PORTAL_LISTEN"]) + "/onboarding",
		"PORTAL_SMTP_URL":         "smtp://" + reach(s["SANDBOX_SMTP_LISTEN"]),
		"PORTAL_NOTICES_URL":      "http://" + sandbox + "/company/notices",
		"PASSFORT_API_URL":        "http://" + sandbox + "/4.0",
		"PASSFORT_COLLECTION_URL": "http://collection.localhost:" + port,

		"SUMSUB_API_URL":           "http://" + sandbox,
		"SUMSUB_WEBSDK_URL":        "http://websdk.localhost:" + port,
		"SUMSUB_WEBSDK_SCRIPT_URL": "http://websdk.localhost:" + port + "/websdk/sns-websdk-builder.js",
	}
}

// ofBaseURL are the settings of the sandbox that follow from the portal's public URL and look. Browsers use that URL; webhooks
// go straight to where the portal listens.
func ofBaseURL(s settings) settings {
	base, path := s["PORTAL_BASE_URL"], ""
	if u, err := url.Parse(base); err == nil {
		path = u.Path
	}
	return settings{
		"SANDBOX_REDIRECT_URL": base + "/complete",
		"SANDBOX_FORM_URL":     base,
		"SANDBOX_THEME":        s["PORTAL_CONFIG"],
		"SANDBOX_WEBHOOKS_URL": "http://" + reach(s["PORTAL_LISTEN"]) + path + "/webhooks/passfort",

		"SANDBOX_SUMSUB_WEBHOOKS_URL": "http://" + reach(s["PORTAL_LISTEN"]) + path + "/webhooks/sumsub",
	}
}

// reach is where this machine finds a program that listens there, which may be on all addresses.
func reach(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if ip := net.ParseIP(host); err != nil || host != "" && !ip.IsUnspecified() {
		return listen
	}
	return net.JoinHostPort("127.0.0.1", port)
}

// beside is the next port on this machine alone.
func beside(listen string) string {
	_, port, _ := net.SplitHostPort(listen)
	n, _ := strconv.Atoi(port) // the portal says what is wrong with the address
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(n+1))
}

// environ is the settings as a process takes them.
func (s settings) environ() []string {
	list := make([]string, 0, len(s))
	for _, name := range slices.Sorted(maps.Keys(s)) {
		list = append(list, name+"="+s[name])
	}
	return list
}
