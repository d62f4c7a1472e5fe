package config_test

import (
	"strings"
	"testing"
)

func TestWrongSessionSettingsAreNamed(t *testing.T) {
	t.Parallel()
	for setting, changed := range map[string]map[string]string{
		"PORTAL_SESSION_IDLE":      {"PORTAL_SESSION_IDLE": "9m59s"},
		"PORTAL_SESSION_ABSOLUTE":  {"PORTAL_SESSION_IDLE": "2h", "PORTAL_SESSION_ABSOLUTE": "1h"},
		"PORTAL_CODES_PER_NETWORK": {"PORTAL_CODES_PER_NETWORK": "0"},
		"PORTAL_CODES_PER_DAY":     {"PORTAL_CODES_PER_DAY": "-1"},
		"PORTAL_CLEAR_SITE_DATA":   {"PORTAL_CLEAR_SITE_DATA": "true"}, // below a path
	} {
		if _, wrong := load(t, file, changed); len(wrong) != 1 || !strings.HasPrefix(wrong[0], setting+": ") {
			t.Errorf("%s: said %q", setting, wrong)
		}
	}
}

func TestSiteDataIsClearedOnlyOnAHostOfItsOwn(t *testing.T) {
	t.Parallel()
	for base, refused := range map[string]bool{
		"https://register.example.com": false, "https://register.example.com/": false,
		"https://www.example.com/onboarding": true, "https://www.example.com/a/b": true,
	} {
		c, wrong := load(t, file, map[string]string{"PORTAL_BASE_URL": base, "PORTAL_CLEAR_SITE_DATA": "true"})
		if (len(wrong) > 0) != refused || !refused && !c.ClearSiteData {
			t.Errorf("%s: set %v, said %q", base, c.ClearSiteData, wrong)
		}
	}
}

func TestShortestSessionIsTaken(t *testing.T) {
	t.Parallel()
	if _, wrong := load(t, file, map[string]string{"PORTAL_SESSION_IDLE": "10m", "PORTAL_SESSION_ABSOLUTE": "10m"}); len(wrong) > 0 {
		t.Errorf("said %q", wrong)
	}
}
