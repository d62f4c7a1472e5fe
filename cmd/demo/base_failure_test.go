package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portal/internal/localpg"
	"portal/internal/postgres"
)

func TestAPortalThatIsThereBeforePostgresWaits(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"serve", "worker"} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			w, cluster := bareWorld(t), localpg.NewCluster(t)
			if err := cluster.Halt(); err != nil {
				t.Fatal(err)
			}
			p := w.waiting(t, withPassword(cluster.URL("portal")), command)
			p.mustWait(t, command)
			if err := cluster.Resume(); err != nil {
				t.Fatal(err)
			}
			if err := p.awaitReady(t.Context()); err != nil {
				t.Fatalf("%v\n%s", err, p.log)
			}
			if command == "serve" && !answers(t.Context(), p.origin()+"/onboarding/sign-in") {
				t.Error("it is ready and does not serve")
			}
			if log := p.log.String(); strings.Contains(log, password) || strings.Count(log, `"waiting for Postgres"`) != 1 {
				t.Errorf("it wrote:\n%s", log)
			}
		})
	}
}

func TestAPortalThatWaitsEndsAtOnceWhenItIsTold(t *testing.T) {
	t.Parallel()
	w := bareWorld(t)
	for _, command := range []string{"serve", "worker"} {
		p := w.waiting(t, "postgres://portal@127.0.0.1:1/portal", command)
		p.stop(t) // which wants an end in good order
		if log := p.log.String(); !strings.Contains(log, `"msg":"stopped"`) || strings.Contains(log, "unfinished") {
			t.Errorf("%s wrote:\n%s", command, log)
		}
	}
}

func TestAPortalDoesNotWaitForANewerSchema(t *testing.T) {
	t.Parallel()
	w, cluster := bareWorld(t), localpg.NewCluster(t)
	if err := cluster.CreateDatabase(t.Context(), "empty"); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"serve", "worker"} {
		at, err := freeAddresses(2)
		if err != nil {
			t.Fatal(err)
		}
		p := w.launchPortal(t, at, settings{"PORTAL_DATABASE_URL": cluster.URL("empty")}, command)
		<-p.gone
		if code := p.cmd.ProcessState.ExitCode(); code != 1 || !strings.Contains(p.log.String(), "portal migrate up") {
			t.Errorf("%s: exit %d:\n%s", command, code, p.log)
		}
	}
}

func TestMigrateWaitsForPostgres(t *testing.T) {
	t.Parallel()
	cluster := localpg.NewCluster(t)
	if err := cluster.Halt(); err != nil {
		t.Fatal(err)
	}
	env := settings{"PORTAL_DATABASE_URL": cluster.URL("portal")}
	if out, code := portalRun(t, env, "migrate", "up", "--wait", "300ms"); code != 1 || !strings.Contains(out, "waiting for Postgres") {
		t.Errorf("in vain: exit %d, %q", code, out)
	}
	ended := make(chan string, 1)
	go func() {
		out, _ := portalRun(t, env, "migrate", "up")
		ended <- out
	}()
	if err := cluster.Resume(); err != nil {
		t.Fatal(err)
	}
	if out := <-ended; !strings.Contains(out, "nothing to do") {
		t.Errorf("it did not work: %q", out)
	}
}

// Both are promises to whoever operates the portal; nothing is restarted but Postgres.
const (
	errorsAfterRestart   = 5 * time.Second  // until they end, once Postgres takes connections
	writesAfterPromotion = 10 * time.Second // until they succeed
)

func TestErrorsEndSoonAfterPostgresIsBack(t *testing.T) {
	t.Parallel()
	w, cluster := ownWorld(t), localpg.NewPrimary(t) // which, unlike others, loses no commit when it is killed
	p := w.startPortal(t, settings{"PORTAL_DATABASE_URL": cluster.URL("portal")})
	c := w.busy(t, p, cluster.URL("portal"))
	if err := cluster.Kill(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "somebody notices", func() bool { return len(c.failed()) > 0 })
	if err := cluster.Resume(); err != nil {
		t.Fatal(err)
	}
	back, before := time.Now(), c.served()
	eventually(t, "all is well again", func() bool { return c.served() > before+500 && c.quietFor(time.Second) })
	c.end()
	if last := c.lastFailure(); last.Sub(back) > errorsAfterRestart {
		t.Errorf("there were errors until %s after its return", last.Sub(back))
	} else {
		t.Logf("the last error was %s after its return", last.Sub(back))
	}
	c.mustBeKept(t, c.pool)
}

func TestWritesResumeSoonAfterAFailover(t *testing.T) {
	t.Parallel()
	w, primary := ownWorld(t), localpg.NewPrimary(t)
	standby, err := primary.Standby(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = standby.Stop() })
	either := primary.EitherURL("portal", standby)
	p := w.startPortal(t, settings{"PORTAL_DATABASE_URL": either})
	c := w.busy(t, p, either)
	if err := primary.Kill(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "somebody notices", func() bool { return len(c.failed()) > 0 })
	if err := standby.Promote(t.Context()); err != nil {
		t.Fatal(err)
	}
	promoted, before := time.Now(), c.acknowledged()
	eventually(t, "writes are taken", func() bool { return c.acknowledged() > before })
	t.Logf("writes are taken %s after the promotion", time.Since(promoted))
	if took := time.Since(promoted); took > writesAfterPromotion {
		t.Errorf("writes are taken only %s after the promotion", took)
	}
	eventually(t, "all is well again", func() bool { return c.quietFor(time.Second) })
	c.end()
	kept, err := postgres.Connect(t.Context(), standby.URL("portal"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(kept.Close)
	c.mustBeKept(t, kept)
}

// password is one that everybody is let in with.
const password = "secret-of-a-test"

func withPassword(url string) string {
	return strings.Replace(url, "postgres@", "postgres:"+password+"@", 1)
}

// bareWorld is settings for portals that have nobody to talk to, on a database of their own.
func bareWorld(t testing.TB) *world {
	t.Helper()
	dir := t.TempDir()
	if out, code := portalRun(t, nil, "keys", "new", "--dir", dir); code != 0 {
		t.Fatal(out)
	}
	return &world{env: settings{
		"PORTAL_CONFIG": filepath.Join("..", "..", "portal.toml"), "PORTAL_DATABASE_URL": localpg.NewURL(t),
		"PORTAL_COOKIE_KEYS_FILE": filepath.Join(dir, "cookie_keys"), "PORTAL_SEAL_KEYSET_FILE": filepath.Join(dir, "seal_keyset"),
	}}
}

// waiting is a portal that has been started and is not ready, since there is no Postgres.
func (w *world) waiting(t *testing.T, database, command string) *portalProcess {
	t.Helper()
	at, err := freeAddresses(2)
	if err != nil {
		t.Fatal(err)
	}
	p := w.launchPortal(t, at, settings{"PORTAL_DATABASE_URL": database}, command)
	t.Cleanup(func() { p.stop(t) })
	ctx, cancel := context.WithTimeout(t.Context(), startFor)
	defer cancel()
	err = p.log.await(ctx, func(text string) bool { return strings.Contains(text, `"level":"WARN","msg":"waiting for Postgres"`) })
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// mustWait looks at what it says of itself meanwhile, and that nobody is let in.
func (p *portalProcess) mustWait(t *testing.T, command string) {
	t.Helper()
	if !answers(t.Context(), "http://"+p.debug+"/healthz") {
		t.Errorf("%s does not live", command)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+p.debug+"/readyz", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusServiceUnavailable || !strings.Contains(string(text), "postgres: ") {
		t.Errorf("%s is ready: %d, %q, %v", command, resp.StatusCode, text, err)
	}
	if conn, err := net.Dial("tcp", p.listen); err == nil {
		_ = conn.Close()
		t.Errorf("%s takes connections", command)
	}
}

// busy is a throng at a portal, at work.
func (w *world) busy(t *testing.T, p *portalProcess, database string) *throng {
	t.Helper()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the portal wrote:\n%s", p.log.tail())
		}
	})
	c := newThrong(t, w, p.origin(), database)
	c.begin(t.Context(), 16, c.look)
	c.begin(t.Context(), 16, c.tell)
	c.begin(t.Context(), 4, c.start)
	eventually(t, "they are at work", func() bool { return c.served() > 300 })
	return c
}
