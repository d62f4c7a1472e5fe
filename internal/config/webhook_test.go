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
	if len(c.WebhookSecrets())+len(c.SumsubWebhookSecrets()) != 0 || c.SumsubWebhookSHA1 || c.WebhookRetention != 720*time.Hour || len(c.WebhookSources) != 0 {
		t.Errorf("by default: %+v", c.Environment)
	}
	c, lines = load(t, file, map[string]string{
		"PASSFORT_WEBHOOK_SECRET": "the-new-webhook-secret, the-old-webhook-secret", "PASSFORT_WEBHOOK_SOURCES": "35.195.138.186/32,20.74.0.0/16",
		"PASSFORT_WEBHOOK_FORWARD_URL": "https://hooks.example.com/passfort", "PORTAL_WEBHOOK_RETENTION": "48h",
		"SUMSUB_WEBHOOK_SECRET": " the-new-secret-of-digests,the-old-secret-of-digests", "SUMSUB_WEBHOOK_SHA1": "true",
	})
	wrong(t, lines)
	if diff := cmp.Diff([]string{"the-new-webhook-secret", "the-old-webhook-secret"}, c.WebhookSecrets()); diff != "" {
		t.Errorf("secrets (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"the-new-secret-of-digests", "the-old-secret-of-digests"}, c.SumsubWebhookSecrets()); diff != "" {
		t.Errorf("Sumsub's secrets (-want +got):\n%s", diff)
	}
	if !c.SumsubWebhookSHA1 || len(c.WebhookSources) != 2 || c.WebhookForwardURL.Host != "hooks.example.com" || c.WebhookRetention != 48*time.Hour {
		t.Errorf("%+v", c.Environment)
	}
}

func TestWrongWebhookSettingsAreNamedAndNotRepeated(t *testing.T) {
	t.Parallel()
	_, lines := load(t, file, map[string]string{
		"PASSFORT_WEBHOOK_SECRET": "long-enough-to-be-one,t0pshort", "PASSFORT_WEBHOOK_SOURCES": "35.195.138.186",
		"PASSFORT_WEBHOOK_FORWARD_URL": "http://jo:t0psecret@hooks.example.com", "PORTAL_WEBHOOK_RETENTION": "0s",
		"SUMSUB_WEBHOOK_SECRET": "t0pshort", "SUMSUB_WEBHOOK_SHA1": "perhaps",
	})
	text := strings.Join(lines, "\n")
	for _, name := range []string{
		"PASSFORT_WEBHOOK_SECRET:", "PASSFORT_WEBHOOK_SOURCES:", "PASSFORT_WEBHOOK_FORWARD_URL:", "PORTAL_WEBHOOK_RETENTION:",
		"SUMSUB_WEBHOOK_SECRET:", "SUMSUB_WEBHOOK_SHA1:",
	} {
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
	_, lines = load(t, file, map[string]string{"SUMSUB_WEBHOOK_SECRET": "sandbox-sumsub-webhook-secret"})
	wrong(t, lines, "SUMSUB_WEBHOOK_SECRET: is the demo's")
	_, lines = load(t, file, map[string]string{"SUMSUB_WEBHOOK_SECRET": "the-secret-of-the-api", "SUMSUB_SECRET_KEY": "the-secret-of-the-api"})
	wrong(t, lines, "SUMSUB_WEBHOOK_SECRET: is the API's")
}
