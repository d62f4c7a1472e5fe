package config

import (
	"errors"
	"slices"
	"strings"
)

const demoNoticesSecret = "whsec_c2FuZGJveC1ub3RpY2VzLXNlY3JldC1ldmVyeWJvZHkta25vd3MhIQ=="

// checkNotices leaves the form of the secrets to who signs with them.
func (c Config) checkNotices() error {
	const to, name = "PORTAL_NOTICES_URL", "PORTAL_NOTICES_SECRETS"
	u, secrets := c.NoticesURL, c.NoticesSecrets
	var wrong []error
	if u != nil {
		wrong = append(wrong, web(to, u), c.clear(to, u))
	}
	if u != nil && secrets == "" {
		wrong = append(wrong, wrongly(name, "required, as PORTAL_NOTICES_URL is set (make one with `portal notices new-secret`)"))
	}
	if u == nil && secrets != "" {
		wrong = append(wrong, wrongly(to, "required, as PORTAL_NOTICES_SECRETS is set"))
	}
	isDemo := func(one string) bool { return strings.TrimSpace(one) == demoNoticesSecret }
	if slices.ContainsFunc(strings.Split(secrets.Reveal(), ","), isDemo) && c.BaseURL != nil && !Loopback(c.BaseURL) {
		wrong = append(wrong, wrongly(name, "is the demo's, which everybody knows: set your own"))
	}
	return errors.Join(wrong...)
}
