package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/config"
	"portal/internal/identity"
	"portal/internal/postgres"
	"portal/web/session"
)

// throng is many who use the portal at once, each over a connection that is kept, and what they are answered.
type throng struct {
	front   string // the origin that they know
	pool    *pgxpool.Pool
	cookies *session.Codec
	client  *http.Client
	guests  []*http.Cookie // who look at pages
	all     sync.WaitGroup
	over    chan struct{} // closed when they may go
	end     func()        // has them finish what they do and go

	mu       sync.Mutex
	answered map[string]int // how often as it should be, by what was asked for
	failures []failure
	webhooks []string    // ids of those that were acknowledged
	starts   []uuid.UUID // applicants whose start was
}

// failure is an answer that should not be, or none.
type failure struct {
	what string
	at   time.Time
	err  error
}

func (f failure) String() string { return fmt.Sprintf("%s: %v", f.what, f.err) }

// newThrong is a throng at a front, of people who are signed in at the portals of a world.
func newThrong(t testing.TB, w *world, front, database string) *throng {
	t.Helper()
	kept := &http.Transport{MaxIdleConnsPerHost: 1000}
	c := &throng{front: front, over: make(chan struct{}), answered: map[string]int{}, client: &http.Client{
		Timeout: 20 * time.Second, Transport: sentOnce{kept},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	c.end = sync.OnceFunc(func() { close(c.over); c.all.Wait(); kept.CloseIdleConnections() })
	t.Cleanup(c.end)
	var err error
	if c.pool, err = postgres.Connect(t.Context(), database); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.pool.Close)
	c.cookies = sessionCookies(t, newSettings(w.getenv))
	for range 8 {
		cookie, _, err := c.signIn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		c.guests = append(c.guests, cookie)
	}
	return c
}

// sessionCookies writes the session cookies of a portal with these settings.
func sessionCookies(t testing.TB, s settings) *session.Codec {
	t.Helper()
	e, err := config.Environ(ofMap(s))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := e.CookieKeyBytes()
	if err != nil {
		t.Fatal(err)
	}
	codec, err := session.New(session.Options{Keys: keys, BaseURL: e.BaseURL, Name: "portal_session", MaxAge: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	return codec
}

// signIn signs a new applicant in, past the pages and the mailbox.
func (c *throng) signIn(ctx context.Context) (*http.Cookie, uuid.UUID, error) {
	store, token := postgres.New(c.pool, nil, postgres.NoJobs), identity.NewToken()
	who := identity.Person{Issuer: identity.LinkIssuer, Subject: identity.Subject(rand.Text())}
	if err := store.OpenSession(ctx, who, identity.Opening{Session: token}, time.Now()); err != nil {
		return nil, uuid.Nil, err
	}
	var applicant uuid.UUID
	err := c.pool.QueryRow(ctx, "select applicant_id from identities where issuer = $1 and subject = $2", who.Issuer, who.Subject).Scan(&applicant)
	if err != nil {
		return nil, uuid.Nil, err
	}
	cookie, err := c.cookies.Cookie(token)
	return cookie, applicant, err
}

// begin has n people do something over and over again until the end, with a pause each time: a machine without a moment to
// spare would show how slow it is, and nothing else.
func (c *throng) begin(ctx context.Context, n int, do func(ctx context.Context) bool) {
	for range n {
		c.all.Go(func() {
			for {
				select {
				case <-c.over:
					return
				default:
					do(ctx)
					pause(ctx)
				}
			}
		})
	}
}

// look reads a page: of an e-mailed link, of the registration, of sign-in, or how the registration stands.
func (c *throng) look(ctx context.Context) (ok bool) {
	ok = true
	for i, page := range []string{"?request_id=r&apikey=k", "", "/sign-in", "/status"} {
		r := c.request(ctx, http.MethodGet, page, "")
		if i%2 == 1 {
			r.AddCookie(c.guests[i%len(c.guests)])
		}
		ok = c.note("look", c.do(r, http.StatusOK), func() {}) && ok
	}
	return ok
}

// start has a new applicant press the button.
func (c *throng) start(ctx context.Context) bool {
	cookie, applicant, err := c.signIn(ctx)
	if err != nil { // which is not through the portal
		return false
	}
	r := c.request(ctx, http.MethodPost, "/start", url.Values{"flow": {"individual"}}.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(cookie)
	return c.note("start", c.do(r, http.StatusSeeOther), func() { c.starts = append(c.starts, applicant) })
}

// tell sends a webhook about a profile that is none of ours.
func (c *throng) tell(ctx context.Context) bool {
	id := uuid.NewString()
	body := fmt.Sprintf(`{"id":%q,"event":"CHECK_COMPLETED","secret":%q,"timestamp":%d,"data":{"profile_id":%q,"customer_ref":null,`+
		`"apikey":{"name":"BACK_OFFICE"},"check":{"id":%q,"check_type":"IDENTITY_CHECK","result":"1+1"}}}`,
		id, defaults["PASSFORT_WEBHOOK_SECRET"], time.Now().Unix(), uuid.NewString(), uuid.NewString())
	r := c.request(ctx, http.MethodPost, "/webhooks/passfort", body)
	r.Header.Set("Authorization", "Bearer "+defaults["PASSFORT_WEBHOOK_SECRET"])
	r.Header.Set("Content-Type", "application/json")
	return c.note("webhook", c.do(r, http.StatusOK), func() { c.webhooks = append(c.webhooks, id) })
}

func (c *throng) request(ctx context.Context, method, path, body string) *http.Request {
	r, err := http.NewRequestWithContext(ctx, method, c.front+"/onboarding"+path, strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	return r
}

// do is nil where the whole answer is there and has the status.
func (c *throng) do(r *http.Request, want int) error {
	resp, err := c.client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != want {
		err = fmt.Errorf("status %d: %s", resp.StatusCode, bytes.TrimSpace(text[:min(len(text), 200)]))
	}
	return err
}

// note says whether it went well.
func (c *throng) note(what string, err error, done func()) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.failures = append(c.failures, failure{what, time.Now(), err})
		return false
	}
	c.answered[what]++
	done()
	return true
}

// pause is how long people take until they do the next thing.
func pause(ctx context.Context) {
	select {
	case <-time.After(20 * time.Millisecond):
	case <-ctx.Done():
	}
}

// failed are the failures so far.
func (c *throng) failed() []failure {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.failures)
}

// served is how many requests have been answered so far.
func (c *throng) served() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, one := range c.answered {
		n += one
	}
	return n
}

// acknowledged is how many writes have been so far.
func (c *throng) acknowledged() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.webhooks) + len(c.starts)
}

// lastFailure is when the last failure was.
func (c *throng) lastFailure() (at time.Time) {
	if all := c.failed(); len(all) > 0 {
		at = all[len(all)-1].at
	}
	return at
}

// quietFor says whether nothing has failed for so long.
func (c *throng) quietFor(d time.Duration) bool { return time.Since(c.lastFailure()) > d }

// mustBeKept compares what was acknowledged with what a database holds, which may hold more: what nobody could be told of.
func (c *throng) mustBeKept(t testing.TB, pool *pgxpool.Pool) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	var webhooks, starts int
	err := errors.Join(
		pool.QueryRow(t.Context(), "select count(*) from webhooks where message_id = any($1)", c.webhooks).Scan(&webhooks),
		pool.QueryRow(t.Context(), "select count(*) from registrations where applicant_id = any($1)", c.starts).Scan(&starts),
	)
	if err != nil {
		t.Fatal(err)
	}
	if webhooks != len(c.webhooks) || starts != len(c.starts) {
		t.Errorf("of %d acknowledged webhooks %d are kept, of %d starts %d", len(c.webhooks), webhooks, len(c.starts), starts)
	}
}

// tail is the end of what was written, without the lines that say nothing but that a request was answered.
func (o *output) tail() string {
	lines := slices.DeleteFunc(strings.Split(o.String(), "\n"), func(line string) bool { return strings.Contains(line, `"msg":"request"`) })
	return strings.Join(lines[max(0, len(lines)-40):], "\n")
}
