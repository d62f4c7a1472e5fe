// Package localpg runs a private, throw-away Postgres from the machine's own binaries: one for the demo, one for each
// test process. Call Start for a cluster of your own, or New in a test for a migrated database of the test's own.
//
// Nothing is left behind however the calling process ends: a small shell script (supervise.sh) owns the server and the
// directory, and removes both when its input, a pipe only this process holds, comes to an end.
package localpg

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

//go:embed supervise.sh
var supervise []byte

// The port is part of a socket's name even when nothing listens on TCP.
const socketPort = 5432

// What processes share is in the cluster's directory, and goes with it even after a kill.
const settings = `
max_connections = 200
dynamic_shared_memory_type = mmap
timezone = 'UTC'
log_timezone = 'UTC'
`

// The cluster never outlives its process, so nothing is worth waiting for a disk.
const forgetful = `
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_size = 128MB
max_wal_senders = 0
shared_buffers = 64MB
`

// Options of a cluster; the zero value is what most callers want.
type Options struct {
	// TCP has the server listen on a free port of 127.0.0.1 too, for programs that cannot use a socket.
	TCP bool
	// Durable has every commit wait for a disk, as it does where data matters: for measuring how long things take.
	Durable bool
	// Primary has the server take standbys: see [Cluster.Standby].
	Primary bool
}

// Cluster is a running Postgres with a directory of its own. Its methods may be called from any goroutine.
type Cluster struct {
	dir     string
	tcp     bool
	durable bool
	primary bool
	of      *Cluster // whose standby it is, if it is one
	port    int

	supervisor *exec.Cmd
	mu         sync.Mutex // one order at a time
	orders     io.WriteCloser
	replies    *bufio.Reader
	stop       func() error
}

// Start creates a cluster and returns once it answers, which takes about a second.
func Start(ctx context.Context, o Options) (*Cluster, error) {
	return create(ctx, &Cluster{tcp: o.TCP, durable: o.Durable, primary: o.Primary, port: socketPort})
}

func create(ctx context.Context, c *Cluster) (*Cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	if c.tcp {
		if c.port, err = freePort(); err != nil {
			return nil, err
		}
	}
	if err := c.supervise(bin); err != nil {
		return nil, fmt.Errorf("starting postgres: %w", err)
	}
	for _, order := range []string{"init", "start"} {
		if err := errors.Join(ctx.Err(), c.order(order)); err != nil {
			return nil, errors.Join(fmt.Errorf("starting postgres: %w", err), c.Stop())
		}
	}
	return c, nil
}

// URL is the address of one of the cluster's databases, through its socket, for its owner.
func (c *Cluster) URL(database string) string { return c.URLFor("postgres", database) }

// URLFor is that address for another login.
func (c *Cluster) URLFor(login, database string) string {
	at := url.Values{"host": {c.dir}, "port": {strconv.Itoa(c.port)}}
	return "postgres://" + url.PathEscape(login) + "@/" + url.PathEscape(database) + "?" + at.Encode()
}

// CreateLogin makes a login that may do what a role may, and nothing else, and returns its address of a database.
func (c *Cluster) CreateLogin(ctx context.Context, name, role, database string) (string, error) {
	login, of := pgx.Identifier{name}.Sanitize(), pgx.Identifier{role}.Sanitize()
	return c.URLFor(name, database), c.exec(ctx, "create role "+login+" login in role "+of)
}

// TCPURL is the address of one of the cluster's databases through TCP. The cluster must have been started with it.
func (c *Cluster) TCPURL(database string) string {
	if !c.tcp {
		panic("localpg: this cluster was started without TCP")
	}
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/%s?sslmode=disable", c.port, url.PathEscape(database))
}

// CreateDatabase makes an empty database.
func (c *Cluster) CreateDatabase(ctx context.Context, name string) error {
	return c.exec(ctx, "create database "+pgx.Identifier{name}.Sanitize())
}

// Halt stops the server and keeps its data; Resume starts it again at the same address.
func (c *Cluster) Halt() error { return c.order("halt") }

// Resume starts a halted server and returns once it answers.
func (c *Cluster) Resume() error { return c.order("start") }

// Kill ends the server and all its processes as a power cut does.
func (c *Cluster) Kill() error { return c.order("kill") }

// Stop ends the server and removes its directory. Calling it again does nothing.
func (c *Cluster) Stop() error { return c.stop() }

// supervise creates the cluster's directory and the process that looks after it.
func (c *Cluster) supervise(bin string) error {
	owner, err := serverUser()
	if err != nil {
		return err
	}
	if c.dir, err = os.MkdirTemp(c.parent(), "portal-pg-"); err != nil {
		return err
	}
	if err := c.launch(bin, owner); err != nil {
		return errors.Join(err, os.RemoveAll(c.dir))
	}
	return nil
}

// launch starts the supervisor as the directory's owner, in a process group of its own so that a Ctrl-C meant for us
// reaches it only as the end of its input.
func (c *Cluster) launch(bin string, owner *credential) error {
	script, settings := filepath.Join(c.dir, "supervise.sh"), filepath.Join(c.dir, "settings")
	err := errors.Join(
		os.WriteFile(script, supervise, 0o600),
		os.WriteFile(settings, c.settings(), 0o600),
		owner.own(c.dir, script, settings),
	)
	if err != nil {
		return err
	}
	args := []string{script, bin, c.dir}
	if c.of != nil {
		args = append(args, c.of.URL("postgres"))
	}
	cmd := exec.Command("/bin/sh", args...)
	cmd.Dir = c.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	cmd.SysProcAttr = owner.attributes()
	orders, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	replies, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	c.supervisor, c.orders, c.replies = cmd, orders, bufio.NewReader(replies)
	c.stop = sync.OnceValue(c.end)
	return nil
}

func (c *Cluster) settings() []byte {
	var b bytes.Buffer
	b.WriteString(settings)
	if !c.durable {
		b.WriteString(forgetful)
	}
	if c.primary {
		b.WriteString(replicated)
	}
	fmt.Fprintf(&b, "port = %d\n", c.port)
	fmt.Fprintf(&b, "unix_socket_directories = '%s'\n", strings.ReplaceAll(c.dir, "'", "''"))
	if c.tcp {
		b.WriteString("listen_addresses = '127.0.0.1'\n")
	} else {
		b.WriteString("listen_addresses = ''\n")
	}
	return b.Bytes()
}

// order has the supervisor do one thing and waits until it is done.
func (c *Cluster) order(name string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, err := fmt.Fprintln(c.orders, name); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	reply, err := c.replies.ReadString('\n')
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if reply != "0\n" {
		return fmt.Errorf("%s: %s", name, c.lastWords())
	}
	return nil
}

// end closes the supervisor's input and waits until it has cleaned up.
func (c *Cluster) end() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.orders.Close(); err != nil {
		return fmt.Errorf("stopping postgres: %w", err)
	}
	gone := make(chan error, 1)
	go func() { gone <- c.supervisor.Wait() }()
	select {
	case err := <-gone:
		if err != nil {
			return fmt.Errorf("stopping postgres: %w", err)
		}
		return nil
	case <-time.After(10 * time.Second):
		return fmt.Errorf("stopping postgres: it still runs in %s after 10 s", c.dir)
	}
}

// lastWords is the end of the server's log.
func (c *Cluster) lastWords() string {
	log, err := os.ReadFile(filepath.Join(c.dir, "log"))
	if err != nil {
		return err.Error()
	}
	return string(bytes.TrimSpace(log[max(0, len(log)-2000):]))
}

// exec runs one statement outside any transaction, as creating and dropping a database wants it.
func (c *Cluster) exec(ctx context.Context, sql string) error {
	conn, err := pgx.Connect(ctx, c.URL("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	_, err = conn.Exec(ctx, sql)
	return err
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("finding a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
