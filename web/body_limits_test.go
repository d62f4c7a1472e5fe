package web_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

var filling = bytes.Repeat([]byte("x"), 256<<10)

// counted is a body that goes on and on, of which is counted what is read.
type counted struct {
	begins io.Reader
	read   int64
	most   int64 // after which it ends all the same
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.begins.Read(p)
	if err == io.EOF && c.read < c.most {
		n, err = copy(p, filling), nil
	}
	c.read += int64(n)
	return n, err
}

func (c *counted) Close() error { return nil }

// patient is a writer whose deadlines can be moved, as those of connections.
type patient struct{ *httptest.ResponseRecorder }

func (patient) SetReadDeadline(time.Time) error  { return nil }
func (patient) SetWriteDeadline(time.Time) error { return nil }

// reads is how much of a body a route may read, in bytes; the others read no more than a form's.
var reads = map[string]int64{
	"POST /onboarding/associates":               128 << 10,
	"POST /onboarding/associates/submit":        128 << 10,
	"POST /onboarding/associates/{id}":          128 << 10,
	"POST /onboarding/associates/{id}/withdraw": 128 << 10,
	"POST /onboarding/documents/check":          128 << 10,
	"POST /onboarding/documents/data":           128 << 10,
	"POST /onboarding/documents/{step}":         200 << 20, // which is thrown away, so that a browser hears the answer
	"POST /onboarding/webhooks/passfort":        72 << 20,  // the same, and only of who knows the secret
	"POST /onboarding/webhooks/sumsub":          256<<10 + 1,
	"POST /onboarding/api/v1/links":             64 << 10,
	"POST /onboarding/api/v1/bounces":           1 << 20,
	"POST /onboarding/reports/embed":            1 << 10,

	"POST /onboarding/api/v1/registrations/{subject}/associates": 64 << 10,
}

// No route reads more of a body than it has use for, whoever sends it and whatever kind it says that it is.
func TestNoRouteReadsMoreThanItsLimit(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	for _, route := range routesOf(t, m.world) {
		most, known := reads[route]
		if !known {
			most = 16 << 10
		}
		for _, kind := range []string{"application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "application/json", "message/rfc822"} {
			who := "own"
			if strings.Contains(route, "/api/") {
				who = "key"
			}
			body := m.flood(who, route, kind, most)
			if body.read > most+1 { // the byte that is too many
				t.Errorf("%s, %s: read %d bytes, want at most %d", route, kind, body.read, most)
			}
		}
	}
}

// flood sends a route a body without end.
func (m *matrix) flood(who, route, kind string, most int64) (body *counted) {
	m.t.Helper()
	a := accesses[route]
	b, r := m.prepare(who, route, a, url.Values{})
	for _, c := range b.client.Jar.Cookies(m.url) {
		r.AddCookie(c)
	}
	body = &counted{begins: strings.NewReader("x="), most: most + 1<<20}
	r.Body, r.ContentLength, r.RemoteAddr = body, -1, "127.0.0.1:4711"
	r.Header.Set("Content-Type", kind)
	r.Header.Set("X-Payload-Digest", "of something else")             // or nothing of a webhook is read
	ctx, cancel := context.WithTimeout(m.t.Context(), 10*time.Second) // of a stream
	defer cancel()
	if strings.HasSuffix(route, "/events") {
		cancel()
	}
	defer func() {
		if cause := recover(); cause != nil && cause != http.ErrAbortHandler {
			panic(cause)
		}
	}()
	m.web.ServeHTTP(patient{httptest.NewRecorder()}, r.WithContext(ctx))
	return body
}
