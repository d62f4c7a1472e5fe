package config_test

import "testing"

const (
	ownSecret  = "whsec_bmV3ZXItbmV3ZXItbmV3ZXItbmV3ZXIh"
	demoSecret = "whsec_c2FuZGJveC1ub3RpY2VzLXNlY3JldC1ldmVyeWJvZHkta25vd3MhIQ=="
)

func TestNoticeSettings(t *testing.T) {
	t.Parallel()
	c, lines := load(t, file, nil)
	wrong(t, lines)
	if c.NoticesURL != nil || c.NoticesSecrets != "" {
		t.Errorf("by default: %v", c.NoticesURL)
	}
	c, lines = load(t, file, map[string]string{"PORTAL_NOTICES_URL": "https://hooks.example.com/portal", "PORTAL_NOTICES_SECRETS": ownSecret})
	wrong(t, lines)
	if c.NoticesURL.Host != "hooks.example.com" || c.NoticesSecrets.Reveal() != ownSecret {
		t.Errorf("%v", c.NoticesURL)
	}
}

func TestWrongNoticeSettingsAreNamed(t *testing.T) {
	t.Parallel()
	for want, given := range map[string][2]string{
		"PORTAL_NOTICES_SECRETS: required":                                             {"https://hooks.example.com", ""},
		"PORTAL_NOTICES_URL: required":                                                 {"", ownSecret},
		"PORTAL_NOTICES_URL: must be https, except on a loopback address or in a demo": {"http://hooks.example.com", ownSecret},
		"PORTAL_NOTICES_URL: must have no user, query or fragment":                     {"https://jo:t0psecret@hooks.example.com", ownSecret},
		"PORTAL_NOTICES_SECRETS: is the demo's":                                        {"https://hooks.example.com", ownSecret + ", " + demoSecret},
	} {
		_, lines := load(t, file, map[string]string{"PORTAL_NOTICES_URL": given[0], "PORTAL_NOTICES_SECRETS": given[1]})
		wrong(t, lines, want)
	}
}
