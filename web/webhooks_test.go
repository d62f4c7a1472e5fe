package web_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/i18n"
	"portal/internal/inbox"
	"portal/internal/localpg"
	"portal/internal/onboarding"
	"portal/internal/passfort"
	"portal/internal/postgres"
	"portal/internal/sandbox"
	"portal/internal/sandbox/passfort/webhooks"
	"portal/internal/sumsub"
	"portal/static"
	"portal/templates"
	"portal/web"
	"portal/web/middleware"
)

const webhookSecret = "the-secret-of-these-webhooks"

// mailroom is a portal that receives webhooks on real Postgres, by real HTTP.
type mailroom struct {
	t     *testing.T
	inbox *inbox.Inbox
	pool  *pgxpool.Pool
	log   *logBook
	web   *web.Server
	url   string

	mu     sync.Mutex
	handed []string // ids of messages, in the order in which they were handed on
}

type mailroomOptions struct {
	pool    *pgxpool.Pool // a database of the test's own unless given
	sources []netip.Prefix
	proxies []netip.Prefix
	inbox   web.Inbox // stands in for the real one
	only    string    // the one provider that is expected; both unless given
}

// senders are the providers that are expected, and where from.
func (o mailroomOptions) senders() map[string][]netip.Prefix {
	if o.only != "" {
		return map[string][]netip.Prefix{o.only: nil}
	}
	return map[string][]netip.Prefix{"passfort": o.sources, "sumsub": nil}
}

func newMailroom(t *testing.T, o mailroomOptions) *mailroom {
	t.Helper()
	m := &mailroom{t: t, pool: o.pool, log: &logBook{}}
	if m.pool == nil && o.inbox == nil {
		m.pool = localpg.New(t)
	}
	log := slog.New(slog.NewJSONHandler(m.log, nil))
	m.inbox = &inbox.Inbox{
		Messages: postgres.NewWebhooks(m.pool, sealKeys(t)),
		Decoders: map[string]inbox.Decoder{
			"passfort": passfort.NewDecoder([]string{webhookSecret, "an-older-secret-of-them"}),
			"sumsub":   sumsub.NewDecoder([]string{webhookSecret, "an-older-secret-of-them"}, false),
		},
		Hand: m.hand, Retention: time.Hour, Now: time.Now, Jitter: func() float64 { return 0 }, Log: log,
	}
	if o.inbox == nil {
		o.inbox = m.inbox
	}
	assets, err := northlight.Assets(nil)
	if err != nil {
		t.Fatal(err)
	}
	embedding, err := middleware.NewEmbedding(collection, nil)
	if err != nil {
		t.Fatal(err)
	}
	m.web, err = web.New(web.Options{
		BaseURL: parseURL(t, publicURL), Collection: collection, Embedding: embedding, Static: true,
		LinkParams: [2]string{"request_id", "apikey"}, TrustedProxies: o.proxies,
		Site:    templates.Site{Brand: northlight, Base: "/onboarding", Assets: static.New(assets), Languages: i18n.BuiltIn},
		Observe: func(string, string, int, time.Duration) {}, Now: time.Now, Log: log,
		Webhooks: &web.Webhooks{Inbox: o.inbox, Senders: o.senders()},
	})
	if err != nil {
		t.Fatal(err)
	}
	if m.pool == nil {
		return m // for deliver
	}
	server := httptest.NewServer(m.web)
	t.Cleanup(server.Close)
	m.url = server.URL + "/onboarding/webhooks/"
	return m
}

func (m *mailroom) hand(_ context.Context, _, _ string, messages []inbox.Message) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, one := range messages {
		m.handed = append(m.handed, one.ID)
	}
	return nil
}

// sender is PassFort's queue, delivering to the mailroom.
func (m *mailroom) sender(o webhooks.Options) *sandbox.Sandbox {
	m.t.Helper()
	o.URL, o.Secret = m.url+"passfort", webhookSecret
	o.BackoffMS, o.BackoffMaxMS, o.BatchEveryMS = 10, 50, 10
	s := sandbox.New(sandbox.Options{Webhooks: o})
	m.t.Cleanup(func() {
		if err := s.Close(); err != nil {
			m.t.Error(err)
		}
	})
	return s
}

// post sends a delivery of PassFort's by hand.
func (m *mailroom) post(authorization, body string, header ...string) (status int, text string) {
	m.t.Helper()
	return m.postTo("passfort", body, append([]string{"Authorization", authorization}, header...)...)
}

// postTo sends a delivery of a provider's by hand, with headers and their values in turn.
func (m *mailroom) postTo(provider, body string, header ...string) (status int, text string) {
	m.t.Helper()
	r, err := http.NewRequestWithContext(m.t.Context(), http.MethodPost, m.url+provider, strings.NewReader(body))
	if err != nil {
		m.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		m.t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		m.t.Fatal(err)
	}
	if len(resp.Cookies()) > 0 || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/plain") || len(answer) > 100 {
		m.t.Errorf("status %d is no short plain answer: %q, %v", resp.StatusCode, answer, resp.Header)
	}
	return resp.StatusCode, string(answer)
}

func (m *mailroom) count(sql string) (n int) {
	m.t.Helper()
	if err := m.pool.QueryRow(m.t.Context(), sql).Scan(&n); err != nil {
		m.t.Fatal(err)
	}
	return n
}

// process hands on everything that is due.
func (m *mailroom) process() {
	m.t.Helper()
	if _, err := m.inbox.ProcessDue(m.t.Context()); err != nil {
		m.t.Fatal(err)
	}
}

const bearer = "Bearer " + webhookSecret

func message(id string) string {
	return fmt.Sprintf(`{"id":%q,"event":"X_CHANGED","secret":%q,"data":{"profile_id":"p"}}`, id, webhookSecret)
}

func TestWebhooksArriveWhateverTheirShape(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]webhooks.Options{
		"single":           {},
		"lower case":       {EventCase: webhooks.Lower},
		"batched, array":   {Batching: true, BatchShape: webhooks.Array},
		"batched, object":  {Batching: true, BatchShape: webhooks.Object},
		"batched, singles": {Batching: true, BatchShape: webhooks.Single},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMailroom(t, mailroomOptions{})
			s := m.sender(o)
			for k := range 12 {
				s.Webhooks().Enqueue("CUSTOMER_REQUEST_CHANGED", map[string]any{
					"profile_id": fmt.Sprintf("p%d", k%3), "customer_ref": "ours", "customer_request": map[string]any{"id": "r", "status": "SENT"},
				})
			}
			m.arrived(s)
			m.process()
			if n := m.count("select count(*) from webhooks where status = 'processed' and event = 'CUSTOMER_REQUEST_CHANGED' and outcome = 'SENT' and request_id = 'r'"); n != 12 || len(m.handed) != 12 {
				t.Errorf("%d processed, %d handed on, want 12", n, len(m.handed))
			}
		})
	}
}

// arrived waits until the sender has nothing left.
func (m *mailroom) arrived(s *sandbox.Sandbox) {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(m.t.Context(), 20*time.Second)
	defer cancel()
	if err := s.Webhooks().Wait(ctx); err != nil {
		m.t.Fatalf("%v: %+v", err, s.Webhooks().Status().Failures)
	}
}

func TestTroublesOfTheQueueLoseAndDoubleNothing(t *testing.T) {
	t.Parallel()
	m := newMailroom(t, mailroomOptions{})
	s := m.sender(webhooks.Options{})
	disturb := func(trouble webhooks.Trouble) webhooks.Outcome {
		t.Helper()
		out, err := s.Webhooks().Disturb(t.Context(), trouble)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	send := func(n int) {
		for range n {
			s.Webhooks().Enqueue("TASK_CREATED", map[string]any{"profile_id": "p"})
		}
		m.arrived(s)
	}
	send(3)
	disturb(webhooks.Trouble{Mode: webhooks.Duplicate, Count: 3})
	m.arrived(s)
	disturb(webhooks.Trouble{Mode: webhooks.Shuffle, Count: 4, Seed: 7, WithinMS: 100})
	send(4)
	disturb(webhooks.Trouble{Mode: webhooks.Late, DelayMS: 50})
	send(2)
	disturb(webhooks.Trouble{Mode: webhooks.Batch, Count: 3, WithinMS: 100})
	send(3)
	disturb(webhooks.Trouble{Mode: webhooks.Unknown})
	m.arrived(s)
	for _, place := range []webhooks.Place{webhooks.InHeader, webhooks.InBody, webhooks.InBoth} {
		if out := disturb(webhooks.Trouble{Mode: webhooks.BadSecret, Place: place}); out.Receiver.Status != http.StatusUnauthorized {
			t.Errorf("a wrong secret in the %s: %+v", place, out.Receiver)
		}
	}
	m.process()
	if n := m.count("select count(*) from webhooks"); n != 13 || len(m.handed) != 13 {
		t.Errorf("%d stored, %d handed on, want 13", n, len(m.handed))
	}
}

func TestWrongSecretsAreRefusedAndNothingIsStored(t *testing.T) {
	t.Parallel()
	m := newMailroom(t, mailroomOptions{})
	for name, c := range map[string]struct{ authorization, body string }{
		"no header":           {"", message("1")},
		"wrong header":        {"Bearer wrong", message("1")},
		"another scheme":      {"Basic " + webhookSecret, message("1")},
		"empty secret":        {"Bearer ", message("1")},
		"wrong in a message":  {bearer, strings.Replace(message("1"), webhookSecret, "wrong", 1)},
		"wrong in one of two": {bearer, "[" + message("1") + "," + strings.Replace(message("2"), webhookSecret, "wrong", 1) + "]"},
	} {
		if status, _ := m.post(c.authorization, c.body); status != http.StatusUnauthorized {
			t.Errorf("%s: status %d", name, status)
		}
	}
	if n := m.count("select count(*) from webhooks"); n != 0 {
		t.Errorf("%d stored", n)
	}
	for _, authorization := range []string{bearer, "bearer an-older-secret-of-them"} {
		if status, text := m.post(authorization, strings.Replace(message(authorization), "secret", "note", 1)); status != http.StatusOK || text != "ok\n" {
			t.Errorf("right: status %d, %q", status, text)
		}
	}
	if log := m.log.String(); strings.Contains(log, webhookSecret) || strings.Contains(log, "X_CHANGED") || !strings.Contains(log, "wrong secret") {
		t.Errorf("the log:\n%s", log)
	}
}

// unread is a body that must not be asked for.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the body of a stranger is read")
	return 0, io.EOF
}

func TestStrangersBodiesAreNotRead(t *testing.T) {
	t.Parallel()
	m := newMailroom(t, mailroomOptions{})
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, publicURL+"/webhooks/passfort", unread{t})
	r.Header.Set("Authorization", "Bearer wrong")
	answer := httptest.NewRecorder()
	m.web.ServeHTTP(answer, r)
	if answer.Code != http.StatusUnauthorized {
		t.Errorf("status %d", answer.Code)
	}
}

func TestOnlyTheirSourcesSendWebhooks(t *testing.T) {
	t.Parallel()
	proxies := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	m := newMailroom(t, mailroomOptions{sources: []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")}, proxies: proxies})
	for from, want := range map[string]int{"203.0.113.9": http.StatusOK, "198.51.100.1": http.StatusForbidden, "203.0.113.9, 198.51.100.1": http.StatusForbidden} {
		if status, _ := m.post(bearer, message(from), "X-Forwarded-For", from); status != want {
			t.Errorf("from %s: status %d, want %d", from, status, want)
		}
	}
}

func TestUnreadableWebhooksAreQuarantinedAndTheQueueMovesOn(t *testing.T) {
	t.Parallel()
	m := newMailroom(t, mailroomOptions{})
	long := `{"id":"long","event":"X","data":"` + strings.Repeat("x", 9<<20) + `"}`
	for _, body := range []string{"not json", "[" + message("good") + `,17,{"id":"x"}]`, long} {
		if status, text := m.post(bearer, body); status != http.StatusOK || text != "ok\n" {
			t.Errorf("%.20s…: status %d, %q", body, status, text)
		}
	}
	if n := m.count("select count(*) from webhooks where status = 'quarantined' and sealed_body is not null"); n != 4 {
		t.Errorf("%d quarantined, want 4", n)
	}
	m.process()
	if len(m.handed) != 1 || m.handed[0] != "good" {
		t.Errorf("handed on: %v", m.handed)
	}
	if n := strings.Count(m.log.String(), `"level":"ERROR","msg":"webhook quarantined"`); n != 4 {
		t.Errorf("%d alerts, want 4:\n%s", n, m.log)
	}
}

// Whatever happens to Postgres, what was answered with 200 is there.
func TestNothingAcknowledgedIsMissingAfterPostgresWasAway(t *testing.T) {
	t.Parallel()
	cluster := localpg.NewCluster(t)
	pool, err := postgres.Connect(t.Context(), cluster.URL("portal"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	m := newMailroom(t, mailroomOptions{pool: pool})
	s := m.sender(webhooks.Options{})
	enqueue := func() {
		for range 20 {
			s.Webhooks().Enqueue("TASK_CREATED", map[string]any{"profile_id": "p"})
		}
	}
	enqueue()
	m.arrived(s)
	if err := cluster.Halt(); err != nil {
		t.Fatal(err)
	}
	if status, _ := m.post(bearer, message("while away")); status != http.StatusServiceUnavailable {
		t.Errorf("status %d while Postgres is away", status)
	}
	enqueue()
	if err := cluster.Resume(); err != nil {
		t.Fatal(err)
	}
	m.arrived(s)
	m.process()
	if n := m.count("select count(*) from webhooks"); n != 40 || len(m.handed) != 40 {
		t.Errorf("%d stored, %d handed on, want 40", n, len(m.handed))
	}
	for _, f := range s.Webhooks().Status().Failures {
		if f.Answer.Status != http.StatusServiceUnavailable {
			t.Errorf("the sender was told %+v", f.Answer)
		}
	}
}

// stuck is an inbox whose store has gone away or hangs.
type stuck struct {
	entered chan struct{}
	err     error
	free    chan struct{}
}

func (s stuck) Admit(string, inbox.Proof) error { return nil }

func (s stuck) Receive(ctx context.Context, _ string, _ inbox.Proof, _ []byte, _ bool) error {
	s.entered <- struct{}{}
	select {
	case <-s.free:
		return s.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// deliver hands a delivery of PassFort's to the portal.
func (m *mailroom) deliver() *httptest.ResponseRecorder { return m.deliverTo("passfort") }

// deliverTo hands a delivery to the portal without a connection, so that time can be a test's own.
func (m *mailroom) deliverTo(provider string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(m.t.Context(), http.MethodPost, publicURL+"/webhooks/"+provider, strings.NewReader(message("x")))
	r.Header.Set("Authorization", bearer)
	answer := httptest.NewRecorder()
	m.web.ServeHTTP(answer, r)
	return answer
}

func TestDeliveriesBeyondThePlacesWaitTheirTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		in := stuck{entered: make(chan struct{}, 100), free: make(chan struct{})}
		m := newMailroom(t, mailroomOptions{inbox: in})
		var all sync.WaitGroup
		for range 40 {
			all.Go(func() {
				if status := m.deliver().Code; status != http.StatusOK {
					t.Errorf("status %d", status)
				}
			})
		}
		synctest.Wait()
		if n := len(in.entered); n != 32 {
			t.Errorf("%d bodies in memory at once, want 32", n)
		}
		close(in.free)
		all.Wait()
	})
}

func TestASlowStoreIsNeverAFalseOK(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		in := stuck{entered: make(chan struct{}, 100), free: make(chan struct{})}
		m := newMailroom(t, mailroomOptions{inbox: in})
		began := time.Now()
		var all sync.WaitGroup
		for range 40 {
			all.Go(func() {
				if a := m.deliver(); a.Code != http.StatusServiceUnavailable || a.Header().Get("Retry-After") == "" {
					t.Errorf("status %d, %v", a.Code, a.Header())
				}
			})
		}
		all.Wait()
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("a sender waited %s", took)
		}
	})
}

func TestErrorsOfTheStoreAreNeverAFalseOK(t *testing.T) {
	t.Parallel()
	for want, err := range map[int]error{
		http.StatusServiceUnavailable:  &onboarding.Error{Kind: onboarding.Busy},
		http.StatusInternalServerError: io.ErrUnexpectedEOF,
	} {
		in := stuck{entered: make(chan struct{}, 1), err: err, free: make(chan struct{})}
		close(in.free)
		m := newMailroom(t, mailroomOptions{inbox: in})
		if status := m.deliver().Code; status != want {
			t.Errorf("%v: status %d, want %d", err, status, want)
		}
	}
}
