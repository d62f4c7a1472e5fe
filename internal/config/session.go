package config

import (
	"errors"

	"portal/internal/identity"
)

// checkSessions checks how long people stay signed in, and how many codes are sent.
func (c Config) checkSessions() error {
	var wrong []error
	if c.SessionIdle < minSessionIdle {
		wrong = append(wrong, wrongly("PORTAL_SESSION_IDLE", "must be at least %s: people are warned %s before the end", minSessionIdle, identity.SessionWarning))
	}
	if c.SessionAbsolute < c.SessionIdle {
		wrong = append(wrong, wrongly("PORTAL_SESSION_ABSOLUTE", "must not be less than PORTAL_SESSION_IDLE"))
	}
	if c.CodesPerNetwork <= 0 {
		wrong = append(wrong, wrongly("PORTAL_CODES_PER_NETWORK", "must be above zero"))
	}
	if c.CodesPerDay <= 0 {
		wrong = append(wrong, wrongly("PORTAL_CODES_PER_DAY", "must be above zero"))
	}
	if c.ClearSiteData && c.BaseURL != nil && c.BaseURL.Path != "" && c.BaseURL.Path != "/" {
		wrong = append(wrong, wrongly("PORTAL_CLEAR_SITE_DATA", "only for a portal that has a host of its own: it would empty what the rest of the site keeps in people's browsers"))
	}
	return errors.Join(wrong...)
}

// minSessionIdle leaves as much time before the warning as after it.
const minSessionIdle = 2 * identity.SessionWarning
