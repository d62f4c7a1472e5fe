package doctor

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Database is Postgres as the portal comes to it.
type Database struct {
	Pool   *pgxpool.Pool
	Pooled bool // PORTAL_DATABASE_POOLING says that connections are handed out for a transaction each
	Beside int  // connections of a process besides its pool
}

// oldest is the oldest Postgres that the portal knows.
const oldest = 15

// server is what a server says of itself and of the login.
type server struct {
	Version     int
	VersionText string
	Recovery    bool
	Fsync       string
	Commit      string
	Places      int // connections that ordinary logins can have
	Login       string
	Super       bool
	CreateDB    bool
	CreateRole  bool
	Schema      bool // it may change the schema
	Audit       bool // it may change entries of the audit trail
	Unread      int  // tables that it may not read
	Unwritten   int  // tables that it may not write and must
	Long        int  // transactions that have gone on for long
	Longest     time.Duration
}

// What only the owner writes is no lack: see migrations, 00017_roles.sql. A login sees the transactions of its own role, or all
// if it is a member of pg_read_all_stats.
const serverSQL = `
with tables as (
    select oid, relname from pg_class where relkind = 'r' and relnamespace = to_regnamespace(current_schema())
), long as (
    select now() - xact_start as lasts from pg_stat_activity
    where datname = current_database() and backend_type = 'client backend' and xact_start < now() - interval '5 minutes'
)
select current_setting('server_version_num')::int / 10000, current_setting('server_version'), pg_is_in_recovery(),
    current_setting('fsync'), current_setting('synchronous_commit'),
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
    rolname, rolsuper, rolcreatedb, rolcreaterole,
    coalesce(has_schema_privilege(current_schema(), 'create'), false),
    coalesce(has_table_privilege(to_regclass('audit_entries'), 'update'), false),
    (select count(*) from tables where not has_table_privilege(oid, 'select')),
    (select count(*) from tables where not has_table_privilege(oid, 'insert') and relname not in ('goose_db_version', 'river_migration')),
    (select count(*) from long), (select coalesce(extract(epoch from max(lasts)), 0)::float8 from long)
from pg_roles where rolname = current_user`

// Look asks for all of it at once.
func (d Database) Look(ctx context.Context) []Finding {
	s, err := d.ask(ctx)
	if err != nil {
		return []Finding{Problem("see Postgres's log", "Postgres does not tell about itself: %v", err)}
	}
	found := append(s.health(), s.rights()...)
	found = append(found, d.room(s))
	if f, ok := d.pooling(ctx); ok {
		found = append(found, f)
	}
	return found
}

func (d Database) ask(ctx context.Context) (s server, err error) {
	var seconds float64
	err = d.Pool.QueryRow(ctx, serverSQL).Scan(&s.Version, &s.VersionText, &s.Recovery, &s.Fsync, &s.Commit, &s.Places,
		&s.Login, &s.Super, &s.CreateDB, &s.CreateRole, &s.Schema, &s.Audit, &s.Unread, &s.Unwritten, &s.Long, &seconds)
	s.Longest = time.Duration(seconds) * time.Second
	return s, err
}

// health is what is said of the server.
func (s server) health() []Finding {
	found := []Finding{OK("Postgres %s answers", s.VersionText)}
	if s.Version < oldest {
		found[0] = Problem(fmt.Sprintf("upgrade to %d or newer", oldest), "Postgres %s is too old", s.VersionText)
	}
	if s.Recovery {
		found = append(found, Problem("have PORTAL_DATABASE_URL lead to the primary (target_session_attrs=read-write)", "it is a standby, which takes no writes"))
	}
	if s.Fsync == "off" {
		found = append(found, Warning("set fsync = on in Postgres", "fsync is off: a crash of the machine can destroy the database"))
	}
	if s.Commit == "off" {
		found = append(found, Warning("set synchronous_commit = on in Postgres, or for this login", "synchronous_commit is off: a crash can undo what the portal has promised"))
	}
	if s.Long > 0 {
		found = append(found, Warning("see pg_stat_activity for who holds them, and end them", "transactions that go on for more than 5 minutes: %d (the longest: %s)", s.Long, s.Longest))
	}
	return found
}

// rights is what is said of the login.
func (s server) rights() []Finding {
	const member = "make the login of PORTAL_DATABASE_URL a member of portal_application, and migrate as another"
	if s.Unread+s.Unwritten > 0 {
		return []Finding{Problem(member, "%s may not read %d tables and not write %d that it must", s.Login, s.Unread, s.Unwritten)}
	}
	var more []string
	for _, right := range []struct {
		has  bool
		what string
	}{
		{s.Super, "is a superuser"},
		{s.CreateDB && !s.Super, "may make databases"},
		{s.CreateRole && !s.Super, "may make roles"},
		{s.Schema && !s.Super, "may change the schema"},
		{s.Audit && !s.Super, "may change the audit trail"},
	} {
		if right.has {
			more = append(more, right.what)
		}
	}
	if len(more) == 0 {
		return []Finding{OK("%s has the rights that the portal needs, and no more", s.Login)}
	}
	return []Finding{Warning(member, "%s has more rights than the portal needs: it %s", s.Login, strings.Join(more, ", "))}
}

// room says how many processes Postgres has connections for.
func (d Database) room(s server) Finding {
	const fix = "raise max_connections in Postgres, lower pool_max_conns in PORTAL_DATABASE_URL, or put pgbouncer between"
	each := int(d.Pool.Config().MaxConns) + d.Beside
	switch processes := s.Places / each; {
	case d.Pooled:
		return OK("Postgres has %d connections for all clients of the pooler", s.Places)
	case processes == 0:
		return Problem(fix, "a process wants up to %d connections, and Postgres has %d for all", each, s.Places)
	case processes == 1:
		return Warning(fix, "Postgres has %d connections, which is not enough for two processes of %d each", s.Places, each)
	default:
		return OK("Postgres has %d connections: enough for %d processes of %d each", s.Places, processes, each)
	}
}

// pooling finds out whether connections are handed out for a transaction each: two that are open at once are then served by one
// and the same process of Postgres, one after the other. Nothing is said where that cannot be seen.
func (d Database) pooling(ctx context.Context) (Finding, bool) {
	const fix = "set PORTAL_DATABASE_POOLING to "
	if d.Pool.Config().MaxConns < 2 {
		return Finding{}, false
	}
	shared, direct, err := d.served(ctx)
	switch {
	case err != nil:
		return Warning("see Postgres's log", "whether there is a pooler could not be seen: %v", err), true
	case shared && !d.Pooled:
		return Problem(fix+"transaction, and PORTAL_DATABASE_DIRECT_URL to Postgres itself", "there is a pooler in transaction mode, and the settings do not say so: what is prepared on a connection gets lost"), true
	case d.Pooled && direct:
		return Warning(fix+"session: that saves Postgres work", "PORTAL_DATABASE_POOLING is transaction, and there is no pooler"), true
	case d.Pooled:
		return OK("there is a pooler, as PORTAL_DATABASE_POOLING says"), true
	}
	return OK("connections are the portal's own, as PORTAL_DATABASE_POOLING says"), true
}

// served asks two connections by turns for the process that serves them. A pooler gives a client a number that it made up.
func (d Database) served(ctx context.Context) (shared, direct bool, err error) {
	one, err := d.Pool.Acquire(ctx)
	if err != nil {
		return false, false, err
	}
	defer one.Release()
	two, err := d.Pool.Acquire(ctx)
	if err != nil {
		return false, false, err
	}
	defer two.Release()
	for range 3 { // somebody else may come between
		var first, second uint32
		if err := one.QueryRow(ctx, "select pg_backend_pid()").Scan(&first); err != nil {
			return false, false, err
		}
		if err := two.QueryRow(ctx, "select pg_backend_pid()").Scan(&second); err != nil {
			return false, false, err
		}
		shared = shared || first == second
		direct = first == one.Conn().PgConn().PID()
	}
	return shared, direct, nil
}

// Time is that of Postgres's machine.
func (d Database) Time(ctx context.Context) (now time.Time, err error) {
	err = d.Pool.QueryRow(ctx, "select clock_timestamp()").Scan(&now)
	return now, err
}
