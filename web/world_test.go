package web_test

import (
	"bytes"
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/brand"
	"portal/internal/i18n"
	"portal/internal/identity"
	"portal/internal/inbox"
	"portal/internal/localpg"
	"portal/internal/mail"
	"portal/internal/onboarding"
	"portal/internal/passfort"
	"portal/internal/postgres"
	"portal/internal/sandbox"
	"portal/internal/seal"
	"portal/internal/sumsub"
	"portal/templates"
	"portal/web"
	"portal/web/live"
	"portal/web/middleware"
	"portal/web/session"
	"portal/web/upload"
)

// Where the portals of these tests are for their visitors, and where the provider's forms come from.
const (
	publicURL  = "https://www.example.com/onboarding"
	collection = "https://collection.example.net"
)

// world is a portal and what is around it, all of it real but the provider and the mail server, which are the
// sandbox's. One clock serves them all: the sandbox's, which can be set forward.
type world struct {
	t         *testing.T
	began     time.Time
	stops     []func() // of runners
	url       *url.URL // the portal's public URL
	web       *web.Server
	server    *httptest.Server
	sandbox   *sandbox.Sandbox
	api       *url.URL     // the provider's
	checks    *url.URL     // of the provider that checks documents
	apiClient *http.Client // of the provider's server alone
	calls     *callBook
	pool      *pgxpool.Pool
	desk      *identity.Desk
	log       *logBook
	hub       *live.Hub // of streams, if there are any
	reports   *reportBook
}

// wanted is what is special about a test's world. The zero value is the demo's portal on a public URL.
type wanted struct {
	url       string
	linkOnly  bool                        // loaders = ["static"]
	keys      [][]byte                    // of cookies
	pool      *pgxpool.Pool               // a database of the test's own
	visits    func(web.Visits) web.Visits // stands between the pages and the store
	perHour   int                         // profiles; many unless given
	waysIn    []web.WayIn
	sealing   string // a keyset other than that of all tests
	webhooks  bool
	live      bool            // pages are told of changes
	still     bool            // time passes by pass alone, so that nothing is refilled meanwhile
	trusted   []netip.Prefix  // proxies
	limits    web.Limits      // on how often a client may ask; none unless given
	ownHost   bool            // the portal has its host alone, and says so
	flows     []web.Flow      // beside those of all tests
	languages *i18n.Languages // all unless given
	settle    time.Duration   // within which a file may still arrive; short unless given
	sdk       *web.SDK        // where the forms for documents and camera come from; the sandbox unless given
	dressed   *dressed        // how the pages look; like northlight, in all flows, unless given

	collection string // origin of the forms; one where nobody is, unless given
}

// speaks are the languages of the portal.
func (o wanted) speaks() *i18n.Languages { return cmp.Or(o.languages, i18n.BuiltIn) }

var cookieKey = bytes.Repeat([]byte("k"), 64)

// newWorld joins the parts as cmd/portal does.
func newWorld(t *testing.T, o wanted) *world {
	t.Helper()
	w := &world{t: t, began: time.Now(), calls: &callBook{}, pool: o.pool}
	goes := time.Now
	if o.still {
		goes = func() time.Time { return w.began }
	}
	w.sandbox = sandbox.New(sandbox.Options{Now: goes})
	if w.pool == nil && !o.linkOnly {
		w.pool = localpg.New(t)
	}
	provider := httptest.NewServer(w.calls.watch(w.sandbox.Handler()))
	w.api, w.apiClient = parseURL(t, provider.URL+"/4.0"), provider.Client()
	w.checks = parseURL(t, provider.URL)
	if _, err := w.sandbox.Mailbox().Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	w.serve(o)
	t.Cleanup(func() {
		if err := w.sandbox.Close(); err != nil {
			t.Error(err)
		}
		provider.Close()
	})
	return w
}

// replica is another process of the same portal, with what is different about it.
func (w *world) replica(o wanted) *world {
	other := *w
	other.serve(o)
	return &other
}

func (w *world) serve(o wanted) {
	w.t.Helper()
	keys := w.sealing(o)
	if o.url == "" {
		o.url = publicURL
	}
	if o.keys == nil {
		o.keys = [][]byte{cookieKey}
	}
	if o.perHour == 0 {
		o.perHour = 1_000_000
	}
	w.url, w.log, w.reports = parseURL(w.t, o.url), &logBook{}, &reportBook{}
	if o.dressed == nil {
		o.dressed = dress(w.t, northlight, nil, nil)
	}
	embedding, err := middleware.NewEmbedding(cmp.Or(o.collection, collection), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	options := web.Options{
		TrustedProxies: o.trusted, Limits: o.limits, HSTS: "max-age=31536000",
		BaseURL: w.url, Collection: cmp.Or(o.collection, collection), Embedding: embedding, Static: true, LinkParams: [2]string{"request_id", "apikey"},
		Site:    templates.Site{Brand: o.dressed.brand, Base: strings.TrimSuffix(w.url.Path, "/"), Assets: o.dressed.assets, Languages: o.speaks()},
		Brands:  o.dressed.brands,
		Observe: func(string, string, int, time.Duration) {}, Now: w.sandbox.Now, Reports: w.reports.hear(),
		SDK: w.sdk(o), Log: slog.New(slog.NewJSONHandler(w.log, nil)),
	}
	if !o.linkOnly {
		store := postgres.New(w.pool, keys, postgres.NoJobs).ToldBy(w.tells())
		options.Applicants = w.applicants(o, store, options.Log)
		options.API = w.newAPI(o, options.Applicants, store, options.Log)
		if o.webhooks {
			options.Webhooks = &web.Webhooks{
				Inbox: &inbox.Inbox{
					Messages: postgres.NewWebhooks(w.pool, keys), Log: options.Log, Now: time.Now,
					Decoders: map[string]inbox.Decoder{
						"passfort": passfort.NewDecoder([]string{webhookSecret}), "sumsub": sumsub.NewDecoder([]string{webhookSecret}, false),
					},
				},
				Senders: map[string][]netip.Prefix{"passfort": nil, "sumsub": nil},
			}
		}
	}
	if o.live {
		options.Live = w.listens()
	}
	if w.web, err = web.New(options); err != nil {
		w.t.Fatal(err)
	}
	w.server = httptest.NewServer(w.web)
	w.t.Cleanup(w.server.Close)
	w.t.Cleanup(w.web.Stop) // before that, which waits for streams
}

func (w *world) applicants(o wanted, store *postgres.Store, log *slog.Logger) *web.Applicants {
	w.t.Helper()
	now := w.sandbox.Now
	mailer, err := mail.New(mail.Options{
		URL: "smtp://" + w.sandbox.Mailbox().Addr(), From: "Northlight <onboarding@northlight.example>", Brand: northlight, Languages: o.speaks(),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	provider := passfort.New(passfort.Options{BaseURL: w.api, APIKey: sandbox.DefaultMasterKey, BreakAfter: -1})
	turns := store.Turns(o.perHour)
	engine := &onboarding.Engine{
		Flows: map[string]onboarding.Flow{}, Registrations: store, Profiles: store, Documents: store, Turns: turns,
		Settle: 50 * time.Millisecond, CheckSettle: cmp.Or(o.settle, 50*time.Millisecond), Provider: provider, Verifier: w.verifier(),
		Now: now, NewID: func() onboarding.RegistrationID { return onboarding.RegistrationID(uuid.Must(uuid.NewV7())) },
		Jitter: func() float64 { return 0 }, Log: log,
	}
	offered := slices.Concat(flows, o.flows)
	for _, f := range offered {
		engine.Flows[f.Name] = f.Flow
	}
	a := &web.Applicants{
		Flows: offered, Visits: store, Desk: newDesk(store, mailer, now), WaysIn: o.waysIn,
		Engine: engine, Runner: w.run(engine, log), ClearSiteData: o.ownHost,
		Associates: &onboarding.Associates{Flows: engine.Flows, Structures: store, Files: provider, Now: now, Log: log},
		Linking:    w.run(newLinker(engine, provider, store, turns), log),
		Uploads: &onboarding.Uploads{
			Engine: engine, Documents: store, NewID: func() onboarding.DocumentID { return onboarding.DocumentID(uuid.Must(uuid.NewV7())) },
		},
		UploadMemory: upload.New(64 << 20),
		Sessions:     w.codec("portal_session", o.keys), SignIns: w.codec("portal_sign_in", o.keys), Known: w.codec("portal_known", o.keys),
	}
	w.desk = a.Desk
	if o.visits != nil {
		a.Visits = o.visits(store)
	}
	return a
}

// verifier is the client of the provider that checks documents.
func (w *world) verifier() *sumsub.Client {
	return sumsub.New(sumsub.Options{
		BaseURL: w.checks, AppToken: sandbox.DefaultAppToken, SecretKey: sandbox.DefaultSecretKey, Now: w.sandbox.Now, BreakAfter: -1,
	})
}

// sdk is where the forms for documents and camera come from: another site than the portal, as in real life.
func (w *world) sdk(o wanted) *web.SDK {
	if o.sdk != nil {
		return o.sdk
	}
	from := "http://websdk.localhost:" + w.checks.Port()
	return &web.SDK{Script: parseURL(w.t, from+"/websdk/sns-websdk-builder.js"), Frame: parseURL(w.t, from)}
}

// limits are those of sessions.
var limits = identity.Limits{Idle: time.Hour, Absolute: 24 * time.Hour}

func newDesk(store *postgres.Store, mailer identity.Mailer, now func() time.Time) *identity.Desk {
	return &identity.Desk{
		Codes: store, Allowances: store, Sessions: store, ProviderSignIns: store, Links: store, Mailer: mailer, Now: now,
		Budget: identity.Budget{PerNetwork: 300, PerDay: 20_000}, Limits: limits,
	}
}

// newLinker joins what puts associates into the files of the engine's companies.
func newLinker(e *onboarding.Engine, provider *passfort.Client, store *postgres.Store, turns *postgres.Turns) *onboarding.Linker {
	return &onboarding.Linker{
		Flows: e.Flows, Links: store, Profiles: provider, Files: provider,
		Turns:  postgres.SpareTurns{Profiles: turns, Files: store.Writes(1_000_000)},
		Settle: e.Settle, AtOnce: 4, Now: e.Now, Jitter: e.Jitter, Log: e.Log,
	}
}

// run starts a runner that has stored everything before the test's database goes.
func (w *world) run(m onboarding.Mover, log *slog.Logger) *onboarding.Runner {
	r := onboarding.NewRunner(m, log)
	ctx, cancel := context.WithCancel(w.t.Context())
	var running sync.WaitGroup
	running.Go(func() { r.Run(ctx, context.WithoutCancel(ctx)) })
	running.Go(func() { r.Sweep(ctx) })
	stop := func() { cancel(); running.Wait() }
	w.stops = append(w.stops, stop)
	w.t.Cleanup(stop)
	return r
}

// retire ends the background work of the servers so far: otherwise it goes on beside that of the next.
func (w *world) retire() {
	for _, stop := range w.stops {
		stop()
	}
	w.stops = nil
}

func (w *world) codec(name string, keys [][]byte) *session.Codec {
	w.t.Helper()
	c, err := session.New(session.Options{Keys: keys, BaseURL: w.url, Name: name, MaxAge: time.Hour})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// pass lets time go by for everybody.
func (w *world) pass(d time.Duration) {
	w.t.Helper()
	if _, err := w.sandbox.Advance(d); err != nil {
		w.t.Fatal(err)
	}
}

// count answers a query for a number.
func (w *world) count(sql string) (n int) {
	w.t.Helper()
	if err := w.pool.QueryRow(w.t.Context(), sql).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// effects counts what happened at the provider, by kind.
func (w *world) effects() map[string]int {
	counts := map[string]int{}
	for _, e := range w.sandbox.Effects() {
		counts[e.Kind]++
	}
	return counts
}

// oneOfEach is what the effects of a single start are.
var oneOfEach = map[string]int{"profile.create": 1, "customer_request.create": 1}

var northlight = brand.Brand{
	Name: "Northlight", Accent: "#0b5c57", SupportEmail: "help@northlight.example",
	PrivacyURL: "https://northlight.example/privacy", ImprintURL: "https://northlight.example/imprint",
}

// flows are the demo's four, and one in which an applicant may register several companies.
var flows = []web.Flow{
	{
		Titles: map[string]string{"de": "Privatkonto eröffnen"},
		Flow: onboarding.Flow{
			Name: "individual", Provider: onboarding.PassFort, Title: "Open a personal account", Role: onboarding.IndividualCustomer,
			FlowTemplate: "individual-onboarding", Theme: "default", CompletionURL: "https://www.example.com/thanks/individual",
		},
	},
	{
		Titles: map[string]string{"de": ""}, // still to be written
		Flow: onboarding.Flow{
			Name: "company", Provider: onboarding.PassFort, Title: "Open a business account", Role: onboarding.CompanyCustomer, Associates: true, DirectorAge: 18,
			FlowTemplate: "company-onboarding", Theme: "default", CompletionURL: "https://www.example.com/thanks/company",
		},
	},
	{
		Flow: onboarding.Flow{
			Name: "subsidiary", Provider: onboarding.PassFort, Title: "Add a company", Role: onboarding.CompanyCustomer, Repeatable: true, Associates: true, DirectorAge: 18,
			FlowTemplate: "company-onboarding", Theme: "default", CompletionURL: "https://www.example.com/thanks/subsidiary",
		},
	},
	{
		Titles: map[string]string{"de": "Identität bestätigen"},
		Flow: onboarding.Flow{
			Name: "documents", Provider: onboarding.Sumsub, Title: "Verify your identity", Role: onboarding.IndividualCustomer,
			Level: "id-and-selfie", Mode: onboarding.ModeAPI, ResultMails: onboarding.MailAlways, CompletionURL: "https://www.example.com/thanks/documents",
		},
	},
	{
		Flow: onboarding.Flow{
			Name: "websdk", Provider: onboarding.Sumsub, Title: "Verify your identity by camera", Role: onboarding.IndividualCustomer,
			Level: "id-and-liveness", Mode: onboarding.ModeSDK, ResultMails: onboarding.MailChanges, CompletionURL: "https://www.example.com/thanks/websdk",
		},
	},
}

// sealing are the keys that a replica seals with.
func (w *world) sealing(o wanted) *seal.Keyset {
	w.t.Helper()
	if o.sealing == "" {
		return sealKeys(w.t)
	}
	keys, err := seal.Parse(o.sealing)
	if err != nil {
		w.t.Fatal(err)
	}
	return keys
}

// keyset is one for all tests, so that replicas open what another has sealed.
var keyset = sync.OnceValues(seal.NewKeyset)

func sealKeys(t *testing.T) *seal.Keyset {
	t.Helper()
	text, err := keyset()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := seal.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func parseURL(t testing.TB, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// callBook writes down what the provider is asked.
type callBook struct {
	mu    sync.Mutex
	calls []string
}

func (b *callBook) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.mu.Lock()
		b.calls = append(b.calls, r.Method+" "+r.URL.Path)
		b.mu.Unlock()
		next.ServeHTTP(w, r)
	})
}

// take returns the calls since it was last asked.
func (b *callBook) take() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	calls := b.calls
	b.calls = nil
	return calls
}

// logBook is a portal's log.
type logBook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBook) Write(line []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(line)
}

func (b *logBook) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
