package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestWebhookSettings(t *testing.T) {
	t.Parallel()
	c, lines := load(t, file, nil)
	wrong(t, lines)
	if len(c.WebhookSecrets()) != 0 || c.WebhookRetention != 720*time.Hour || len(c.WebhookSources) != 0 {
		t.Errorf("by default: %+v", c.Environment)
	}
	c, lines = load(t, file, map[string]string{
		"PASSFORT_WEBHOOK_SECRET": "the-new-webhook-secret, the-old-webhook-secret", "PASSFORT_WEBHOOK_SOURCES": "35.195.138.186/32,20.74.0.0/16",
		"PASSFORT_WEBHOOK_FORWARD_URL": "https://hooks.example.com/passfort", "PORTAL_WEBHOOK_RETENTION": "48h",
	})
	wrong(t, lines)
	if diff := cmp.Diff([]string{"the-new-webhook-secret", "the-old-webhook-secret"}, c.WebhookSecrets()); diff != "" {
		t.Errorf("secrets (-want +got):\n%s", diff)
	}
	if len(c.WebhookSources) != 2 || c.WebhookForwardURL.Host != "hooks.example.com" || c.WebhookRetention != 48*time.Hour {
		t.Errorf("%+v", c.Environment)
	}
}

func TestWrongWebhookSettingsAreNamedAndNotRepeated(t *testing.T) {
	t.Parallel()
	_, lines := load(t, file, map[string]string{
		"PASSFORT_WEBHOOK_SECRET": "long-enough-to-be-one,t0pshort", "PASSFORT_WEBHOOK_SOURCES": "35.195.138.186",
		"PASSFORT_WEBHOOK_FORWARD_URL": "http://jo:t0psecret@hooks.example.com", "PORTAL_WEBHOOK_RETENTION": "0s",
	})
	text := strings.Join(lines, "\n")
	for _, name := range []string{"PASSFORT_WEBHOOK_SECRET:", "PASSFORT_WEBHOOK_SOURCES:", "PASSFORT_WEBHOOK_FORWARD_URL:", "PORTAL_WEBHOOK_RETENTION:"} {
		if !strings.Contains(text, name) {
			t.Errorf("%s is not named:\n%s", name, text)
		}
	}
	if strings.Contains(text, "t0p") {
		t.Errorf("a secret is repeated:\n%s", text)
	}
	_, lines = load(t, file, map[string]string{"PASSFORT_WEBHOOK_FORWARD_URL": "https://hooks.example.com"})
	wrong(t, lines, "PASSFORT_WEBHOOK_FORWARD_URL: nothing can be sent on")
	_, lines = load(t, file, map[string]string{"PASSFORT_WEBHOOK_SECRET": "sandbox-webhook-secret"})
	wrong(t, lines, "PASSFORT_WEBHOOK_SECRET: is the demo's")
}
