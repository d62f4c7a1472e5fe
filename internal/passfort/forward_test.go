package passfort_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/inbox"
	"portal/internal/passfort"
)

// forwarded is what the company's receiver gets of a message.
func forwarded(t fatal, m inbox.Message) (body string, header http.Header) {
	t.Helper()
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("%v", err)
		}
		body, header = string(text), r.Header
	}))
	defer receiver.Close()
	if err := newForwarder(t, receiver.URL).Forward(context.Background(), m); err != nil {
		t.Fatalf("%v", err)
	}
	return body, header
}

// fatal is what tests and properties have in common.
type fatal interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

func newForwarder(t fatal, to string) *passfort.Forwarder {
	t.Helper()
	u, err := url.Parse(to)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return passfort.NewForwarder(u, []string{hookSecret, olderSecret})
}

func TestForwardSendsWhatPassFortSent(t *testing.T) {
	t.Parallel()
	for sent, secret := range map[string]string{
		`{"id":"1","event":"a","secret":"` + hookSecretRaw + `", "data" : {"x":"é\u00e9"}}`: hookSecret,
		`{"id":"1","event":"a","secret":"` + olderSecret + `"}`:                             olderSecret,
		`{"id":"1","event":"a"}`: hookSecret,
	} {
		body, header := forwarded(t, decoded(t, sent)[0])
		if diff := cmp.Diff(sent, body); diff != "" {
			t.Errorf("(-sent +forwarded):\n%s", diff)
		}
		if header.Get("Authorization") != "Bearer "+secret || header.Get("Content-Type") != "application/json" {
			t.Errorf("%s is sent with %v", sent, header)
		}
	}
	two := `[{"event":"a","secret":"` + olderSecret + `"} , {"event":"b"}]`
	if body, _ := forwarded(t, decoded(t, two)[1]); body != `{"event":"b"}` {
		t.Errorf("of a batch: %s", body)
	}
}

func TestForwardFailsUnlessTheReceiverTakesIt(t *testing.T) {
	t.Parallel()
	var asked int
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		if r.URL.Path == "/301" {
			w.Header().Set("Location", "/200")
			w.WriteHeader(http.StatusMovedPermanently)
			return
		}
		status := map[string]int{"/200": 200, "/204": 204, "/400": 400, "/401": 401, "/500": 500}[r.URL.Path]
		w.WriteHeader(status)
	}))
	defer receiver.Close()
	m := decoded(t, `{"event":"a","data":"personal"}`)[0]
	for path, ok := range map[string]bool{"/200": true, "/204": true, "/301": false, "/400": false, "/401": false, "/500": false} {
		err := newForwarder(t, receiver.URL+path).Forward(t.Context(), m)
		if (err == nil) != ok {
			t.Errorf("status %s: %v", path, err)
		}
	}
	if asked != 6 {
		t.Errorf("%d requests, want 6: a redirect is followed", asked)
	}
	receiver.Close()
	err := newForwarder(t, receiver.URL+"/a-token-of-theirs").Forward(t.Context(), m)
	if err == nil || strings.Contains(err.Error(), "a-token-of-theirs") || strings.Contains(err.Error(), "personal") || strings.Contains(err.Error(), hookSecret) {
		t.Errorf("nobody there: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := newForwarder(t, receiver.URL).Forward(ended, m); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
