package postgres

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// poolFor is how long a pool may take to show that Postgres is there before it is asked past the pool.
const poolFor = 500 * time.Millisecond

// Reachable says whether Postgres is there, and nothing else: a portal all of whose connections are in use works as well as it
// can, and were it taken out of service for that, those it leaves its work to would be next. So where the pool has none to
// spare in time, one more is made for a moment; and if Postgres has no more to give either, those of the pool are at work.
func Reachable(ctx context.Context, pool *pgxpool.Pool) error {
	err := pinged(ctx, pool)
	if err == nil || pool.Stat().AcquiredConns() == 0 {
		return err
	}
	conn, err := pgx.ConnectConfig(ctx, pool.Config().ConnConfig)
	if answered, ok := errors.AsType[*pgconn.PgError](err); ok && answered.Code == tooManyConnections {
		return nil
	}
	if err == nil {
		_ = conn.Close(ctx) // it has shown what it was for
	}
	return err
}

func pinged(ctx context.Context, pool *pgxpool.Pool) error {
	ctx, cancel := context.WithTimeout(ctx, poolFor)
	defer cancel()
	return pool.Ping(ctx)
}

// triedAfter is how long a connection is taken to be good without a round trip that shows it.
const triedAfter = time.Second

// shouldPing has a connection tried before it is handed out where it was idle for long, or where there is something to read
// although nothing was asked: the other side has left, as it does with all connections at once when Postgres is restarted.
// Otherwise each of them would cost somebody a page.
func shouldPing(_ context.Context, p pgxpool.ShouldPingParams) bool {
	return p.IdleDuration > triedAfter || !quiet(p.Conn.PgConn().Conn())
}

// quiet says whether there is nothing to read from a connection, and it is open. It asks the system alone.
func quiet(conn net.Conn) bool {
	if encrypted, ok := conn.(*tls.Conn); ok {
		conn = encrypted.NetConn()
	}
	system, ok := conn.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := system.SyscallConn()
	if err != nil {
		return false
	}
	var found error
	err = raw.Control(func(fd uintptr) {
		var first [1]byte
		_, _, found = syscall.Recvfrom(int(fd), first[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
	})
	return err == nil && errors.Is(found, syscall.EAGAIN)
}
