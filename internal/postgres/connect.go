package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// The pool of a process, unless the URL says otherwise (pool_max_conns and so on).
const (
	// Nothing holds a connection while it waits for a provider, so a few serve many applicants: a page holds one for about
	// a millisecond. More than the cores of Postgres's machine can work for at once would only wait there instead of here.
	connections = 16
	// Whoever comes after a quiet time finds a connection and need not wait for one to be made.
	idleConnections = 2
	// What a rush has opened is given back soon, to whoever else wants one of Postgres's.
	idleFor = 5 * time.Minute
	// A connection ends now and then, and not all at once, so that a name that has come to mean another server, or a
	// balancer that has got another one, is noticed without a restart.
	lifetime       = 30 * time.Minute
	lifetimeJitter = 10 * time.Minute
	// How often idle connections are counted.
	countEvery = 15 * time.Second
)

const (
	// connectFor is how long one of the URL's hosts may take. A host that has gone without a word must leave time to try the
	// next within callFor.
	connectFor = 2 * time.Second
	// aliveWithin is how long a connection that was idle may take to show that it is alive before it is given up.
	aliveWithin = time.Second
)

// Connect opens a pool on Postgres, or on a proxy that is like it, without waiting for the first connection.
func Connect(ctx context.Context, url string) (*pgxpool.Pool, error) {
	return connect(ctx, url, func(*pgxpool.Config) {})
}

// ConnectPooled opens a pool on a proxy that hands connections out for one transaction each. What a connection was told
// before is then unknown to it or, worse, known to another: no statement is prepared under a name. Statements are described
// once and sent whole ever after, so it is still one round trip for each.
func ConnectPooled(ctx context.Context, url string) (*pgxpool.Pool, error) {
	return connect(ctx, url, func(c *pgxpool.Config) { c.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe })
}

// ConnectAside opens a pool for the few who want a connection of their own, beside those of [ConnectPooled]. It keeps none.
func ConnectAside(ctx context.Context, url string) (*pgxpool.Pool, error) {
	return connect(ctx, url, func(c *pgxpool.Config) { c.MinIdleConns = 0 })
}

func connect(ctx context.Context, url string, change func(*pgxpool.Config)) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if file, ok := errors.AsType[*fs.PathError](err); ok {
		return nil, fmt.Errorf("a file that the URL names: %w", file)
	}
	if err != nil {
		return nil, errors.New("not a Postgres URL") // the driver's error repeats the text
	}
	size(config, url)
	fatal := config.ConnConfig.OnPgError
	config.ConnConfig.OnPgError = func(c *pgconn.PgConn, e *pgconn.PgError) bool {
		return e.Code != readOnly && fatal(c, e) // a server that has lost its part must not be asked again
	}
	config.ShouldPing = shouldPing
	change(config)
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("opening the pool: %w", err)
	}
	return pool, nil
}

// size sets what the URL does not.
func size(c *pgxpool.Config, url string) {
	for name, set := range map[string]func(){
		"pool_max_conns":                func() { c.MaxConns = connections },
		"pool_min_idle_conns":           func() { c.MinIdleConns = idleConnections },
		"pool_max_conn_idle_time":       func() { c.MaxConnIdleTime = idleFor },
		"pool_max_conn_lifetime=":       func() { c.MaxConnLifetime = lifetime },
		"pool_max_conn_lifetime_jitter": func() { c.MaxConnLifetimeJitter = lifetimeJitter },
		"pool_health_check_period":      func() { c.HealthCheckPeriod = countEvery },
		"pool_ping_timeout":             func() { c.PingTimeout = aliveWithin },
		"connect_timeout":               func() { c.ConnConfig.ConnectTimeout = connectFor },
	} {
		if !strings.Contains(url, name) {
			set()
		}
	}
}
