package config

import "time"

// shortestRetention is for how long a registration is kept after its end at least: its applicant comes back to see what has
// become of it, and the company's programs ask.
const shortestRetention = 30 * 24 * time.Hour

func (c Config) checkRetention() error {
	if c.RegistrationRetention != 0 && c.RegistrationRetention < shortestRetention {
		return wrongly("PORTAL_REGISTRATION_RETENTION", "must be 720h or more, or 0 to keep registrations for ever")
	}
	return nil
}
