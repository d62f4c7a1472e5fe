package web_test

import (
	"cmp"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"portal/internal/coding"
)

// sent is an answer as it comes over the wire.
type sent struct {
	status int
	header http.Header
	size   int
}

// wire sends what a route expects, by a client that takes these codings, with more headers.
func (m *matrix) wire(who, route, method, accept string, headers ...string) sent {
	m.t.Helper()
	b, r := m.prepare(who, route, accesses[route], nil)
	defer b.client.CloseIdleConnections()
	if method != "" {
		r.Method = method
	}
	r.Header.Set("Accept-Encoding", accept) // so that Go's client does not ask for one by itself
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := b.client.Do(r)
	if err != nil {
		m.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.Header.Get("Content-Type") == streamType {
		return sent{status: answer.StatusCode, header: answer.Header} // has no end
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		m.t.Fatal(err)
	}
	return sent{status: answer.StatusCode, header: answer.Header, size: len(body)}
}

// What all answers have in common that are not files: they are kept nowhere, or only where nobody else comes to, and asked
// for again each time; and they say that the client has chosen the coding.
func (m *matrix) wellKept(what string, s sent) {
	m.t.Helper()
	kept := "no-store"
	if s.header.Get("ETag") != "" {
		kept = "private, no-cache"
	}
	if got := s.header.Get("Cache-Control"); got != kept {
		m.t.Errorf("%s: Cache-Control is %q, want %q", what, got, kept)
	}
	varies := strings.Join(s.header.Values("Vary"), ", ")
	if strings.Count(varies, "Accept-Encoding") != 1 {
		m.t.Errorf("%s: Vary is %q", what, varies)
	}
}

const streamType = "text/event-stream"

func TestEveryAnswerIsCompressedAsTheClientTakesItAndKeptNowhere(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	for _, route := range routesOf(t, m.world) {
		for _, who := range []string{"nobody", "own", "key"} {
			if who == "own" {
				m.letIn() // since some routes are the end of a session
			}
			plain := m.wire(who, route, "", "identity")
			if plain.header.Get("Content-Type") == streamType {
				continue // is never compressed, and so the same for all
			}
			for _, accept := range []string{"identity", "gzip", "gzip, deflate, br, zstd", "zstd;q=0.5, gzip"} {
				if who == "own" && strings.HasPrefix(route, "POST") {
					continue // once is enough, and most do something
				}
				what, got := route+" by "+who+" who takes "+accept, m.wire(who, route, "", accept)
				m.wellKept(what, got)
				want := coding.Identity
				if got.status == plain.status && plain.size >= 512 && coding.IsText(plain.header.Get("Content-Type")) {
					want = coding.Pick([]string{accept})
				}
				if as := got.header.Get("Content-Encoding"); as != string(want) || (want != "") != (got.size < plain.size*3/4) && plain.size >= 512 {
					t.Errorf("%s: %q and %d bytes, want %q of %d", what, as, got.size, want, plain.size)
				}
				if length := got.header.Get("Content-Length"); got.size > 0 && length != strconv.Itoa(got.size) {
					t.Errorf("%s: Content-Length is %q, %d bytes came", what, length, got.size)
				}
			}
		}
	}
}

func TestHeadOfEveryPageIsThatOfThePage(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	for _, route := range routesOf(t, m.world) {
		if !strings.HasPrefix(route, http.MethodGet) {
			continue
		}
		page, head := m.wire("nobody", route, "", "gzip"), m.wire("nobody", route, http.MethodHead, "gzip")
		for _, name := range []string{"Content-Type", "Content-Encoding", "Cache-Control", "Vary"} {
			if !slices.Equal(page.header.Values(name), head.header.Values(name)) {
				t.Errorf("%s: %s is %q, of HEAD %q", route, name, page.header.Values(name), head.header.Values(name))
			}
		}
		if head.status != page.status || head.size != 0 {
			t.Errorf("%s: HEAD answers %d with %d bytes, GET %d", route, head.status, head.size, page.status)
		}
	}
}

func TestStatusThatIsKnownIsNotSentAgain(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	const route = "GET /onboarding/status"
	for _, accept := range []string{"identity", "gzip", "gzip, zstd"} {
		first := m.wire("own", route, "", accept)
		tag := strings.TrimPrefix(first.header.Get("ETag"), "W/")
		for _, known := range []string{tag, "W/" + tag} {
			again := m.wire("own", route, "", accept, "If-None-Match", known)
			m.wellKept(route, again)
			if again.status != http.StatusNotModified || again.size != 0 || again.header.Get("Content-Encoding") != "" {
				t.Errorf("%s: who knows %s gets %d, %d bytes in %q", accept, known, again.status, again.size, again.header.Get("Content-Encoding"))
			}
		}
	}
}

// The pages of somebody who is signed in repeat what another site may have put into their address. Their length must not
// tell how much that resembles what else they hold.
func TestPagesThatAnotherSiteAsksForTellNothingByTheirLength(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	for who, expected := range map[string]struct {
		routes []string
		coding string
	}{
		"nobody": {[]string{"", "/sign-in", "/complete", "/accessibility"}, "gzip"},
		"own":    {[]string{"", "/associates", "/sessions", "/accessibility"}, ""},
	} {
		for _, route := range expected.routes {
			for _, site := range []string{"cross-site", "same-site"} {
				what := who + "'s page at /onboarding" + route + " for " + site
				s := m.wire(who, "GET /onboarding"+cmp.Or(route, "/"), "", "gzip", "Sec-Fetch-Site", site)
				if s.status != http.StatusOK || s.size < 512 {
					t.Errorf("%s tells nothing: status %d, %d bytes", what, s.status, s.size)
				}
				if got := s.header.Get("Content-Encoding"); got != expected.coding {
					t.Errorf("%s is in %q, want %q", what, got, expected.coding)
				}
			}
		}
	}
	b := m.askers["own"]
	r := b.request(http.MethodGet, "?request_id=11111111&apikey=22222222", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	answer, err := b.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.Header.Get("Content-Encoding") != "gzip" {
		t.Error("the page of e-mailed links, which is the same for everybody, is not compressed")
	}
}
