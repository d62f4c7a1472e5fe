package localpg

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// How long pgbouncer may take to answer, and how often it is asked meanwhile.
const (
	poolerWithin = 10 * time.Second
	askPooler    = 20 * time.Millisecond
)

// NewPooled returns the address of one of the cluster's databases through a pgbouncer in transaction mode that has so many
// connections for all its clients together. It ends with the test.
func (c *Cluster) NewPooled(t testing.TB, database string, connections int) string {
	t.Helper()
	url, err := c.pool(t, database, connections)
	if err != nil {
		t.Fatalf("localpg: pgbouncer: %v", err)
	}
	return url
}

func (c *Cluster) pool(t testing.TB, database string, connections int) (string, error) {
	t.Helper()
	bin, err := bouncer()
	if err != nil {
		return "", err
	}
	owner, err := serverUser()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "portal-pgbouncer-") // and not the test's, whose folders another user cannot enter
	if err != nil {
		return "", err
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	ini := filepath.Join(dir, "pgbouncer.ini")
	if err := errors.Join(os.WriteFile(ini, c.poolerSettings(dir, connections), 0o600), owner.own(dir, ini)); err != nil {
		return "", err
	}
	cmd := exec.Command(bin, ini)
	cmd.Dir, cmd.SysProcAttr = dir, owner.attributes()
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	if err := cmd.Start(); err != nil {
		return "", err
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	at := url.Values{"host": {dir}, "port": {strconv.Itoa(poolerPort)}}
	address := "postgres://postgres@/" + url.PathEscape(database) + "?" + at.Encode()
	return address, answersAt(t.Context(), address)
}

// poolerPort is that of a socket's name.
const poolerPort = 6432

func (c *Cluster) poolerSettings(dir string, connections int) []byte {
	return fmt.Appendf(nil, `
[databases]
* = host=%s port=%d user=postgres

[pgbouncer]
listen_addr =
listen_port = %d
unix_socket_dir = %s
auth_type = any
pool_mode = transaction
default_pool_size = %d
max_client_conn = 500
logfile = %s/log
`, c.dir, c.port, poolerPort, dir, connections, dir)
}

// bouncer finds pgbouncer, which Debian keeps where only root looks.
func bouncer() (string, error) {
	if found, err := exec.LookPath("pgbouncer"); err == nil {
		return found, nil
	}
	const packaged = "/usr/sbin/pgbouncer"
	if _, err := os.Stat(packaged); err != nil {
		return "", errors.New("it is not on this machine: `scripts/install-deps pgbouncer` installs it on Debian and Ubuntu")
	}
	return packaged, nil
}

// answersAt waits until a server does.
func answersAt(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, poolerWithin)
	defer cancel()
	tick := time.NewTicker(askPooler)
	defer tick.Stop()
	for {
		conn, err := pgx.Connect(ctx, address)
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return err
		}
	}
}
