package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"portal/internal/identity"
	"portal/web"
)

// access is what a route answers to whom: statuses. An applicant is somebody with a form open; own and another differ
// in whose things are asked for, which are ada's.
type access struct {
	nobody, another, own, key int
	to                        string     // where nobody is sent with a 303, if the test can know
	fields                    url.Values // what is asked for; those of a form, or of the address
	json                      string     // or the body of a call of the API
}

// Statuses, short enough for a table.
const (
	ok   = http.StatusOK
	see  = http.StatusSeeOther
	bad  = http.StatusBadRequest
	lock = http.StatusUnauthorized
	none = http.StatusNotFound
	gone = http.StatusGone
	odd  = http.StatusUnprocessableEntity
	mute = http.StatusNoContent
)

var companyFlow = url.Values{"flow": {"company"}}

// hers are fields that name ada's registration.
var hers = another()

// verified are fields that name her registration for which documents are asked.
var verified = url.Values{"registration": {"{verified}"}}

// another are those with further names and values in turn.
func another(more ...string) url.Values {
	v := url.Values{"registration": {"{registration}"}}
	for i := 0; i < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

// accesses has a row for every route. The key of a program opens no pages, and no cookie opens the API.
var accesses = map[string]access{
	"GET /":                         {see, see, see, see, "/onboarding", nil, ""},
	"GET /onboarding/":              {ok, ok, ok, ok, "", nil, ""},
	"GET /onboarding/complete":      {ok, ok, ok, ok, "", companyFlow, ""},
	"GET /onboarding/accessibility": {ok, ok, ok, ok, "", nil, ""},
	"POST /onboarding/language":     {see, see, see, see, "/onboarding/sign-in?lang=de", url.Values{"lang": {"de"}, "to": {"/onboarding/sign-in"}}, ""},
	"POST /onboarding/start":        {see, see, see, see, "/onboarding/sign-in?flow=company", companyFlow, ""},
	"GET /onboarding/status":        {lock, ok, ok, lock, "", companyFlow, ""},
	"GET /onboarding/events":        {lock, ok, ok, lock, "", companyFlow, ""},
	"GET /onboarding/sign-in":       {ok, see, see, ok, "", companyFlow, ""},
	"POST /onboarding/sign-in":      {see, see, see, see, "/onboarding/sign-in?sent=1", url.Values{"email": {"{who}@example.com"}}, ""},
	"GET /onboarding/sign-out":      {ok, see, see, ok, "", nil, ""},
	"POST /onboarding/sign-out":     {ok, ok, ok, ok, "", nil, ""},

	"POST /onboarding/sign-in/code":                {odd, odd, see, odd, "", url.Values{"code": {"123456"}}, ""},
	"GET /onboarding/sign-in/oidc/{name}":          {see, see, see, see, "", companyFlow, ""},
	"GET /onboarding/sign-in/oidc/{name}/callback": {odd, see, see, odd, "", url.Values{"code": {"x"}, "state": {"y"}}, ""},
	"POST /onboarding/sign-in/oidc/{name}/logout":  {bad, bad, bad, bad, "", url.Values{"logout_token": {"x"}}, ""},
	"GET /onboarding/sign-in/link/{token}":         {gone, gone, see, gone, "", nil, ""}, // the one that ada has pressed
	"POST /onboarding/sign-in/link/{token}":        {gone, gone, see, gone, "", nil, ""}, // some were not shown it

	"GET /onboarding/session":              {ok, see, see, ok, "", nil, ""},
	"POST /onboarding/session":             {see, see, see, see, "/onboarding/session?to=%2Fonboarding", nil, ""},
	"GET /onboarding/sessions":             {see, ok, ok, see, "/onboarding/sign-in", nil, ""},
	"POST /onboarding/sessions/end":        {see, see, ok, see, "/onboarding/sign-in", url.Values{"session": {"{session}"}}, ""},
	"POST /onboarding/sessions/end-others": {see, see, see, see, "/onboarding/sign-in", nil, ""},

	"GET /onboarding/associates":                {see, none, ok, see, "/onboarding/sign-in", hers, ""},
	"POST /onboarding/associates":               {lock, none, see, lock, "", another("roles", "PARTNER", "family_name", "Somebody", "id", "{fresh}"), ""},
	"GET /onboarding/associates/new":            {see, none, ok, see, "/onboarding/sign-in", hers, ""},
	"GET /onboarding/associates/review":         {see, none, ok, see, "/onboarding/sign-in", hers, ""},
	"POST /onboarding/associates/submit":        {see, none, see, see, "/onboarding/sign-in", hers, ""},
	"GET /onboarding/associates/{id}":           {see, none, ok, see, "/onboarding/sign-in", hers, ""},
	"POST /onboarding/associates/{id}":          {lock, none, see, lock, "", another("roles", "TRUSTEE", "type", "COMPANY", "name", "Renamed {fresh}"), ""},
	"GET /onboarding/associates/{id}/withdraw":  {see, none, ok, see, "/onboarding/sign-in", hers, ""},
	"POST /onboarding/associates/{id}/withdraw": {see, none, see, see, "/onboarding/sign-in", hers, ""},

	"POST /onboarding/documents/token": {lock, none, http.StatusConflict, lock, "", verified, ""}, // pages of ours ask for hers

	"GET /onboarding/documents":         {see, none, ok, see, "/onboarding/sign-in", verified, ""},
	"GET /onboarding/documents/check":   {see, none, see, see, "/onboarding/sign-in", verified, ""},
	"POST /onboarding/documents/check":  {see, none, odd, see, "/onboarding/sign-in", verified, ""}, // nothing has been given
	"GET /onboarding/documents/data":    {see, none, see, see, "/onboarding/sign-in", verified, ""}, // none is asked for
	"POST /onboarding/documents/data":   {lock, none, see, lock, "", verified, ""},
	"GET /onboarding/documents/{step}":  {see, none, ok, see, "/onboarding/sign-in", verified, ""},
	"POST /onboarding/documents/{step}": {lock, none, odd, lock, "", nil, ""}, // no document is named

	"POST /onboarding/reports/embed": {mute, mute, mute, mute, "", nil, "{}"},
	"POST /onboarding/reports/csp":   {mute, mute, mute, mute, "", nil, "{}"},

	"POST /onboarding/webhooks/passfort": {lock, lock, lock, lock, "", nil, "{}"},
	"POST /onboarding/webhooks/sumsub":   {lock, lock, lock, lock, "", nil, "{}"},

	"GET /onboarding/api/v1/openapi.json":                       {ok, ok, ok, ok, "", nil, ""},
	"POST /onboarding/api/v1/links":                             {lock, lock, lock, http.StatusCreated, "", nil, `{"subject":"other","flow":"individual"}`},
	"GET /onboarding/api/v1/registrations":                      {lock, lock, lock, ok, "", url.Values{"id": {"{registration}"}}, ""},
	"GET /onboarding/api/v1/registrations/{subject}":            {lock, lock, lock, ok, "", nil, ""},
	"GET /onboarding/api/v1/registrations/{subject}/associates": {lock, lock, lock, ok, "", nil, ""},
	"POST /onboarding/api/v1/registrations/{subject}/associates": {
		lock, lock, lock, http.StatusCreated, "", nil, `{"entity_type":"COMPANY","name":"other","roles":["PARTNER"]}`,
	},
	"POST /onboarding/api/v1/bounces": {lock, lock, lock, odd, "", nil, "not a bounce"},
}

// routesOf lists the routes but for the static files, which are the same for everybody.
func routesOf(t *testing.T, w *world) (routes []string) {
	t.Helper()
	err := chi.Walk(w.web.Routes(), func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if !strings.Contains(route, "/static/") {
			routes = append(routes, method+" "+route)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(routes)
	return slices.Compact(routes)
}

// matrix is a portal with everything, and those who ask for ada's things.
type matrix struct {
	*world
	link    string // that ada has pressed
	session string // the name of hers
	entered string // id of somebody whom she has entered behind her company
	askers  map[string]*browser
	secrets []string // ada's
}

func newMatrix(t *testing.T) *matrix {
	t.Helper()
	m := &matrix{world: newWorld(t, wanted{waysIn: []web.WayIn{newCompany(t, false).way}, webhooks: true, live: true})}
	another := m.browser()
	another.start("eve@example.com", "company")
	another.get("/sign-in/oidc/corp") // which leaves it the cookie of a sign-in
	m.askers = map[string]*browser{"nobody": m.browser(), "another": another, "key": m.browser()}
	m.letIn()
	m.askers["own"].await("open")
	hers := m.askers["own"].get("").pair()
	m.secrets = []string{
		hers.RequestID, hers.APIKey, "ada.of.the.matrix@example.com", "cust-ada", m.hers("id::text"), m.hers("profile_id"), m.hers("applicant_id::text"),
		m.session, m.entered, nameOf(m.entered),
	}
	m.askers["own"].post("/start", "flow", "documents").leads("")
	m.askers["own"].await("open")
	m.secrets = append(m.secrets, m.verified("id::text"), m.verified("profile_id"))
	return m
}

// letIn signs ada in by a new link.
func (m *matrix) letIn() {
	m.t.Helper()
	b := m.browser()
	m.link = m.world.link(identity.Link{
		Subject: "cust-ada", Email: "ada.of.the.matrix@example.com", Wish: identity.Wish{Flow: "company"},
	})
	b.get(m.link)
	b.post(m.link).leads("?flow=company")
	m.session = m.text("select left(encode(sha256('session|'::bytea || token_hash), 'hex'), 16) from sessions where issuer = 'link' order by created_at desc limit 1")
	m.askers["own"] = b
	m.entered = uuid.NewString()
	b.post("/associates", "id", m.entered, "type", "COMPANY", "roles", "PARTNER", "name", nameOf(m.entered))
}

// nameOf is the name of somebody whom ada enters. No two resemble each other.
func nameOf(id string) string { return "Company of " + id[len(id)-12:] }

// hers is a column of ada's registration.
func (m *matrix) hers(column string) string {
	m.t.Helper()
	return m.text("select " + column + " from registrations r join identities i using (applicant_id) where i.issuer = 'link' and r.flow = 'company'")
}

// verified is a column of her registration for which documents are asked.
func (m *matrix) verified(column string) string {
	m.t.Helper()
	return m.text("select " + column + " from registrations r join identities i using (applicant_id) where i.issuer = 'link' and r.flow = 'documents'")
}

// ask sends what a route expects, with the fields put in or added.
func (m *matrix) ask(who, route string, a access, more url.Values) page {
	m.t.Helper()
	b, r := m.prepare(who, route, a, more)
	defer b.client.CloseIdleConnections() // there are thousands of them
	return b.do(r)
}

// prepare is that request, and the browser to send it with.
func (m *matrix) prepare(who, route string, a access, more url.Values) (*browser, *http.Request) {
	m.t.Helper()
	b := m.browser() // of its own, so that signing out ends nobody else's turn
	b.client.Jar.SetCookies(m.url, m.askers[who].client.Jar.Cookies(m.url))
	method, path, _ := strings.Cut(route, " ")
	path = strings.NewReplacer("{name}", "corp", "{token}", m.link[len("/sign-in/link/"):], "{subject}", "cust-ada", "{id}", m.entered, "{step}", "identity").Replace(path)
	fields := url.Values{}
	for _, some := range []url.Values{a.fields, more} {
		for name, values := range some {
			fields[name] = []string{m.fill(who, values[0])}
		}
	}
	r := b.request(method, "https://www.example.com"+path+"?"+fields.Encode(), nil)
	if method == http.MethodPost {
		r = b.request(method, "https://www.example.com"+path, fields)
	}
	if a.json != "" {
		r = m.call(method, path, a.json)
	}
	if who == "key" {
		r.Header.Set("Authorization", "Bearer "+fixedAPIKey)
	}
	return b, r
}

// fill puts what a test cannot know beforehand into a field.
func (m *matrix) fill(who, value string) string {
	if !strings.Contains(value, "{") {
		return value
	}
	return strings.NewReplacer(
		"{who}", who, "{session}", m.session, "{registration}", m.hers("id::text"), "{verified}", m.verified("id::text"), "{fresh}", uuid.NewString(),
	).Replace(value)
}

// call is a request of a program.
func (m *matrix) call(method, path, body string) *http.Request {
	m.t.Helper()
	r, err := http.NewRequestWithContext(m.t.Context(), method, "https://www.example.com"+path, strings.NewReader(body))
	if err != nil {
		m.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if strings.HasSuffix(path, "/bounces") {
		r.Header.Set("Content-Type", "message/rfc822")
	}
	return r
}

// Nobody but ada gets at what is ada's, by any route, whatever it is asked for.
func TestEveryRouteGivesToEachWhatIsTheirs(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	before := m.hers("r::text")
	for _, route := range routesOf(t, m.world) {
		a, known := accesses[route]
		if !known {
			t.Errorf("%s has no row in the table of this test", route)
			continue
		}
		for who, want := range map[string]int{"nobody": a.nobody, "another": a.another, "key": a.key} {
			p := m.ask(who, route, a, nil)
			if p.status != want {
				t.Errorf("%s: %s gets status %d, want %d", route, who, p.status, want)
			}
			if to := p.header.Get("Location"); who == "nobody" && a.to != "" && to != a.to {
				t.Errorf("%s leads nobody to %q, want %q", route, to, a.to)
			}
			if who != "key" || !strings.Contains(route, "/api/") {
				m.keepsToItself(who, route, p, m.fill(who, a.fields.Get("registration")))
			}
			for _, fields := range m.guesses(route) {
				m.keepsToItself(who, route, m.ask(who, route, a, fields), fields.Get("id"))
			}
		}
	}
	if diff := cmp.Diff(before, m.hers("r::text")); diff != "" {
		t.Errorf("ada's registration has changed:\n%s", diff)
	}
	m.askers["own"].get("/sessions").shows(ok) // nobody has signed her out
	for route, a := range accesses {
		m.letIn() // since some routes are the end of a session
		if p := m.ask("own", route, a, nil); p.status != a.own {
			t.Errorf("%s: ada gets status %d, want %d", route, p.status, a.own)
		}
	}
}

// guesses are ada's secrets under every name that could mean them, except what a page repeats to whoever has typed it.
func (m *matrix) guesses(route string) (all []url.Values) {
	if strings.Contains(route, "/api/") {
		return nil
	}
	for _, secret := range m.secrets {
		if strings.Contains(secret, "@") {
			continue
		}
		v := url.Values{}
		for _, name := range []string{"id", "registration", "of", "asked", "registration_id", "applicant", "profile_id", "request_id", "reference", "session", "subject"} {
			v.Set(name, secret)
		}
		all = append(all, v)
	}
	return all
}

// keepsToItself checks that a page holds nothing of ada's but what it repeats: where the answer leads, and the secret that
// came with a form which it answers with.
func (m *matrix) keepsToItself(who, route string, p page, came string) {
	m.t.Helper()
	asked := p.header.Get("Location")
	repeats := func(secret string) bool {
		return secret == came || strings.Contains(route, "{id}") && secret == m.entered
	}
	for _, secret := range m.secrets {
		if strings.Contains(p.body, secret) && !strings.Contains(asked, secret) && !repeats(secret) {
			m.t.Errorf("%s: %s gets %s of ada's", route, who, secret)
		}
	}
}
