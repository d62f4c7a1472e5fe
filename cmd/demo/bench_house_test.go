package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/config"
	"portal/internal/identity"
	"portal/internal/localpg"
	"portal/internal/postgres"
	"portal/internal/sandbox"
	"portal/internal/sandbox/passfort"
	"portal/web/session"
)

// house is a portal as it runs in earnest: the built program as a process of its own, on a Postgres whose commits wait
// for a disk. Only the provider is played, in this process, and it takes as many profiles as it is asked for.
type house struct {
	*portalProcess
	cluster  *localpg.Cluster
	pool     *pgxpool.Pool
	sandbox  *sandbox.Sandbox
	provider string // where the sandbox answers
	cookies  *session.Codec
	client   *http.Client
}

// answerWithin is the deadline of every call that a benchmark makes.
const answerWithin = 30 * time.Second

func newHouse(b *testing.B) *house {
	b.Helper()
	h := &house{cluster: durableCluster(b), client: newClient(b)}
	h.startProvider(b)
	w := &world{env: h.settings(b)}
	if out, code := portalRun(b, newSettings(w.getenv), "migrate", "up"); code != 0 {
		b.Fatal(out)
	}
	var err error
	if h.cookies, err = cookiesOf(newSettings(w.getenv)); err != nil {
		b.Fatal(err)
	}
	if h.pool, err = pgxpool.New(b.Context(), w.env["PORTAL_DATABASE_URL"]); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(h.pool.Close)
	h.portalProcess = w.startPortal(b, settings{"PASSFORT_PROFILES_PER_HOUR": "3600000"})
	return h
}

func durableCluster(b *testing.B) *localpg.Cluster {
	b.Helper()
	c, err := localpg.Start(b.Context(), localpg.Options{Durable: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := c.Stop(); err != nil {
			b.Error(err)
		}
	})
	if err := c.CreateDatabase(b.Context(), "portal"); err != nil {
		b.Fatal(err)
	}
	return c
}

// newClient keeps its connections, follows no redirects and holds no cookies.
func newClient(b *testing.B) *http.Client {
	b.Helper()
	c := &http.Client{
		Timeout: answerWithin, Transport: &http.Transport{MaxIdleConnsPerHost: 64},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	b.Cleanup(c.CloseIdleConnections)
	return c
}

func (h *house) startProvider(b *testing.B) {
	b.Helper()
	h.sandbox = sandbox.New(sandbox.Options{PassFort: passfort.Options{RatePerHour: -1}})
	server := httptest.NewServer(h.sandbox.Handler())
	h.provider = server.URL
	if _, err := h.sandbox.Mailbox().Listen("127.0.0.1:0"); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := h.sandbox.Close(); err != nil {
			b.Error(err)
		}
		server.Close()
	})
}

// settings are what the portal is told besides the demo's defaults.
func (h *house) settings(b *testing.B) settings {
	b.Helper()
	dir := b.TempDir()
	if out, code := portalRun(b, nil, "keys", "new", "--dir", dir); code != 0 {
		b.Fatal(out)
	}
	file := filepath.Join(dir, "portal.toml")
	if err := writeConfig(file, h.provider, ""); err != nil {
		b.Fatal(err)
	}
	return settings{
		"PORTAL_CONFIG": file, "PORTAL_SMTP_URL": "smtp://" + h.sandbox.Mailbox().Addr(), "PORTAL_DATABASE_URL": h.cluster.URL("portal"), "PASSFORT_API_URL": h.provider + "/4.0",
		"PORTAL_COOKIE_KEYS_FILE": filepath.Join(dir, "cookie_keys"), "PORTAL_SEAL_KEYSET_FILE": filepath.Join(dir, "seal_keyset"),
	}
}

// cookiesOf writes the session cookies of the portal that has these settings.
func cookiesOf(s settings) (*session.Codec, error) {
	e, err := config.Environ(func(name string) string { return s[name] })
	if err != nil {
		return nil, err
	}
	keys, err := e.CookieKeyBytes()
	if err != nil {
		return nil, err
	}
	return session.New(session.Options{Keys: keys, BaseURL: e.BaseURL, Name: "portal_session", MaxAge: time.Hour})
}

// applicants signs some in.
func (h *house) applicants(b *testing.B, n int) []*http.Cookie {
	b.Helper()
	list := make([]*http.Cookie, n)
	for i := range list {
		var err error
		if list[i], err = h.applicant(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	return list
}

// applicant signs a new applicant in, past the pages and the mailbox, which are not what is measured.
func (h *house) applicant(ctx context.Context) (*http.Cookie, error) {
	store, session := postgres.New(h.pool, nil, postgres.NoJobs), identity.NewToken()
	who := identity.Person{Issuer: identity.LinkIssuer, Subject: identity.Subject(rand.Text())}
	if err := store.OpenSession(ctx, who, identity.Opening{Session: session}, time.Now()); err != nil {
		return nil, err
	}
	return h.cookies.Cookie(session)
}

// runLength is how long each load goes on: LOAD, or ten seconds.
func runLength(b *testing.B) time.Duration {
	b.Helper()
	d, err := time.ParseDuration(cmp.Or(os.Getenv("LOAD"), "10s"))
	if err == nil && d < time.Second {
		err = errors.New("at least 1s is wanted")
	}
	if err != nil {
		b.Fatalf("LOAD: %v", err)
	}
	return d
}
