package postgres

import "time"

// Hurry has a listener notice within that time that its connection has broken down.
func (l *Listener) Hurry(within time.Duration) { l.silence, l.pingFor = within/2, within/2 }
