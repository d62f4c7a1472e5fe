package passfort_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/onboarding"
	"portal/internal/passfort"
)

func TestCreateProfileSendsTheStub(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		stub onboarding.StubProfile
		want any
	}{
		"company": {stub, map[string]any{
			"role":           "COMPANY_CUSTOMER",
			"collected_data": map[string]any{"entity_type": "COMPANY", "customer_ref": stub.CustomerRef},
		}},
		"individual with product": {
			onboarding.StubProfile{CustomerRef: "r", Role: onboarding.IndividualCustomer, Product: "account"},
			map[string]any{
				"role":           "INDIVIDUAL_CUSTOMER",
				"collected_data": map[string]any{"entity_type": "INDIVIDUAL", "customer_ref": "r"},
				"applications":   []any{map[string]any{"product": map[string]any{"alias": "account"}}},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := &keeping{Handler: always(http.StatusCreated, `{"id":"abc","role":"?","new":{"member":1}}`)}
			id, err := client(t, api).CreateProfile(t.Context(), test.stub)
			if err != nil || id != "abc" {
				t.Fatalf("got %q, %v", id, err)
			}
			got := api.only(t)
			if got.Method != http.MethodPost || got.Path != "/4.0/profiles" {
				t.Errorf("asked %s %s", got.Method, got.Path)
			}
			if diff := cmp.Diff(test.want, got.Body); diff != "" {
				t.Error("body (-want +got):", diff)
			}
		})
	}
}

func TestCreateRequestSendsAliasesAndReturnsThePair(t *testing.T) {
	t.Parallel()
	api := &keeping{Handler: always(http.StatusOK, `{"id":"req-1","apikey":"`+requestKey+`","status":"SENT"}`)}
	q, err := client(t, api).CreateRequest(t.Context(), profile, forms)
	if err != nil {
		t.Fatal(err)
	}
	if q.ID != "req-1" || q.Key.Reveal() != requestKey || !q.CreatedAt.IsZero() {
		t.Errorf("got %+v", q)
	}
	got := api.only(t)
	want := map[string]any{
		"type":          "FLOW",
		"flow_template": map[string]any{"alias": "company-onboarding"},
		"theme":         map[string]any{"alias": "default"},
	}
	if diff := cmp.Diff(want, got.Body); diff != "" {
		t.Error("body (-want +got):", diff)
	}
	if path := "/4.0/forms/profile/" + string(profile) + "/customer_request"; got.Method != http.MethodPost || got.Path != path {
		t.Errorf("asked %s %s", got.Method, got.Path)
	}
}

func TestLatestRequestTellsWhatIsKnown(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body string
		want onboarding.Sighting
	}{
		"active, with key":    {`{"id":"r","apikey":"k","is_completed":false}`, onboarding.Sighting{ID: "r", Key: "k"}},
		"active, without key": {`{"id":"r","is_completed":false}`, onboarding.Sighting{ID: "r"}},
		"key is null":         {`{"id":"r","apikey":null,"is_completed":false}`, onboarding.Sighting{ID: "r"}},
		"over":                {`{"id":"r","is_completed":true,"forms":[]}`, onboarding.Sighting{ID: "r", Completed: true}},
		"no errors":           {`{"id":"r","is_completed":true,"errors":[]}`, onboarding.Sighting{ID: "r", Completed: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := client(t, always(http.StatusOK, test.body)).LatestRequest(t.Context(), profile)
			if err != nil || got != test.want {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func TestLatestRequestFindsNone(t *testing.T) {
	t.Parallel()
	for name, api := range map[string]http.Handler{"404": always(http.StatusNotFound, ""), "null": always(http.StatusOK, "null")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := client(t, api).LatestRequest(t.Context(), profile)
			wantKind(t, err, onboarding.NotFound)
		})
	}
}

func TestStatusesBecomeKinds(t *testing.T) {
	t.Parallel()
	const open = "" // unanswered of creating calls, busy of reads
	for status, want := range map[int]onboarding.Kind{
		400: onboarding.Invalid, 422: onboarding.Invalid, 401: onboarding.Denied, 403: onboarding.Denied,
		404: onboarding.NotFound, 409: onboarding.Conflict, 429: onboarding.Busy,
		202: open, 204: open, 206: open, 302: open, 307: open, 402: open, 405: open, 412: open, 418: open,
		500: open, 502: open, 503: open, 504: open,
	} {
		for name, call := range calls {
			t.Run(fmt.Sprintf("%s %d", name, status), func(t *testing.T) {
				t.Parallel()
				err := call(t.Context(), client(t, always(status, "", "Location", "/elsewhere")))
				switch {
				case want == open && creates(name):
					wantKind(t, err, onboarding.Unanswered)
				case want == open, name == "FindProfile" && want == onboarding.NotFound:
					wantKind(t, err, onboarding.Busy)
				default:
					wantKind(t, err, want)
				}
			})
		}
	}
}

func TestGoodStatusesWithoutAGoodBodyLeaveTheOutcomeOpen(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"", "{", "<html>", "[]", `"id"`, "7", "{}", `{"id":null}`, `{"id":""}`, `{"id":7,"apikey":"k"}`, `{"id":"a b","apikey":"k"}`,
		`{"id":"r"}x`, `{"apikey":"k","is_completed":false}`, `{"id":"\u0000","apikey":"k","is_completed":true}`,
		`{"errors":[{"code":302,"message":"later"}]}`, `{"errors":{"code":401}}`, `{"errors":[{"code":502}]}`, `{"errors":["?"]}`,
		`{"id":"r","apikey":"k","is_completed":false,"errors":[{"code":101}]}`,
	} {
		for name, call := range calls {
			t.Run(name+" "+body, func(t *testing.T) {
				t.Parallel()
				want := onboarding.Busy
				if creates(name) {
					want = onboarding.Unanswered
				}
				wantKind(t, call(t.Context(), client(t, always(http.StatusOK, body))), want)
			})
		}
	}
}

func TestCreateRequestNeedsBothHalves(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"id":"r"}`, `{"id":"r","apikey":""}`, `{"apikey":"k"}`, `{"id":"r","apikey":"k\n"}`, "null"} {
		_, err := client(t, always(http.StatusOK, body)).CreateRequest(t.Context(), profile, forms)
		wantKind(t, err, onboarding.Unanswered)
	}
}

func TestRefusalsWithGoodStatusAreUnderstood(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]onboarding.Kind{
		`{"errors":[{"code":101,"message":"role is missing"}]}`:         onboarding.Invalid,
		`{"errors":{"code":201,"message":"alone","source":"API"}}`:      onboarding.Invalid,
		`{"errors":[{"code":203}]}`:                                     onboarding.Denied,
		`{"errors":[{"code":204,"message":"bad key"},{"code":101}]}`:    onboarding.Denied,
		`{"id":null,"errors":[{"code":104,"message":"limit reached"}]}`: onboarding.Invalid,
	} {
		for name, call := range calls {
			t.Run(name+" "+body, func(t *testing.T) {
				t.Parallel()
				wantKind(t, call(t.Context(), client(t, always(http.StatusOK, body))), want)
			})
		}
	}
}

func TestTooManyRequestsSaysHowLongToWait(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		header []string
		want   time.Duration
	}{
		"retry wins":      {[]string{"X-RateLimit-Retry-Secs", "3", "X-RateLimit-Reset-Secs", "9", "Retry-After", "8"}, 3 * time.Second},
		"reset next":      {[]string{"X-RateLimit-Reset-Secs", "9.5", "Retry-After", "8"}, 9500 * time.Millisecond},
		"standard last":   {[]string{"Retry-After", "8"}, 8 * time.Second},
		"past date":       {[]string{"Retry-After", "Mon, 01 Jan 2024 00:00:00 GMT"}, 0},
		"far date":        {[]string{"Retry-After", "Mon, 01 Jan 2624 00:00:00 GMT"}, time.Hour},
		"nonsense passed": {[]string{"X-RateLimit-Retry-Secs", "NaN", "X-RateLimit-Reset-Secs", "-1", "Retry-After", "2"}, 2 * time.Second},
		"bounded":         {[]string{"X-RateLimit-Retry-Secs", "Inf"}, time.Hour},
		"silent":          {nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := client(t, always(http.StatusTooManyRequests, "", test.header...)).CreateProfile(t.Context(), stub)
			wantKind(t, err, onboarding.Busy)
			if e, ok := errors.AsType[*onboarding.Error](err); !ok || e.RetryAfter != test.want {
				t.Errorf("wait %v, want %v", e.RetryAfter, test.want)
			}
		})
	}
}

func TestNothingHappensWithoutAConnection(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := call(t.Context(), clientOf(t, "http://"+nobody+"/4.0"))
			wantKind(t, err, onboarding.Busy)
			if !strings.Contains(err.Error(), "refused") {
				t.Errorf("%v does not name the cause", err)
			}
		})
	}
}

func TestBrokenConnectionsLeaveCreatesOpen(t *testing.T) {
	t.Parallel()
	for fault, api := range map[string]http.HandlerFunc{
		"closed":    func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"half":      func(w http.ResponseWriter, _ *http.Request) { half(w, `{"id":"abc"`) },
		"gibberish": func(w http.ResponseWriter, _ *http.Request) { hijack(w, "SECRET gibberish\r\n\r\n") },
		"too long":  func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(bytes.Repeat([]byte(" "), 9<<20)) },
	} {
		for name, call := range calls {
			t.Run(name+" "+fault, func(t *testing.T) {
				t.Parallel()
				err := call(t.Context(), client(t, api))
				want := onboarding.Busy
				if creates(name) {
					want = onboarding.Unanswered
				}
				wantKind(t, err, want)
				if strings.Contains(err.Error(), "SECRET") {
					t.Errorf("%v repeats what was read", err)
				}
			})
		}
	}
}

// half sends the beginning of an answer that claims to be longer.
func half(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Length", "1000")
	_, _ = w.Write([]byte(body))
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// hijack sends raw bytes instead of an answer.
func hijack(w http.ResponseWriter, raw string) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	_, _ = conn.Write([]byte(raw))
	_ = conn.Close()
}

func TestCancelledCreatesAreUnanswered(t *testing.T) {
	t.Parallel()
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			err := call(ctx, client(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				cancel()
				<-r.Context().Done()
			})))
			want := onboarding.Busy
			if creates(name) {
				want = onboarding.Unanswered
			}
			wantKind(t, err, want)
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%v does not tell that it was cancelled", err)
			}
		})
	}
}

func TestRedirectsAreNotFollowedAndCookiesNotKept(t *testing.T) {
	t.Parallel()
	var elsewhere atomic.Int32
	thief := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	t.Cleanup(thief.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		api := &keeping{Handler: always(status, "", "Location", thief.URL, "Set-Cookie", "a=b")}
		c := client(t, api)
		for name, call := range calls {
			if call(t.Context(), c) == nil {
				t.Errorf("%s takes a %d for an answer", name, status)
			}
		}
		for _, r := range api.kept {
			if r.Header.Get("Cookie") != "" {
				t.Error("a cookie was kept")
			}
		}
	}
	if elsewhere.Load() > 0 {
		t.Error("a redirect was followed")
	}
}

func TestTheKeyTravelsInItsHeaderAlone(t *testing.T) {
	t.Parallel()
	api := &keeping{Handler: always(http.StatusOK, `{"id":"r","apikey":"k"}`)}
	if _, err := client(t, api).CreateRequest(t.Context(), profile, forms); err != nil {
		t.Fatal(err)
	}
	got := api.only(t)
	if key := got.Header.Get("Apikey"); key != masterKey {
		t.Errorf("apikey: %q", key)
	}
	got.Header.Del("Apikey")
	if rest := fmt.Sprint(got); strings.Contains(rest, masterKey) {
		t.Error("the key is elsewhere too:", rest)
	}
}

func TestErrorsHoldNoSecrets(t *testing.T) {
	t.Parallel()
	message := strings.Repeat("é", 300) + `","info":"body text`
	for _, status := range []int{200, 201, 204, 302, 400, 401, 404, 409, 429, 500} {
		for _, body := range []string{
			`{"errors":[{"code":201,"message":"key ` + masterKey + ` is\nwrong ` + message + `"}],"apikey":"` + requestKey + `"}`,
			`{"errors":[{"code":402,"message":"key ` + masterKey + `"}],"apikey":"` + requestKey + `"}`,
			`{"apikey":"` + requestKey + `","id":{"body text":1}}`,
			requestKey + " body text",
		} {
			for name, call := range calls {
				err := call(t.Context(), client(t, always(status, body)))
				if err == nil {
					t.Fatalf("%s: no error for %d %s", name, status, body)
				}
				var log bytes.Buffer
				slog.New(slog.NewJSONHandler(&log, nil)).Error("failed", slog.Any("error", err))
				for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err), log.String()} {
					for _, secret := range []string{masterKey, requestKey, "body text", string(profile), stub.CustomerRef, strings.Repeat("é", 200)} {
						if strings.Contains(text, secret) {
							t.Errorf("%s %d: %s contains %q", name, status, text, secret)
						}
					}
					if strings.ContainsAny(err.Error(), "\r\n") {
						t.Errorf("%s %d: %q has several lines", name, status, err)
					}
				}
			}
		}
	}
}

func TestErrorsNameCallStatusAndCode(t *testing.T) {
	t.Parallel()
	api := always(http.StatusBadRequest, `{"errors":[{"code":201,"message":"theme is\nunknown","source":"API"}]}`)
	_, err := client(t, api).CreateRequest(t.Context(), profile, forms)
	want := "invalid: POST /forms/profile/{id}/customer_request: HTTP 400, code 201: theme is unknown"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestAPIKeyNeverPrints(t *testing.T) {
	t.Parallel()
	options := passfort.Options{APIKey: masterKey}
	asJSON, err := json.Marshal(options.APIKey)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("options", "key", options.APIKey, "all", options)
	for _, text := range []string{fmt.Sprintf("%v %+v %#v %s %q %x", options, options, options, options.APIKey, options.APIKey, options.APIKey), string(asJSON), log.String()} {
		if strings.Contains(text, masterKey) || strings.Contains(text, fmt.Sprintf("%x", masterKey)) {
			t.Error("printed:", text)
		}
	}
}

func TestEveryCallIsObserved(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		always(http.StatusOK, `{"id":"r","is_completed":false,"results":[]}`).ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	base, err := url.Parse(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	c := passfort.New(passfort.Options{BaseURL: base, APIKey: masterKey, Observe: func(call, outcome string, took time.Duration) {
		if took <= 0 {
			t.Error("it took no time")
		}
		got = append(got, call+" "+outcome)
	}})
	for _, name := range []string{"CreateProfile", "LatestRequest", "FindProfile"} {
		_ = calls[name](t.Context(), c)
	}
	want := []string{"create_profile denied", "read_request ok", "list_profiles ok", "list_profiles ok"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("observed (-want +got):", diff)
	}
}
