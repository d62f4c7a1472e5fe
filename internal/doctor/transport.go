package doctor

import (
	"net/netip"
	"path/filepath"

	"github.com/jackc/pgx/v5"
)

// Transport says whether somebody on the way to Postgres could read or forge what goes over it.
func (d Database) Transport() Finding {
	c := d.Pool.Config().ConnConfig
	if !leavesMachine(c.Host) {
		return OK("Postgres is reached on this machine")
	}
	if !authenticated(c) {
		return Warning("add sslmode=verify-full to PORTAL_DATABASE_URL, unless the way to Postgres is your own", "whoever is on the way to Postgres may read or forge what goes over it")
	}
	return OK("Postgres is reached over TLS, and its certificate is checked")
}

// leavesMachine says whether connections to a host, or to the folder of a socket, go over a network.
func leavesMachine(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host != "localhost" && !filepath.IsAbs(host) && (err != nil || !addr.IsLoopback())
}

// authenticated says whether connections are made only to servers whose certificate is for their name: pgx leaves the checking to
// Go's TLS for sslmode=verify-full alone.
func authenticated(c *pgx.ConnConfig) bool {
	if c.TLSConfig == nil || c.TLSConfig.InsecureSkipVerify {
		return false
	}
	for _, other := range c.Fallbacks {
		if other.TLSConfig == nil || other.TLSConfig.InsecureSkipVerify {
			return false
		}
	}
	return true
}
