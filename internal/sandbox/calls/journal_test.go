package calls_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"portal/internal/sandbox/calls"
)

func TestJournalShowsWhatWasSentAndAnswered(t *testing.T) {
	t.Parallel()
	j := newJournal(10)
	router := chi.NewRouter()
	router.Use(j.Middleware)
	router.Post("/4.0/profiles/{profile_id}", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body)
		w.Header().Set("Etag", `W/"1"`)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusPreconditionFailed)
		_, _ = io.WriteString(w, `{"id":"é"}`)
	})
	r := httptest.NewRequest(http.MethodPost, "/4.0/profiles/p1?limit=5&apikey=query-key-9876", strings.NewReader(`{"role":"x"}`))
	for name, value := range map[string]string{
		"Content-Type": "application/json", "If-Match": `W/"0"`, "User-Agent": "portal/1", "Accept": "*/*",
		"apikey": "sandbox-master-key", "Authorization": "Bearer token-4321",
	} {
		r.Header.Set(name, value)
	}

	router.ServeHTTP(httptest.NewRecorder(), r)

	want := []calls.Call{{
		ID: 1, At: noon, Method: "POST", Path: "/4.0/profiles/p1", Query: "limit=5&apikey=…9876",
		Route: "/4.0/profiles/{profile_id}", Status: 412,
		Request: calls.Message{Body: `{"role":"x"}`, Bytes: 12, Headers: map[string]string{
			"Content-Type": "application/json", "If-Match": `W/"0"`, "User-Agent": "portal/1",
			"Apikey": "…-key", "Authorization": "Bearer …4321",
		}},
		Response: calls.Message{Body: `{"id":"é"}`, Bytes: 11, Headers: map[string]string{
			"Content-Type": "application/json", "Etag": `W/"1"`,
		}},
	}}
	if diff := cmp.Diff(want, j.All(), cmpopts.IgnoreFields(calls.Call{}, "DurationMS")); diff != "" {
		t.Error(diff)
	}
}

func TestCallsHaveStableJSON(t *testing.T) {
	t.Parallel()
	c := pass(t, httptest.NewRequest(http.MethodGet, "/", nil), func(http.ResponseWriter, *http.Request) {})
	c.DurationMS = 0.25

	got, err := json.Marshal(c)

	want := `{"id":1,"at":"2026-01-02T12:00:00Z","method":"GET","path":"/","query":"","route":"","status":200,"duration_ms":0.25,` +
		`"fault":"","pending":false,"request":{"headers":{},"body":"","bytes":0,"truncated":false},` +
		`"response":{"headers":{},"body":"","bytes":0,"truncated":false}}`
	if diff := cmp.Diff(want, string(got)); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

func TestJournalKeepsTheLastCallsNewestFirst(t *testing.T) {
	t.Parallel()
	j := newJournal(3)
	handler := j.Middleware(http.NotFoundHandler())
	ids := func() (ids []int) {
		for _, c := range j.All() {
			ids = append(ids, c.ID)
		}
		return ids
	}
	for _, want := range [][]int{{1}, {2, 1}, {3, 2, 1}, {4, 3, 2}, {5, 4, 3}} {
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/"+strconv.Itoa(want[0]), nil))
		if diff := cmp.Diff(want, ids()); diff != "" {
			t.Error(diff)
		}
	}

	for id, want := range map[int]bool{-1: false, 0: false, 2: false, 3: true, 5: true, 6: false} {
		if c, ok := j.Call(id); ok != want || ok && c.Path != "/"+strconv.Itoa(id) {
			t.Errorf("call %d: %v, %+v", id, ok, c)
		}
	}
}

func TestResetForgetsCallsAndThoseUnderWay(t *testing.T) {
	t.Parallel()
	j := newJournal(3)
	handler := j.Middleware(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { j.Reset() }))

	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))

	if all := j.All(); len(all) != 0 {
		t.Errorf("left: %+v", all)
	}
	if _, ok := j.Call(1); ok {
		t.Error("call 1 is still there")
	}
	j.Middleware(http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	if all := j.All(); len(all) != 1 || all[0].ID != 1 {
		t.Errorf("after the reset: %+v", all)
	}
}

func TestCallsUnderWayAreShown(t *testing.T) {
	t.Parallel()
	j := newJournal(3)
	arrived, leave, left := make(chan struct{}), make(chan struct{}), make(chan struct{})
	handler := j.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body)
		calls.Note(r.Context(), "rule 1: hang before the effect")
		close(arrived)
		<-leave
		w.WriteHeader(http.StatusAccepted)
	}))
	go func() {
		defer close(left)
		handler.ServeHTTP(httptest.NewRecorder(), request("text/plain", "hello"))
	}()
	<-arrived

	c, ok := j.Call(1)
	if !ok || !c.Pending || c.Status != 0 || c.Request.Body != "hello" || c.Fault != "rule 1: hang before the effect" {
		t.Errorf("under way: %+v", c)
	}
	close(leave)
	<-left
	if c, ok := j.Call(1); !ok || c.Pending || c.Status != http.StatusAccepted {
		t.Errorf("afterwards: %+v", c)
	}
}

func TestNotesAddUp(t *testing.T) {
	t.Parallel()
	c := pass(t, request("", ""), func(_ http.ResponseWriter, r *http.Request) {
		calls.Note(r.Context(), "slow")
		calls.Note(r.Context(), "late")
	})

	if c.Fault != "slow; late" {
		t.Errorf("fault %q", c.Fault)
	}
	calls.Note(t.Context(), "nobody listens") // and nothing happens
}

func TestStandardPatternsAreShownToo(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /things/{id}", echo)

	c := pass(t, httptest.NewRequest(http.MethodGet, "/things/7", nil), mux.ServeHTTP)

	if c.Route != "GET /things/{id}" {
		t.Errorf("route %q", c.Route)
	}
}

func TestConcurrentCallsAndReaders(t *testing.T) {
	t.Parallel()
	j := newJournal(20)
	handler := j.Middleware(http.HandlerFunc(echo))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 250 {
				handler.ServeHTTP(httptest.NewRecorder(), request("application/json", `{"role":"INDIVIDUAL_CUSTOMER"}`))
			}
		})
		wg.Go(func() {
			for range 50 {
				for _, c := range j.All() {
					j.Call(c.ID)
				}
			}
		})
	}
	wg.Wait()

	all := j.All()
	if len(all) != 20 || all[0].ID != 2000 {
		t.Fatalf("%d calls are kept", len(all))
	}
	for _, c := range all {
		if c.Pending || c.Request.Body != c.Response.Body {
			t.Errorf("%+v", c)
		}
	}
}

// BenchmarkMiddleware is what a journal costs a call, beside BenchmarkNoJournal.
func BenchmarkMiddleware(b *testing.B) {
	benchmark(b, newJournal(100).Middleware(http.HandlerFunc(echo)))
}

// BenchmarkNoJournal is the same call without a journal.
func BenchmarkNoJournal(b *testing.B) {
	benchmark(b, http.HandlerFunc(echo))
}

func benchmark(b *testing.B, handler http.Handler) {
	b.Helper()
	body := `{"data":"` + strings.Repeat("x", 2000) + `"}`
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			handler.ServeHTTP(httptest.NewRecorder(), request("application/json", body))
		}
	})
}
