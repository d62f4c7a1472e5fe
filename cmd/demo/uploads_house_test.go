package main

import (
	"context"
	"maps"
	"net/http"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"portal/internal/identity"
	"portal/internal/localpg"
	"portal/web/session"
)

// counter is where documents are handed in: the built portal on a Postgres of its own whose commits wait for a disk, with
// the sandbox as a third process. The portal has a folder of its own to work in, and one for what it might put aside.
type counter struct {
	*portalProcess
	world   *world // the sandbox's control calls alone
	pool    *pgxpool.Pool
	data    string // where Postgres keeps everything
	work    string // the portal's working directory
	aside   string // and its TMPDIR
	cookies *session.Codec
	people  []person
}

// person is an applicant of whom documents are wanted.
type person struct {
	cookie       *http.Cookie
	registration string
}

// newCounter opens one to so many applicants. Changes are of the portal's settings.
func newCounter(t *testing.T, people int, changes settings) *counter {
	t.Helper()
	c := &counter{work: t.TempDir(), aside: t.TempDir()}
	d := c.startNeighbours(t)
	var err error
	if c.pool, err = pgxpool.New(t.Context(), d.settings["PORTAL_DATABASE_URL"]); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.pool.Close)
	if err := c.pool.QueryRow(t.Context(), `show data_directory`).Scan(&c.data); err != nil {
		t.Fatal(err)
	}
	if c.cookies, err = cookiesOf(d.settings); err != nil {
		t.Fatal(err)
	}
	c.register(t, d.settings, people)
	c.open(t, d.settings, changes)
	return c
}

// startNeighbours starts what the portal needs around it, as the demo does.
func (c *counter) startNeighbours(t *testing.T) *demo {
	t.Helper()
	at, err := freeAddresses(4)
	if err != nil {
		t.Fatal(err)
	}
	env := addresses(at)
	env["PORTAL_CONFIG"] = filepath.Join(c.work, "portal.toml")
	if err := writeConfig(env["PORTAL_CONFIG"], "http://"+at[2], ""); err != nil {
		t.Fatal(err)
	}
	c.world = &world{env: env}
	d := &demo{bin: filepath.Dir(program(t, "portal")), stdout: newOutput(), stderr: newOutput(), settings: newSettings(c.world.getenv)}
	t.Cleanup(func() {
		if err := d.close(nil); err != nil {
			t.Error(err)
		}
	})
	durable := func(ctx context.Context) (err error) {
		if d.postgres, err = localpg.Start(ctx, localpg.Options{Durable: true}); err != nil {
			return err
		}
		d.settings["PORTAL_DATABASE_URL"] = d.postgres.URL("portal")
		return d.postgres.CreateDatabase(ctx, "portal")
	}
	for _, step := range []func(context.Context) error{d.open, durable, d.makeKeys, d.migrate, d.startSandbox} {
		if err := step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// open starts the portal.
func (c *counter) open(t *testing.T, env, changes settings) {
	t.Helper()
	env = maps.Clone(env)
	env["TMPDIR"] = c.aside
	maps.Copy(env, changes)
	c.portalProcess = &portalProcess{listen: env["PORTAL_LISTEN"], debug: env["PORTAL_DEBUG_LISTEN"], log: newOutput(), gone: make(chan struct{})}
	c.cmd = exec.Command(program(t, "portal"), "serve")
	c.cmd.Dir, c.cmd.Env, c.cmd.Stdout, c.cmd.Stderr = c.work, env.environ(), c.log, c.log
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = c.cmd.Wait()
		close(c.gone)
	}()
	if err := c.awaitReady(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, c.log)
	}
	t.Cleanup(func() { c.stop(t) })
}

// register makes applicants before the portal starts, past its pages and past the pace that it keeps: neither is what is
// looked at.
func (c *counter) register(t *testing.T, env settings, people int) {
	t.Helper()
	c.limits(t, false)
	r := newRegistrar(t, c.pool, env)
	c.people = make([]person, people)
	g, ctx := errgroup.WithContext(t.Context())
	g.SetLimit(8)
	for i := range c.people {
		g.Go(func() (err error) {
			token := identity.NewToken()
			if c.people[i].cookie, err = c.cookies.Cookie(token); err != nil {
				return err
			}
			c.people[i].registration, err = r.register(ctx, token)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	c.limits(t, true)
}

// limits has the sandbox keep the provider's limits, or not.
func (c *counter) limits(t *testing.T, keep bool) {
	t.Helper()
	c.world.control(t, http.MethodPatch, "/_sandbox/sumsub/options", map[string]bool{"no_rate_limits": !keep}, new(any))
}

// arrived counts the pictures that the provider has.
func (c *counter) arrived(t *testing.T) (pictures int) {
	t.Helper()
	var list []struct{ Images int }
	c.world.control(t, http.MethodGet, "/_sandbox/sumsub/applicants", nil, &list)
	for _, applicant := range list {
		pictures += applicant.Images
	}
	return pictures
}

// causes are why files were not sent, as operators see it, with how many there are of each.
func (c *counter) causes(t *testing.T) (list []string) {
	t.Helper()
	rows, err := c.pool.Query(t.Context(), `select count(*) || ' ' || status || ' ' || cause from documents where status <> 'sent' group by status, cause`)
	if err == nil {
		list, err = pgx.CollectRows(rows, pgx.RowTo[string])
	}
	if err != nil {
		t.Error(err)
	}
	return list
}

// proc is a file in which the system says something of the portal's process.
func (c *counter) proc(name string) string {
	return filepath.Join("/proc", strconv.Itoa(c.cmd.Process.Pid), name)
}
