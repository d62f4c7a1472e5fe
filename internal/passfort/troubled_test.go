package passfort

import (
	"context"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
)

// troubled is an API whose health a test decides.
type troubled struct {
	answer atomic.Pointer[http.HandlerFunc]
	asked  atomic.Int32
	told   []bool
}

func (a *troubled) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.asked.Add(1)
	(*a.answer.Load())(w, r)
}

func (a *troubled) answers(h http.HandlerFunc) { a.answer.Store(&h) }

// client returns a client that tells a when the breaker of a creation changes.
func (a *troubled) client(t *testing.T, o Options) *Client {
	t.Helper()
	o.Breaker = func(call string, open bool) {
		if call == createProfile.name {
			a.told = append(a.told, open)
		}
	}
	return piped(t, a.ServeHTTP, o)
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

var (
	well     = says(http.StatusOK, `{"id":"abc","is_completed":false}`)
	unwell   = says(http.StatusServiceUnavailable, "")
	troubles = map[string]http.HandlerFunc{
		"500":                unwell,
		"garbage":            says(http.StatusOK, "<html>"),
		"a redirect":         says(http.StatusFound, ""),
		"an empty success":   says(http.StatusNoContent, ""),
		"an internal error":  says(http.StatusOK, `{"errors":[{"code":401}]}`),
		"a closed line":      func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"no answer in time":  hang,
		"half an answer":     halfAnAnswer,
		"what says both":     says(http.StatusOK, `{"id":"abc","errors":[{"code":101}]}`),
		"an error of theirs": says(http.StatusOK, `{"errors":[{"code":302}]}`),
	}
)

// create makes n creating calls one after another and returns the error of the last.
func create(ctx context.Context, c *Client, n int) (err error) {
	for range n {
		_, err = ended(ctx, c, true)
	}
	return err
}
