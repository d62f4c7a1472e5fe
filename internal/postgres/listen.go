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
// besides the pool, for as long as it runs, and the server has to know that connection: a proxy in transaction mode does not do.
type Listener struct {
	config *pgx.ConnConfig
	jitter func() float64
	log    *slog.Logger

	silence, pingFor time.Duration // tests shorten them
}

// NewListener prepares a listener at the server of that URL. jitter returns numbers from 0 to below 1.
func NewListener(url string, jitter func() float64, log *slog.Logger) (*Listener, error) {
	config, err := pgxpool.ParseConfig(url) // which knows the settings of a pool and takes them out
	if err != nil {
		return nil, errors.New("not a Postgres URL") // the driver's error repeats the text
	}
	config.ConnConfig.ConnectTimeout = callFor
	return &Listener{config: config.ConnConfig, jitter: jitter, log: log, silence: silence, pingFor: pingFor}, nil
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

// listen hears on one connection for as long as it is good.
func (l *Listener) listen(ctx context.Context, to Ear) error {
	conn, err := pgx.ConnectConfig(ctx, l.config)
	if err != nil {
		return fmt.Errorf("connecting: %w", err)
	}
	defer func() {
		ended, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(ended) // it may be broken already
	}()
	if err := l.order(ctx, conn, "listen "+registrationsChannel); err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	to.Back()
	defer to.Lost()
	for {
		if err := l.hear(ctx, conn, to); err != nil {
			return err
		}
	}
}

// hear waits for one change, or for a silence, after which it asks whether the server is still there.
func (l *Listener) hear(ctx context.Context, conn *pgx.Conn, to Ear) error {
	quiet, cancel := context.WithTimeout(ctx, l.silence)
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
