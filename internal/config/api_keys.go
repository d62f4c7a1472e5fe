package config

import (
	"slices"
	"strings"
)

const demoAPIKey = "demo-api-key"

// shortestAPIKey keeps a key from being guessed.
const shortestAPIKey = 20

// FixedAPIKeys are the keys of the company's own programs that the settings hold, beside those that the database does.
func (e Environment) FixedAPIKeys() []string {
	var keys []string
	for _, k := range strings.Split(e.APIKeys.Reveal(), ",") {
		if k = strings.TrimSpace(k); k != "" {
			keys = append(keys, k)
		}
	}
	return keys
}

func (c Config) checkAPIKeys() error {
	const name = "PORTAL_API_KEYS"
	if c.BaseURL != nil && Loopback(c.BaseURL) {
		return nil // a demo's
	}
	keys := c.FixedAPIKeys()
	if slices.Contains(keys, demoAPIKey) {
		return wrongly(name, "is the demo's, which everybody knows: set your own, or make keys with `portal api-keys new`")
	}
	strange := func(r rune) bool { return r <= ' ' || r > '~' }
	short := func(key string) bool { return len(key) < shortestAPIKey || strings.ContainsFunc(key, strange) }
	if slices.ContainsFunc(keys, short) {
		return wrongly(name, "each must be %d or more letters, digits and signs of ASCII, without spaces", shortestAPIKey)
	}
	return nil
}
