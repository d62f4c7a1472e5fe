package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/onboarding"
)

// registrationsChannel is where changes of registrations are told that applicants may see: see [Teller].
const registrationsChannel = "registrations"

// A connection that has broken down without a word is noticed by a ping that follows a silence. Whoever comes back after
// the server has been away does so within seconds, and not all at once.
const (
	silence   = 10 * time.Second
	pingFor   = 5 * time.Second
	firstWait = 250 * time.Millisecond
	longWait  = 4 * time.Second
	wasGood   = 30 * time.Second // a connection that long
	// overlap is how long a connection is still heard when its successor listens already: what was told before may be on its way.
	overlap = time.Second
)

// Ear is who wants to hear of changes.
type Ear interface {
	// Heard tells whose registration has changed.
	Heard(who onboarding.ApplicantID)
	// Lost says that changes are not heard of any more.
	Lost()
	// Back says that changes are heard of from now on. There may have been others before.
	Back()
}

// Listener hears which applicants' registrations change, whichever process changes them. It has a connection of its own
// besides the pool, and the server has to know that connection: a proxy in transaction mode does not do. As those of the pool
// it is replaced now and then, of which nobody notices anything. A standby refuses to listen, so that is no server to stay with.
type Listener struct {
	config *pgx.ConnConfig
	jitter func() float64
	log    *slog.Logger

	silence, pingFor, lifetime time.Duration // tests shorten them
}

// NewListener prepares a listener at the server of that URL. jitter returns numbers from 0 to below 1.
func NewListener(url string, jitter func() float64, log *slog.Logger) (*Listener, error) {
	config, err := pgxpool.ParseConfig(url) // which knows the settings of a pool and takes them out
	if err != nil {
		return nil, errors.New("not a Postgres URL") // the driver's error repeats the text
	}
	size(config, url)
	return &Listener{config: config.ConnConfig, jitter: jitter, log: log, silence: silence, pingFor: pingFor, lifetime: lifetime}, nil
}

// Run listens until ctx ends, and connects again as often as it takes.
func (l *Listener) Run(ctx context.Context, to Ear) {
	for wait := firstWait; ctx.Err() == nil; wait = min(2*wait, longWait) {
		began := time.Now()
		err := l.listen(ctx, to)
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > wasGood {
			wait = firstWait
		}
		l.log.WarnContext(ctx, "changes of registrations are not heard of: pages ask for them", slog.Any("error", err))
		select {
		case <-time.After(wait/2 + time.Duration(l.jitter()*float64(wait))):
		case <-ctx.Done():
		}
	}
}

// listen hears on one connection after the other for as long as they are good.
func (l *Listener) listen(ctx context.Context, to Ear) error {
	conn, err := l.open(ctx)
	if err != nil {
		return err
	}
	defer func() { l.close(ctx, conn) }()
	to.Back()
	defer to.Lost()
	for {
		if err := l.hearFor(ctx, conn, to, l.lifetime+time.Duration(l.jitter()*float64(lifetimeJitter))); err != nil {
			return err
		}
		next, err := l.open(ctx)
		if err != nil {
			continue // with what there is; if that is no good either, it will show
		}
		err = l.hearFor(ctx, conn, to, overlap)
		l.close(ctx, conn)
		if conn = next; err != nil && ctx.Err() == nil {
			to.Back() // the last words are lost
		}
	}
}

// open opens a connection that listens.
func (l *Listener) open(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, l.config)
	if err != nil {
		return nil, fmt.Errorf("connecting: %w", err)
	}
	if err := l.order(ctx, conn, "listen "+registrationsChannel); err != nil {
		l.close(ctx, conn)
		return nil, fmt.Errorf("listening: %w", err)
	}
	return conn, nil
}

// close closes a connection, which may be broken already.
func (*Listener) close(ctx context.Context, conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	_ = conn.Close(ctx)
}

// hearFor hears on a connection for so long.
func (l *Listener) hearFor(ctx context.Context, conn *pgx.Conn, to Ear, long time.Duration) error {
	for end := time.Now().Add(long); time.Now().Before(end); {
		if err := l.hear(ctx, conn, to, min(l.silence, time.Until(end))); err != nil {
			return err
		}
	}
	return nil
}

// hear waits for one change, or for a silence, after which it asks whether the server is still there.
func (l *Listener) hear(ctx context.Context, conn *pgx.Conn, to Ear, within time.Duration) error {
	quiet, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	n, err := conn.WaitForNotification(quiet)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil && pgconn.Timeout(err) && !conn.IsClosed():
		if err := l.order(ctx, conn, "-- ping"); err != nil {
			return fmt.Errorf("asking whether the server is there: %w", err)
		}
		return nil
	case err != nil:
		return fmt.Errorf("waiting: %w", err)
	}
	who, err := uuid.Parse(n.Payload)
	if err != nil {
		l.log.WarnContext(ctx, "a change of no applicant was told", slog.Int("bytes", len(n.Payload)))
		return nil
	}
	to.Heard(onboarding.ApplicantID(who))
	return nil
}

// order has the server do something within the time of a ping.
func (l *Listener) order(ctx context.Context, conn *pgx.Conn, sql string) error {
	ctx, cancel := context.WithTimeout(ctx, l.pingFor)
	defer cancel()
	_, err := conn.Exec(ctx, sql, pgx.QueryExecModeSimpleProtocol)
	return err
}
