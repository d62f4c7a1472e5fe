package postgres

import "time"

// Hurry has a listener notice within that time that its connection has broken down.
func (l *Listener) Hurry(within time.Duration) { l.silence, l.pingFor = within/2, within/2 }

// Renew has a listener's connections last that long.
func (l *Listener) Renew(every time.Duration) { l.lifetime = every }

// ConnectTimeout is how long one of the hosts of a listener's URL may take.
func (l *Listener) ConnectTimeout() time.Duration { return l.config.ConnectTimeout }
