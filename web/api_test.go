package web_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/identity"
)

func TestAPISaysNothingToThoseWithoutAKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	revoked := w.program("revoked")
	if _, err := w.pool.Exec(t.Context(), "update api_keys set revoked_at = now()"); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"", "portal_" + strings.Repeat("x", 26), revoked.key, fixedAPIKey[1:]} {
		for _, a := range []told{
			revoked.with(key).link(`{"subject":"s","flow":"individual"}`),
			revoked.with(key).get("/registrations/nobody"),
			revoked.with(key).get("/registrations?id=" + noRegistration),
			revoked.with(key).get("/registrations/nobody/associates"),
			revoked.with(key).post("/registrations/nobody/associates", "application/json", "{}"),
			revoked.with(key).post("/bounces", "message/rfc822", "x"),
		} {
			a.problem(http.StatusUnauthorized)
			if got := a.header.Get("WWW-Authenticate"); got != "Bearer" {
				t.Errorf("WWW-Authenticate: %q", got)
			}
		}
		if key != "" && strings.Contains(w.log.String(), key) {
			t.Error("the log holds the key")
		}
	}
	if n := strings.Count(w.log.String(), `"msg":"refused"`); n != 24 {
		t.Errorf("%d refusals logged, want 24", n)
	}
	if n := w.count("select count(*) from links"); n != 0 {
		t.Errorf("%d links made", n)
	}
}

func TestAPITakesKeysAsBearerTokensOnly(t *testing.T) {
	t.Parallel()
	p := bareProgram(t, nil)
	for authorization, want := range map[string]int{
		"Bearer " + fixedAPIKey: http.StatusBadRequest, "bearer  " + fixedAPIKey: http.StatusBadRequest,
		fixedAPIKey: http.StatusUnauthorized, "Basic " + fixedAPIKey: http.StatusUnauthorized, "Bearer": http.StatusUnauthorized,
		"Bearer " + fixedAPIKey + "," + fixedAPIKey: http.StatusUnauthorized,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, publicURL+"/api/v1/links", strings.NewReader("{"))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", authorization)
		if got := p.send(r); got.status != want {
			t.Errorf("%q: status %d, want %d", authorization, got.status, want)
		}
	}
}

func TestAPINotesWhichKeyACallCameWith(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	p := w.program("back-end")
	for key, name := range map[string]string{p.key: "back-end", fixedAPIKey: "PORTAL_API_KEYS"} {
		p.with(key).get("/registrations/nobody").problem(http.StatusNotFound)
		if log := w.log.String(); !strings.Contains(log, `"api_key":"`+name+`"`) || strings.Contains(log, key) {
			t.Errorf("the log has no %s, or the key:\n%s", name, log)
		}
	}
}

func TestWrongKeysAreLimitedForTheirNetworkOnAllReplicas(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{still: true})
	here := w.program("back-end")
	there := here.on(w.replica(wanted{}))
	for range 15 {
		here.with("portal_guess").get("/registrations/nobody").problem(http.StatusUnauthorized)
		there.with("").get("/registrations/nobody").problem(http.StatusUnauthorized)
	}
	for _, p := range []*program{here, there} {
		a := p.with("portal_guess").get("/registrations/nobody")
		a.problem(http.StatusTooManyRequests)
		if got := a.header.Get("Retry-After"); got != "3" { // two, and what rounding up adds
			t.Errorf("Retry-After: %q", got)
		}
	}
	here.get("/registrations/nobody").problem(http.StatusNotFound) // who has a key is not kept out
	elsewhere := here.with("portal_guess")
	elsewhere.client = "198.51.100.7:4711"
	elsewhere.get("/registrations/nobody").problem(http.StatusUnauthorized)
	w.pass(2100 * time.Millisecond)
	there.with("portal_guess").get("/registrations/nobody").problem(http.StatusUnauthorized)
	here.with("portal_guess").get("/registrations/nobody").problem(http.StatusTooManyRequests)
}

func TestCallsAreLimitedForTheirKeyOnAllReplicas(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{still: true})
	here := w.program("back-end")
	there := here.on(w.replica(wanted{}))
	for range 100 {
		here.get("/registrations/nobody").problem(http.StatusNotFound)
		there.get("/registrations/nobody").problem(http.StatusNotFound)
	}
	for _, p := range []*program{here, there} {
		a := p.get("/registrations/nobody")
		a.problem(http.StatusTooManyRequests)
		if got := a.header.Get("Retry-After"); got != "1" {
			t.Errorf("Retry-After: %q", got)
		}
	}
	if log := w.log.String(); strings.Count(log, `"msg":"refused"`) != 1 || !strings.Contains(lineWith(log, `"msg":"refused"`), `"api_key":"back-end"`) {
		t.Errorf("not logged once, with the key's name: %s", lineWith(log, `"msg":"refused"`))
	}
	w.program("another").get("/registrations/nobody").problem(http.StatusNotFound)
	w.pass(21 * time.Millisecond)
	here.get("/registrations/nobody").problem(http.StatusNotFound)
	there.get("/registrations/nobody").problem(http.StatusTooManyRequests)
}

func TestErrorsBelowTheAPIAreProblems(t *testing.T) {
	t.Parallel()
	panics := links(func(identity.Link) (identity.Token, identity.Link, error) { panic("the cause of the panic") })
	p := bareProgram(t, panics)
	for _, test := range []struct {
		method, path, allow string
		want                int
	}{
		{http.MethodGet, "/nowhere", "", http.StatusNotFound},
		{http.MethodGet, "", "", http.StatusNotFound},
		{http.MethodPost, "/registrations/", "", http.StatusNotFound},
		{http.MethodGet, "/registrations/a/b", "", http.StatusNotFound},
		{http.MethodGet, "/links", "POST", http.StatusMethodNotAllowed},
		{http.MethodPost, "/registrations", "GET", http.StatusMethodNotAllowed},
		{http.MethodPut, "/links", "POST", http.StatusMethodNotAllowed},
		{http.MethodOptions, "/bounces", "POST", http.StatusMethodNotAllowed},
		{http.MethodDelete, "/registrations/a%2Fb", "GET", http.StatusMethodNotAllowed},
		{http.MethodPost, "/openapi.json", "GET", http.StatusMethodNotAllowed},
	} {
		a := p.call(test.method, test.path, "", nil)
		a.problem(test.want)
		if got := a.header.Get("Allow"); got != test.allow {
			t.Errorf("%s %s: Allow %q, want %q", test.method, test.path, got, test.allow)
		}
	}
	broken := p.link(`{"subject":"s","flow":"individual"}`)
	broken.problem(http.StatusInternalServerError)
	if strings.Contains(broken.body, "panic") {
		t.Errorf("the cause is told: %s", broken.body)
	}
}

// brokenOff is a body whose sender has gone.
func brokenOff() io.Reader {
	return iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("{}")))
}

// documentedTrouble brings about what is documented of every call that wants a key.
func documentedTrouble(t *testing.T, w *world, p *program) {
	t.Helper()
	large := strings.Repeat(" ", 1<<20+1)
	for path, mediaType := range map[string]string{
		"/links": "application/json", "/registrations/s/associates": "application/json", "/bounces": "message/rfc822",
	} {
		p.post(path, mediaType, large).problem(http.StatusRequestEntityTooLarge)
		p.post(path, "text/plain", "x").problem(http.StatusUnsupportedMediaType)
		p.post(path, mediaType, "[]").problem(http.StatusUnprocessableEntity)
		p.call(http.MethodPost, path, mediaType, brokenOff()).problem(http.StatusBadRequest)
	}
	everyCall := func(p *program, status int) {
		t.Helper()
		p.link(`{"subject":"s","flow":"individual"}`).problem(status)
		p.get("/registrations/s").problem(status)
		p.get("/registrations?id=" + noRegistration).problem(status)
		p.get("/registrations/s/associates").problem(status)
		p.post("/registrations/s/associates", "application/json", ada).problem(status)
		p.post("/bounces", "message/rfc822", "x").problem(status)
	}
	everyCall(p.with(""), http.StatusUnauthorized)
	if _, err := w.pool.Exec(t.Context(), "update allowances set tokens = 0 where name = 'api'"); err != nil {
		t.Fatal(err)
	}
	everyCall(p, http.StatusTooManyRequests)
	if _, err := w.pool.Exec(t.Context(), "alter table api_keys rename to elsewhere"); err != nil {
		t.Fatal(err)
	}
	everyCall(p, http.StatusInternalServerError)
	w.pool.Close()
	everyCall(p, http.StatusServiceUnavailable)
}

// documentedAnswersAboutAssociates are those of whoever has registered a company.
func documentedAnswersAboutAssociates(p *program) {
	p.t.Helper()
	p.get("/registrations/s/associates").into(http.StatusOK, new(any))
	p.get("/registrations/s/associates?flow=individual").problem(http.StatusUnprocessableEntity)
	for _, status := range []int{http.StatusCreated, http.StatusOK} {
		p.post("/registrations/s/associates", "application/json", ada).into(status, new(any))
	}
	again := strings.Replace(ada, "DIRECTOR", "TRUSTEE", 1)
	p.post("/registrations/s/associates", "application/json", again).problem(http.StatusConflict)
}

func TestAPIAnswersAllThatIsDocumentedAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{still: true})
	p := w.program("back-end")
	token := p.link(`{"subject":"s","flow":"company"}`).linkToken()
	p.get("/registrations/s").problem(http.StatusNotFound)
	p.get("/registrations/s/associates").problem(http.StatusNotFound)
	p.post("/registrations/s/associates", "application/json", ada).problem(http.StatusNotFound)
	w.press(token)
	p.get("/registrations/s").into(http.StatusOK, new(any))
	p.get("/registrations/s?issuer=email").problem(http.StatusUnprocessableEntity)
	p.get("/registrations?id="+w.text("select id::text from registrations")).into(http.StatusOK, new(any))
	p.get("/registrations?id=" + noRegistration).problem(http.StatusNotFound)
	if a := p.post("/bounces", "message/rfc822", w.bounce("ada@example.com")); a.status != http.StatusNoContent {
		t.Errorf("bounce: status %d: %s", a.status, a.body)
	}
	p.get("/openapi.json").into(http.StatusOK, new(any))
	documentedAnswersAboutAssociates(p)
	documentedTrouble(t, w, p)

	doc, err := servedDocument()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for _, item := range doc.Paths.Map() {
		for _, operation := range item.Operations() {
			for status := range operation.Responses.Map() {
				want[operation.OperationID+" "+statusText(t, status)] = true
			}
		}
	}
	if diff := cmp.Diff(want, p.seen); diff != "" {
		t.Errorf("answers (-documented +seen):\n%s", diff)
	}
}

func statusText(t *testing.T, status string) string {
	t.Helper()
	var code int
	if _, err := fmt.Sscan(status, &code); err != nil {
		t.Fatalf("%q is no status", status)
	}
	return http.StatusText(code)
}

func TestEveryRouteBelowTheAPIIsDocumented(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	doc, err := servedDocument()
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, route := range routesOf(t, w) {
		if _, path, ok := strings.Cut(route, "/onboarding/api/v1"); ok {
			want = append(want, strings.Fields(route)[0]+" "+path)
		}
	}
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			got = append(got, method+" "+path)
		}
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(got))); diff != "" || len(want) == 0 {
		t.Errorf("operations (-routes +document):\n%s", diff)
	}
	if server := doc.Servers[0].URL; server != publicURL+"/api/v1" {
		t.Errorf("the document's server is %s", server)
	}
}
