package config

import (
	"errors"
	"slices"
	"strings"
)

const demoWebhookSecret Secret = "sandbox-webhook-secret"

// shortestWebhookSecret keeps a secret from being guessed, and from occurring in a message by chance.
const shortestWebhookSecret = 16

// WebhookSecrets are the secrets of PassFort's webhooks, the current one first; none where webhooks are off.
func (e Environment) WebhookSecrets() []string {
	var secrets []string
	for _, s := range strings.Split(e.WebhookSecret.Reveal(), ",") {
		if s = strings.TrimSpace(s); s != "" {
			secrets = append(secrets, s)
		}
	}
	return secrets
}

func (c Config) checkWebhooks() error {
	const name, to = "PASSFORT_WEBHOOK_SECRET", "PASSFORT_WEBHOOK_FORWARD_URL"
	secrets := c.WebhookSecrets()
	var wrong []error
	if slices.ContainsFunc(secrets, unfit) {
		wrong = append(wrong, wrongly(name, "each must be %d or more letters, digits and signs of ASCII, without spaces", shortestWebhookSecret))
	}
	if slices.Contains(secrets, demoWebhookSecret.Reveal()) && c.BaseURL != nil && !Loopback(c.BaseURL) {
		wrong = append(wrong, wrongly(name, "is the demo's, which everybody knows: set your own"))
	}
	if u := c.WebhookForwardURL; u != nil {
		wrong = append(wrong, web(to, u), c.clear(to, u))
		if len(secrets) == 0 {
			wrong = append(wrong, wrongly(to, "nothing can be sent on without PASSFORT_WEBHOOK_SECRET"))
		}
	}
	if c.WebhookRetention <= 0 {
		wrong = append(wrong, wrongly("PORTAL_WEBHOOK_RETENTION", "must be above zero"))
	}
	return errors.Join(wrong...)
}

// unfit says whether a secret is one that a header could not carry, or that could be guessed.
func unfit(secret string) bool {
	strange := func(r rune) bool { return r <= ' ' || r > '~' }
	return len(secret) < shortestWebhookSecret || strings.ContainsFunc(secret, strange)
}
