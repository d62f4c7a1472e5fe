package postgres

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

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
