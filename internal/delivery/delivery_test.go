package delivery_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"portal/internal/delivery"
	"portal/internal/outbox"
)

// Two secrets in the form in which they are agreed on.
const (
	newer = "whsec_bmV3ZXItbmV3ZXItbmV3ZXItbmV3ZXIh"
	older = "whsec_b2xkZXItb2xkZXItb2xkZXItb2xkZXIh"
)

var now = time.Unix(1_700_000_000, 0)

var notice = outbox.Notice{
	ID: "msg_1", Type: "registration.completed", Registration: "0190-r", Issuer: "link", Subject: "customer-4711", Flow: "company",
	Case: "a&b", Status: "completed", Profile: "p1", HappenedAt: time.Date(2026, 1, 2, 3, 4, 5, 600_000_000, time.UTC),
}

// receiver is the company's own, which keeps what comes and answers as it is told.
type receiver struct {
	*httptest.Server
	got []*http.Request
	raw []string
}

func newReceiver(t *testing.T, answer http.HandlerFunc) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		text, _ := io.ReadAll(req.Body)
		r.got, r.raw = append(r.got, req), append(r.raw, string(text))
		answer(w, req)
	}))
	t.Cleanup(r.Close)
	return r
}

// send sends the notice to an address, signed with the secrets.
func send(t *testing.T, ctx context.Context, to string, secrets ...string) outbox.Answer {
	t.Helper()
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := delivery.ParseSecrets(strings.Join(secrets, ","))
	if err != nil {
		t.Fatal(err)
	}
	return delivery.NewSender(u, parsed).Send(ctx, notice, now)
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func TestANoticeIsSentAsStandardWebhooksHasIt(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, status(http.StatusNoContent))
	if a := send(t, t.Context(), r.URL+"/hook", newer); !a.Taken() || a.Cause != "" {
		t.Fatalf("%+v", a)
	}
	want := `{"type":"registration.completed","timestamp":"2026-01-02T03:04:05.6Z","data":{"registration_id":"0190-r",` +
		`"issuer":"link","subject":"customer-4711","flow":"company","case":"a\u0026b","status":"completed","profile_id":"p1"}}`
	if diff := cmp.Diff(want, r.raw[0]); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	req := r.got[0]
	header := map[string]string{"webhook-id": "msg_1", "webhook-timestamp": "1700000000", "Content-Type": "application/json", "User-Agent": "customer-request-portal"}
	for name, want := range header {
		if got := req.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if req.Method != http.MethodPost || req.URL.Path != "/hook" {
		t.Errorf("%s %s", req.Method, req.URL)
	}
}

func TestWhatThereIsNotIsNull(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, status(http.StatusOK))
	u, _ := url.Parse(r.URL)
	secrets, _ := delivery.ParseSecrets(newer)
	delivery.NewSender(u, secrets).Send(t.Context(), outbox.Notice{ID: "msg_2", Type: "registration.started"}, now)
	var got struct{ Data map[string]any }
	if err := json.Unmarshal([]byte(r.raw[0]), &got); err != nil {
		t.Fatal(err)
	}
	for _, member := range []string{"issuer", "subject", "profile_id"} {
		if value, ok := got.Data[member]; !ok || value != nil {
			t.Errorf("%s is %v (there: %t), want null", member, value, ok)
		}
	}
}

func TestEverySecretSignsWhileTheyAreRotated(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, status(http.StatusOK))
	send(t, t.Context(), r.URL, newer, older)
	for _, secret := range []string{newer, older} {
		w, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.VerifyIgnoringTimestamp([]byte(r.raw[0]), r.got[0].Header); err != nil {
			t.Error(err)
		}
		if err := w.VerifyIgnoringTimestamp([]byte(r.raw[0]+" "), r.got[0].Header); err == nil {
			t.Error("the signature is good for another body, too")
		}
	}
}

func TestRefusalsAreToldInOurWords(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]string{
		302: "redirects are not followed", 400: "status 400", 410: "wants no more", 500: "status 500",
	} {
		r := newReceiver(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(code)
			_, _ = io.WriteString(w, "words of the receiver")
		})
		a := send(t, t.Context(), r.URL, newer)
		if a.Taken() || a.Status != code || !strings.Contains(a.Cause, want) || strings.Contains(a.Cause, "words") || len(r.got) != 1 {
			t.Errorf("%d: %+v, asked %d times", code, a, len(r.got))
		}
	}
}

func TestRetryAfterIsRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"120": 2 * time.Minute, now.Add(time.Hour).UTC().Format(http.TimeFormat): time.Hour, "soon": 0, "-5": 0, "": 0,
		now.Add(-time.Hour).UTC().Format(http.TimeFormat): 0,
	} {
		for code, counts := range map[int]bool{429: true, 503: true, 500: false} {
			r := newReceiver(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", text)
				w.WriteHeader(code)
			})
			got := send(t, t.Context(), r.URL, newer).RetryAfter
			if counts && got != want || !counts && got != 0 {
				t.Errorf("%d with %q: %s", code, text, got)
			}
		}
	}
}

func TestAReceiverThatDoesNotAnswerIsLeft(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	r := newReceiver(t, func(_ http.ResponseWriter, req *http.Request) { <-req.Context().Done() })
	if a := send(t, ctx, r.URL, newer); a.Status != 0 || a.Cause != "the receiver did not answer in time" {
		t.Errorf("%+v", a)
	}
}

func TestAnAnswerWithoutEndIsStillAnAnswer(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	r := newReceiver(t, func(w http.ResponseWriter, req *http.Request) {
		for req.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 64<<10)); err != nil {
				return
			}
		}
	})
	if a := send(t, ctx, r.URL, newer); a.Status != http.StatusOK || ctx.Err() != nil {
		t.Errorf("%+v, %v", a, ctx.Err())
	}
}

func TestTroubleOnTheWayIsToldInOurWords(t *testing.T) {
	t.Parallel()
	hang := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	t.Cleanup(hang.Close)
	away := httptest.NewServer(nil)
	away.Close()
	untrusted := httptest.NewUnstartedServer(status(http.StatusOK))
	untrusted.Config.ErrorLog = nil
	untrusted.StartTLS()
	t.Cleanup(untrusted.Close)
	for to, want := range map[string]string{
		hang.URL: "the connection to the receiver broke off", away.URL: "the receiver cannot be reached",
		untrusted.URL: "the receiver's certificate is not trusted",
	} {
		if a := send(t, t.Context(), to+"/t0psecret-path", newer); a.Status != 0 || a.Cause != want {
			t.Errorf("%+v, want %q", a, want)
		}
	}
}
