package config

import (
	"errors"
	"slices"
	"strings"
)

// The demo's secrets of webhooks, which everybody knows.
const (
	demoWebhookSecret       Secret = "sandbox-webhook-secret"
	demoSumsubWebhookSecret Secret = "sandbox-sumsub-webhook-secret"
)

// shortestWebhookSecret keeps a secret from being guessed, and from occurring in a message by chance.
const shortestWebhookSecret = 16

// WebhookSecrets are the secrets of PassFort's webhooks, the current one first; none where webhooks are off.
func (e Environment) WebhookSecrets() []string { return listed(e.WebhookSecret) }

// SumsubWebhookSecrets are likewise those of Sumsub's webhooks.
func (e Environment) SumsubWebhookSecrets() []string { return listed(e.SumsubWebhookSecret) }

// listed are the secrets of a setting that has several.
func listed(setting Secret) []string {
	var secrets []string
	for _, s := range strings.Split(setting.Reveal(), ",") {
		if s = strings.TrimSpace(s); s != "" {
			secrets = append(secrets, s)
		}
	}
	return secrets
}

func (c Config) checkWebhooks() error {
	const to, digests = "PASSFORT_WEBHOOK_FORWARD_URL", "SUMSUB_WEBHOOK_SECRET"
	wrong := []error{
		c.checkWebhookSecrets("PASSFORT_WEBHOOK_SECRET", c.WebhookSecrets(), demoWebhookSecret),
		c.checkWebhookSecrets(digests, c.SumsubWebhookSecrets(), demoSumsubWebhookSecret),
	}
	if slices.Contains(c.SumsubWebhookSecrets(), c.SumsubSecretKey.Reveal()) {
		wrong = append(wrong, wrongly(digests, "is the API's, SUMSUB_SECRET_KEY: a webhook has a secret of its own in Sumsub's dashboard"))
	}
	if u := c.WebhookForwardURL; u != nil {
		wrong = append(wrong, web(to, u), c.clear(to, u))
		if len(c.WebhookSecrets()) == 0 {
			wrong = append(wrong, wrongly(to, "nothing can be sent on without PASSFORT_WEBHOOK_SECRET"))
		}
	}
	if c.WebhookRetention <= 0 {
		wrong = append(wrong, wrongly("PORTAL_WEBHOOK_RETENTION", "must be above zero"))
	}
	return errors.Join(wrong...)
}

// checkWebhookSecrets checks those of one provider.
func (c Config) checkWebhookSecrets(name string, secrets []string, demo Secret) error {
	var wrong []error
	if slices.ContainsFunc(secrets, unfit) {
		wrong = append(wrong, wrongly(name, "each must be %d or more letters, digits and signs of ASCII, without spaces", shortestWebhookSecret))
	}
	if slices.Contains(secrets, demo.Reveal()) && c.BaseURL != nil && !Loopback(c.BaseURL) {
		wrong = append(wrong, wrongly(name, "is the demo's, which everybody knows: set your own"))
	}
	return errors.Join(wrong...)
}

// unfit says whether a secret is one that a header could not carry, or that could be guessed.
func unfit(secret string) bool {
	strange := func(r rune) bool { return r <= ' ' || r > '~' }
	return len(secret) < shortestWebhookSecret || strings.ContainsFunc(secret, strange)
}
