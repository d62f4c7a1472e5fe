package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// strangeFields are the names under which pages and the API read something. The name of a session comes first: without a
// strange one the session that asks is ended.
var strangeFields = []string{
	"session", "case", "flow", "id", "email", "code", "finishing", "to", "again", "look", "sent", "ended", "unattended",
	"state", "iss", "error", "logout_token", "request_id", "apikey", "issuer",
	"registration", "of", "page", "done", "type", "asked", "answer", "more", "confirmed", "roles", "given_names", "family_name", "date_of_birth",
	"nationality", "name", "number", "country_of_incorporation", "share_class", "amount", "percentage", "appointed_on", "authorized_to",
	"side", "country", "firstName", "dob",
}

// Bytes that are no text are what Postgres does not store: they must be noticed before.
func TestNoRouteFailsForBytesThatAreNoText(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	for _, route := range routesOf(t, m.world) {
		who := "own"
		if strings.Contains(route, "/api/") {
			who = "key"
		}
		m.letIn() // since some routes are the end of a session
		m.survives(who, route)
	}
	if line := lineWith(m.log.String(), `"level":"ERROR"`); line != "" {
		t.Errorf("something has failed: %s", line)
	}
}

// noText are bytes that are none, each for a reason of its own.
var noText = []string{"\x00", "a\xffb"}

// survives asks for a route with strange bytes in one place after the other.
func (m *matrix) survives(who, route string) {
	m.t.Helper()
	a := accesses[route]
	for i, field := range strangeFields {
		strange := noText[i%len(noText)]
		if p := m.ask(who, route, a, url.Values{field: {strange}}); p.status >= http.StatusInternalServerError {
			m.t.Errorf("%s: %q as %s gets status %d", route, strange, field, p.status)
		}
	}
	for _, part := range []string{"{name}", "{token}", "{subject}", "{id}", "{step}"} {
		if !strings.Contains(route, part) {
			continue
		}
		for _, strange := range noText {
			path := strings.ReplaceAll(route, part, url.PathEscape(strange))
			if p := m.ask(who, path, a, nil); p.status >= http.StatusInternalServerError {
				m.t.Errorf("%s: %q in the path gets status %d", route, strange, p.status)
			}
		}
	}
	for _, body := range append([]string{`\u0000`, `\ud800`}, noText...) {
		a.json = strings.ReplaceAll(accesses[route].json, "other", body)
		if p := m.ask(who, route, a, nil); p.status >= http.StatusInternalServerError {
			m.t.Errorf("%s: %q in the body gets status %d", route, body, p.status)
		}
	}
}
