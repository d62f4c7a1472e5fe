package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"portal/internal/localpg"
)

// world is a running demo.
type world struct {
	env            settings // what its programs were given besides the demo's defaults
	stdout, stderr *output
	cancel         context.CancelFunc
	ended          chan error // how run ended
}

// shared is the demo of all tests that need none of their own. It is the whole demo, with a Postgres and keys that it
// made itself. Its users keep apart by their e-mail addresses.
var shared = sync.OnceValues(func() (*world, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	w, err := startWorld(context.Background(), filepath.Join(bin, "portal.toml"), "", settings{})
	if err == nil {
		atEnd.add(w.stop)
	}
	return w, err
})

func sharedWorld(t *testing.T) *world {
	t.Helper()
	w, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// newWorld starts a demo of the test's own, on a database and with keys that further portals can use.
func newWorld(t testing.TB, database string) *world {
	t.Helper()
	return newWorldWith(t, database, "")
}

// newWorldWith is newWorld with more of portal.toml.
func newWorldWith(t testing.TB, database, more string) *world {
	t.Helper()
	dir := t.TempDir()
	if out, code := portalRun(t, nil, "keys", "new", "--dir", dir); code != 0 {
		t.Fatal(out)
	}
	w, err := startWorld(t.Context(), filepath.Join(dir, "portal.toml"), more, settings{
		"PORTAL_DATABASE_URL":     database,
		"PORTAL_COOKIE_KEYS_FILE": filepath.Join(dir, "cookie_keys"),
		"PORTAL_SEAL_KEYSET_FILE": filepath.Join(dir, "seal_keyset"),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.stop(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Logf("the programs wrote:\n%s", w.stderr)
		}
	})
	return w
}

func ownWorld(t *testing.T) *world {
	t.Helper()
	return newWorld(t, localpg.NewURL(t))
}

// startWorld starts a demo on free ports. Somebody else may take one between the choice and its use, so it tries again.
func startWorld(ctx context.Context, config, more string, env settings) (*world, error) {
	const tries = 4
	for try := 1; ; try++ {
		w, err := tryWorld(ctx, config, more, env)
		if err == nil || try == tries || !taken(w.stderr.String()) {
			return w, err
		}
	}
}

// taken says whether a program wrote that it could not have its port.
func taken(log string) bool { return strings.Contains(log, "address already in use") }

func tryWorld(ctx context.Context, config, more string, env settings) (*world, error) {
	w := &world{env: maps.Clone(env), stdout: newOutput(), stderr: newOutput(), ended: make(chan error, 1)}
	bin, err := programs()
	if err != nil {
		return w, err
	}
	at, err := freeAddresses(4)
	if err != nil {
		return w, err
	}
	maps.Copy(w.env, addresses(at))
	w.env["PORTAL_CONFIG"] = config
	if err := writeConfig(config, "http://"+at[2], more); err != nil {
		return w, err
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	w.cancel = cancel
	go func() { w.ended <- run(running, bin, w.getenv, w.stdout, w.stderr) }()
	return w, w.ready(ctx)
}

func (w *world) getenv(name string) string { return w.env[name] }

// addresses are the settings that follow from those of the portal, its private listener, the sandbox and its mailbox.
func addresses(at []string) settings {
	portal, sandbox := "http://"+at[0]+"/onboarding", "http://"+at[2]
	_, port, _ := net.SplitHostPort(at[2])
	return settings{
		"PORTAL_LISTEN": at[0], "PORTAL_DEBUG_LISTEN": at[1], "PORTAL_BASE_URL": portal,
		"SANDBOX_LISTEN": at[2], "SANDBOX_SMTP_LISTEN": at[3], "PORTAL_SMTP_URL": "smtp://" + at[3],
		"PASSFORT_API_URL": sandbox + "/4.0", "PASSFORT_COLLECTION_URL": "http://collection.localhost:" + port,
		"PORTAL_NOTICES_URL":   sandbox + "/company/notices",
		"SANDBOX_REDIRECT_URL": portal + "/complete", "SANDBOX_FORM_URL": portal,
		"SANDBOX_WEBHOOKS_URL": portal + "/webhooks/passfort",
	}
}

// lastPort is the port that was chosen last. Ports are below those that the system hands out (from 32768 on Linux): one of
// those may be another test's by the time a program listens on it, and that one's server answers in its place.
var lastPort = func() *atomic.Int32 {
	var p atomic.Int32
	p.Store(firstPort + rand.Int32N(ports))
	return &p
}()

const firstPort, ports = 10_000, 20_000

// freeAddresses are loopback addresses that nobody listens on, and that this process has not chosen before.
func freeAddresses(n int) ([]string, error) {
	var list []string
	for range ports {
		at := fmt.Sprintf("127.0.0.1:%d", firstPort+lastPort.Add(1)%ports)
		l, err := net.Listen("tcp", at)
		if err != nil {
			continue
		}
		if list = append(list, at); len(list) == n {
			return list, l.Close()
		}
		if err := l.Close(); err != nil {
			return nil, err
		}
	}
	return nil, errors.New("no port is free")
}

// writeConfig writes the demo's portal.toml with the sandbox where it really is, and with more at its end.
func writeConfig(path, sandbox, more string) error {
	text, err := os.ReadFile(filepath.Join("..", "..", "portal.toml"))
	if err != nil {
		return err
	}
	text = bytes.ReplaceAll(text, []byte("http://127.0.0.1:8090"), []byte(sandbox))
	return errors.Join(os.WriteFile(path, append(text, more...), 0o600), copyLogos(filepath.Dir(path)))
}

// copyLogos puts the pictures that portal.toml names beside a copy of it.
func copyLogos(to string) error {
	for _, name := range []string{"logo.svg", "logo-dark.svg"} {
		logo, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, name), logo, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// ready waits until both programs have said that they answer.
func (w *world) ready(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		err := <-w.ended
		w.ended <- err
		cancel(fmt.Errorf("the demo ended: %w\n%s", err, w.stderr))
	}()
	err := w.stdout.await(ctx, func(text string) bool {
		return strings.Contains(text, "sandbox ready: http://"+w.env["SANDBOX_LISTEN"]) &&
			strings.Contains(text, "portal ready: "+w.env["PORTAL_BASE_URL"])
	})
	if err != nil {
		return errors.Join(err, w.stop())
	}
	return nil
}

// stop ends the demo and waits until it has cleaned up.
func (w *world) stop() error {
	if w.cancel == nil {
		return nil
	}
	w.cancel()
	err := <-w.ended
	w.ended <- err
	return err
}

// origin is where the portal answers, address the whole of one of its addresses.
func (w *world) origin() string             { return "http://" + w.env["PORTAL_LISTEN"] }
func (w *world) address(path string) string { return w.env["PORTAL_BASE_URL"] + path }
func (w *world) collection() string         { return w.env["PASSFORT_COLLECTION_URL"] }
func (w *world) thanks() string             { return w.sandbox("/company/thanks") }

func (w *world) sandbox(path string) string { return "http://" + w.env["SANDBOX_LISTEN"] + path }

// eventually asks again and again until the answer is yes.
func eventually(t testing.TB, what string, ask func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !ask() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("waited in vain until %s", what)
		}
	}
}
