package config

import "errors"

// Who hands out the connections of PORTAL_DATABASE_URL, and for how long.
const (
	poolingSession     = "session"     // Postgres itself, or a proxy that gives a connection to one client until it leaves
	poolingTransaction = "transaction" // a proxy that gives it for one transaction, such as pgbouncer with pool_mode = transaction
)

// TransactionPooling says whether DatabaseURL leads to a proxy that keeps nothing from one transaction to the next.
func (e Environment) TransactionPooling() bool { return e.DatabasePooling == poolingTransaction }

// SessionURL is where a connection is one's own until it is closed, which listening and migrating want. It is empty where
// there is no such place.
func (e Environment) SessionURL() Secret {
	if e.DatabaseDirectURL == "" && !e.TransactionPooling() {
		return e.DatabaseURL
	}
	return e.DatabaseDirectURL
}

// CheckDatabase is also for commands that read the database's settings alone.
func (e Environment) CheckDatabase() error {
	var wrong []error
	if e.DatabaseURL == "" {
		wrong = append(wrong, wrongly("PORTAL_DATABASE_URL", "required (a Postgres URL)"))
	}
	if e.DatabasePooling != poolingSession && e.DatabasePooling != poolingTransaction {
		wrong = append(wrong, wrongly("PORTAL_DATABASE_POOLING", "%q is neither %q nor %q", e.DatabasePooling, poolingSession, poolingTransaction))
	}
	return errors.Join(wrong...)
}

func (c Config) checkStopDelay() error {
	if c.StopDelay < 0 {
		return wrongly("PORTAL_STOP_DELAY", "must not be below zero")
	}
	return nil
}
