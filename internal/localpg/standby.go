package localpg

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// A primary's standby may have every commit before it is acknowledged, which needs no disk: one of the two stays.
const replicated = `
wal_level = replica
max_wal_senders = 4
synchronous_commit = on
`

// Standby creates a cluster that follows this one, which must have been started as a primary, and returns once every commit
// waits until it has it too.
func (c *Cluster) Standby(ctx context.Context) (*Cluster, error) {
	s, err := create(ctx, &Cluster{durable: c.durable, primary: true, of: c, port: socketPort})
	if err != nil {
		return nil, fmt.Errorf("creating a standby: %w", err)
	}
	if err := c.awaitSynchronous(ctx); err != nil {
		_ = s.Stop()
		return nil, fmt.Errorf("awaiting the standby: %w", err)
	}
	return s, nil
}

// awaitSynchronous has commits wait for the standby from now on.
func (c *Cluster) awaitSynchronous(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, c.URL("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for _, sql := range []string{"alter system set synchronous_standby_names = '*'", "select pg_reload_conf()"} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		var there bool
		err := conn.QueryRow(ctx, "select exists (select from pg_stat_replication where sync_state = 'sync')").Scan(&there)
		if there || err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Promote has a standby take over, and returns once it takes writes.
func (c *Cluster) Promote(ctx context.Context) error { return c.exec(ctx, "select pg_promote()") }

// EitherURL is the address of a database of whichever of the two takes writes.
func (c *Cluster) EitherURL(database string, other *Cluster) string {
	at := url.Values{
		"host":                 {c.dir + "," + other.dir},
		"port":                 {strconv.Itoa(c.port) + "," + strconv.Itoa(other.port)},
		"target_session_attrs": {"read-write"},
	}
	return "postgres://postgres@/" + url.PathEscape(database) + "?" + at.Encode()
}
