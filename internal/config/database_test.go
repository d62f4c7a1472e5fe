package config_test

import (
	"strings"
	"testing"

	"portal/internal/config"
)

func TestWrongSettingsOfTheBaseAreNamed(t *testing.T) {
	t.Parallel()
	for setting, changed := range map[string]map[string]string{
		"PORTAL_DATABASE_POOLING": {"PORTAL_DATABASE_POOLING": "statement"},
		"PORTAL_STOP_DELAY":       {"PORTAL_STOP_DELAY": "-1s"},
	} {
		if _, wrong := load(t, file, changed); len(wrong) != 1 || !strings.HasPrefix(wrong[0], setting+": ") {
			t.Errorf("%s: said %q", setting, wrong)
		}
	}
}

func TestConnectionsOfOnesOwnAreWhereTheyLast(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pooling, direct string
		want            config.Secret
	}{
		{"session", "", "pooled"},
		{"session", "direct", "direct"},
		{"transaction", "", ""},
		{"transaction", "direct", "direct"},
	} {
		e := config.Environment{DatabaseURL: "pooled", DatabasePooling: c.pooling, DatabaseDirectURL: config.Secret(c.direct)}
		if got := e.SessionURL(); got != c.want {
			t.Errorf("%s, direct %q: %q, want %q", c.pooling, c.direct, got.Reveal(), c.want.Reveal())
		}
	}
}
