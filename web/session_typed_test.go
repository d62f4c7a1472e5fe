package web_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"portal/internal/identity"
)

// sessionAnswer is what the script of a page on which something is typed is told.
type sessionAnswer struct {
	Seconds int  `json:"seconds"`
	Final   bool `json:"final"`
}

// askSession asks as that script does.
func (b *browser) askSession(method string, status int) (told sessionAnswer) {
	b.w.t.Helper()
	r := b.request(method, "/session", nil)
	r.Header.Set("Accept", "application/json")
	p := b.do(r).shows(status)
	if err := json.Unmarshal([]byte(p.body), &told); err != nil {
		b.w.t.Fatalf("%q: %v", p.body, err)
	}
	return told
}

func about(seconds int, d time.Duration) bool {
	return seconds <= int(d.Seconds()) && seconds > int(d.Seconds())-10
}

func TestScriptIsToldHowLongTheSessionGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser().signIn("ada@example.com")
	w.pass(limits.Idle - identity.SessionWarning)
	for range 2 { // looking is no sign of life
		if told := b.askSession(http.MethodGet, http.StatusOK); !about(told.Seconds, identity.SessionWarning) || told.Final {
			t.Fatalf("before the press: %+v", told)
		}
	}
	if told := b.askSession(http.MethodPost, http.StatusOK); !about(told.Seconds, limits.Idle) || told.Final {
		t.Errorf("after the press: %+v", told)
	}
	w.pass(limits.Idle)
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		if told := b.askSession(method, http.StatusUnauthorized); told.Seconds != 0 {
			t.Errorf("%s after the end: %+v", method, told)
		}
	}
}

func TestScriptIsToldWhenNothingProlongsTheSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser().signIn("ada@example.com")
	for range 47 {
		w.pass(limits.Idle / 2)
		b.get("/status")
	}
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		if told := b.askSession(method, http.StatusOK); !about(told.Seconds, limits.Idle/2) || !told.Final {
			t.Errorf("%s: %+v", method, told)
		}
	}
}

func TestAnotherSiteProlongsNoSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser().signIn("ada@example.com")
	r := b.request(http.MethodPost, "/session", nil)
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	b.do(r).shows(http.StatusForbidden, "error.cross_origin")
}
