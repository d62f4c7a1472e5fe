package web_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/localpg"
	"portal/web"
)

// tripBook counts the round trips to Postgres that requests of browsers make: statements, and batches of them, with the
// beginning and the end of transactions. Background work is not counted.
type tripBook struct{ trips atomic.Int64 }

func (b *tripBook) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	b.count(ctx)
	return ctx
}

func (b *tripBook) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	b.count(ctx)
	return ctx
}

func (b *tripBook) count(ctx context.Context) {
	if ctx.Value(http.ServerContextKey) != nil {
		b.trips.Add(1)
	}
}

func (*tripBook) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData)     {}
func (*tripBook) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (*tripBook) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}

// traced is a database of the test's own whose round trips are counted.
func traced(t *testing.T) (*pgxpool.Pool, *tripBook) {
	t.Helper()
	config, book := localpg.New(t).Config().Copy(), &tripBook{}
	config.ConnConfig.Tracer = book
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool, book
}

// trips are the pages of a signed-in applicant, by route: where each is asked for, and the round trips that it takes where those
// are not one, which must have a reason. The portal's own addresses name the flow; where one does not, and turns out to be about
// documents, these are read in a second one.
var trips = map[string]struct {
	at    []string
	takes int64
	why   string
}{
	"GET /":                         {at: []string{"https://www.example.com/"}, why: "leads to the portal", takes: 0},
	"GET /onboarding/":              {at: []string{"?flow=company", "?flow=documents", "?flow=individual"}, takes: 1},
	"GET /onboarding/complete":      {at: []string{"/complete?flow=individual"}, takes: 1},
	"GET /onboarding/accessibility": {at: []string{"/accessibility"}, why: "is the same for everybody", takes: 0},
	"GET /onboarding/status":        {at: []string{"/status", "/status?flow=documents"}, takes: 1},
	"GET /onboarding/sign-in":       {at: []string{"/sign-in", "/sign-in?flow=company"}, takes: 1},
	"GET /onboarding/sign-out":      {at: []string{"/sign-out"}, takes: 1},
	"GET /onboarding/session":       {at: []string{"/session?to=%2Fonboarding"}, takes: 1},
	"GET /onboarding/sessions":      {at: []string{"/sessions"}, takes: 1},

	"GET /onboarding/events": {why: "goes on for as long as its page is open, with one for each look", takes: 1},

	"GET /onboarding/sign-in/oidc/{name}": {
		at: []string{"/sign-in/oidc/corp?flow=company"}, why: "asks nobody who they are: takes an allowance, and stores that a sign-in has begun", takes: 2,
	},
	"GET /onboarding/sign-in/oidc/{name}/callback": {
		at: []string{"/sign-in/oidc/corp/callback?state=none"}, why: "ends a sign-in in place of the one there is", takes: 2,
	},
	"GET /onboarding/sign-in/link/{token}": {
		at: []string{"{link}"}, why: "is for people who are not signed in, for whom it takes one", takes: 2,
	},

	"GET /onboarding/associates":               {at: []string{"/associates", "/associates?registration={company}", "/associates?of={entered}"}, takes: 1},
	"GET /onboarding/associates/new":           {at: []string{"/associates/new?type=INDIVIDUAL&registration={company}"}, takes: 1},
	"GET /onboarding/associates/review":        {at: []string{"/associates/review?registration={company}"}, takes: 1},
	"GET /onboarding/associates/{id}":          {at: []string{"/associates/{entered}?registration={company}"}, takes: 1},
	"GET /onboarding/associates/{id}/withdraw": {at: []string{"/associates/{entered}/withdraw?registration={company}"}, takes: 1},

	"GET /onboarding/documents":        {at: []string{"/documents", "/documents?registration={documents}"}, takes: 1},
	"GET /onboarding/documents/check":  {at: []string{"/documents/check?registration={documents}"}, takes: 1},
	"GET /onboarding/documents/data":   {at: []string{"/documents/data?registration={documents}"}, takes: 1},
	"GET /onboarding/documents/{step}": {at: []string{"/documents/identity?registration={documents}"}, takes: 1},
}

// travelling signs somebody in who has a form open, people entered behind a company and documents to give. It returns by which
// browser to ask for the addresses of the table.
func (w *world) travelling() func(at string) (visitor *browser, to string) {
	w.t.Helper()
	e := w.entering("ada@example.com")
	e.await("open")
	entered := e.enter("type", "COMPANY", "roles", "PARTNER", "name", "Harbour Holding")
	for _, flow := range []string{"individual", "documents"} {
		e.post("/start", "flow", flow).leads("")
		e.await("open")
	}
	named := strings.NewReplacer(
		"{company}", e.registration, "{entered}", entered, "{link}", w.link(customer("cust-7")),
		"{documents}", w.text("select id::text from registrations where flow = 'documents'"),
	)
	e.get("?flow=documents") // what is read of a provider is kept
	return func(at string) (*browser, string) { return e.browser, named.Replace(at) }
}

func TestSignedInPagesTakeOneRoundTrip(t *testing.T) {
	t.Parallel()
	pool, book := traced(t)
	w := newWorld(t, wanted{pool: pool, waysIn: []web.WayIn{newCompany(t, false).way}})
	address := w.travelling()
	for _, route := range routesOf(t, w) {
		if !strings.HasPrefix(route, "GET ") || strings.Contains(route, "/api/") {
			continue
		}
		row, known := trips[route]
		if !known {
			t.Errorf("%s has no row in the table of this test", route)
		}
		if row.takes != 1 && row.why == "" {
			t.Errorf("%s takes %d round trips without a reason", route, row.takes)
		}
		for _, at := range row.at {
			visitor, to := address(at)
			book.trips.Store(0)
			p := visitor.get(to)
			if got := book.trips.Load(); got != row.takes || p.status >= http.StatusInternalServerError {
				t.Errorf("%s takes %d round trips, want %d (status %d)", at, got, row.takes, p.status)
			}
		}
	}
}
