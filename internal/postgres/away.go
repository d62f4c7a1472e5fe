package postgres

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// SQLSTATEs that their class does not say enough of.
const (
	readOnly           = "25006" // of a write that came to a standby
	protocolViolation  = "08P01"
	databaseDropped    = "57P04"
	tooManyConnections = "53300"
)

// Away says whether an error means that Postgres cannot be reached or cannot work now. What stays wrong however long one waits
// is not: what Postgres answers otherwise, such as that it does not know the password, and a server that is not trusted.
// Where several hosts or ways were tried, there is hope as long as there is some for one of them: without TLS, of which a
// server wants to know nothing, it may just be starting.
func Away(err error) bool {
	if err == nil {
		return false
	}
	if tried, ok := allTried(err); ok {
		for _, one := range tried {
			if Away(one) {
				return true
			}
		}
		return false
	}
	if answered, ok := errors.AsType[*pgconn.PgError](err); ok {
		return unavailable(answered)
	}
	return !distrust(err)
}

// allTried are the errors of all ways to connect that were tried.
func allTried(err error) ([]error, bool) {
	failed, ok := errors.AsType[*pgconn.ConnectError](err)
	if !ok {
		return nil, false
	}
	all, ok := failed.Unwrap().(interface{ Unwrap() []error })
	if !ok {
		return nil, false
	}
	return all.Unwrap(), true
}

// unavailable says whether an answer means that the server cannot work now: connection trouble, no resources, a deadlock, of
// which one side has to try again, or an operator's intervention such as a restart.
func unavailable(e *pgconn.PgError) bool {
	switch {
	case e.Code == protocolViolation:
		// What Postgres calls so is a bug of ours. But pgbouncer gives almost all of its troubles this code, and unlike Postgres
		// does not say which of its routines speaks.
		return e.Routine == ""
	case e.Code == databaseDropped:
		return false
	case len(e.Code) < 2:
		return false
	}
	switch e.Code[:2] {
	case "08", "40", "53", "57":
		return true
	}
	return e.Code == readOnly
}

// distrust says whether the two sides did not agree on a safe connection.
func distrust(err error) bool {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok { // of sslmode=verify-ca, for which the driver looks itself
		return true
	}
	if _, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		return true
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return true
	}
	alert, ok := errors.AsType[*net.OpError](err)
	if ok && (alert.Op == "remote error" || alert.Op == "local error") { // as crypto/tls calls it when one side says no
		return true
	}
	return strings.Contains(err.Error(), "server refused TLS connection") // the driver has no type for it
}
