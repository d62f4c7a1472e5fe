package webhooks_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"portal/internal/sandbox/passfort/webhooks"
)

func TestEnvelopeIsTheDocumentedOne(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, patient())

	q.Enqueue("CUSTOMER_REQUEST_CHANGED", map[string]any{"profile_id": "p", "customer_ref": nil})
	drain(t, q)

	got := rc.next(t)
	id := got.messages[0].ID
	if _, err := uuid.Parse(id); err != nil {
		t.Errorf("id is %q", id)
	}
	want := fmt.Sprintf(`{"id":%q,"event":"CUSTOMER_REQUEST_CHANGED","secret":"s3cret","timestamp":%d,`+
		`"data":{"customer_ref":null,"profile_id":"p"}}`, id, start.Unix())
	if diff := cmp.Diff(want, got.body); diff != "" {
		t.Error(diff)
	}
	agent, kind := got.header.Get("User-Agent"), got.header.Get("Content-Type")
	if kind != "application/json" || !strings.HasPrefix(agent, "PassFort") {
		t.Errorf("headers: %v", got.header)
	}
}

func TestSecretTravelsTwice(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, patient())

	enqueue(q, "A")

	got := rc.next(t)
	if got.messages[0].Secret != "s3cret" || got.header.Get("Authorization") != "Bearer s3cret" {
		t.Errorf("in the body %q, in the header %q", got.messages[0].Secret, got.header.Get("Authorization"))
	}
}

func TestIDStaysTheSameAcrossRetries(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, quick())
	rc.refuses(http.StatusInternalServerError)

	enqueue(q, "A")

	first := rc.next(t)
	for range 3 {
		if again := rc.next(t); again.body != first.body {
			t.Errorf("first %s, then %s", first.body, again.body)
		}
	}
}

func TestOnlyAnAcceptedStatusEndsTheRetries(t *testing.T) {
	t.Parallel()
	for status, accept := range map[int]webhooks.Accept{
		201: webhooks.OnlyOK, 202: webhooks.OnlyOK, 204: webhooks.OnlyOK, 302: webhooks.OnlyOK, 400: webhooks.OnlyOK,
		503: webhooks.OnlyOK, 301: webhooks.Any2xx, 404: webhooks.Any2xx, 500: webhooks.Any2xx,
	} {
		t.Run(fmt.Sprint(status, " by ", accept), func(t *testing.T) {
			t.Parallel()
			rc := listen(t)
			o := patient()
			o.Accept = accept
			q := open(t, rc, o)
			rc.refuses(status)

			enqueue(q, "A")

			if s := failed(t, q, 1); s.State != webhooks.Stalled || s.Failures[0].Status != status {
				t.Errorf("status is %+v", s)
			}
		})
	}
}

func TestEverySuccessCountsIfSoOrdered(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 201, 202, 204} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			rc := listen(t)
			o := patient()
			o.Accept = webhooks.Any2xx
			q := open(t, rc, o)
			rc.refuses(status)

			enqueue(q, "A")
			drain(t, q)

			if got := q.Status().Delivered; len(got) != 1 || got[0].Status != status {
				t.Errorf("delivered: %+v", got)
			}
		})
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	elsewhere, rc := listen(t), listen(t)
	q := open(t, rc, patient())
	rc.answers(func(w http.ResponseWriter, _ request) {
		w.Header().Set("Location", elsewhere.url)
		w.WriteHeader(http.StatusTemporaryRedirect)
	})

	enqueue(q, "A")

	if s := failed(t, q, 1); s.Failures[0].Status != http.StatusTemporaryRedirect {
		t.Errorf("failure: %+v", s.Failures[0])
	}
	if len(elsewhere.arrivals) != 0 {
		t.Error("the redirect was followed")
	}
}

func TestSilentReceiverIsGivenUpAfterTheTimeout(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	o := patient()
	o.TimeoutMS = 20
	q := open(t, rc, o)
	rc.hangs(t)

	enqueue(q, "A")

	got := failed(t, q, 1).Failures[0]
	if got.Status != 0 || got.Error != "no answer within 20ms" {
		t.Errorf("failure: %+v", got)
	}
}

func TestEndlessAnswerIsNotReadToItsEnd(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, patient())
	rc.answers(func(w http.ResponseWriter, _ request) {
		for {
			if _, err := w.Write(make([]byte, 4096)); err != nil {
				return
			}
		}
	})

	enqueue(q, "A")
	drain(t, q)
}

func TestReceiverThatIsNotThereIsTriedAgain(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	q := open(t, &receiver{url: server.URL}, patient())

	enqueue(q, "A")

	if s := failed(t, q, 1); s.State != webhooks.Stalled || s.Failures[0].Status != 0 || s.Failures[0].Error == "" {
		t.Errorf("status: %+v", s)
	}
}

func TestNoSecretMeansNoHeader(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, webhooks.Options{})

	enqueue(q, "A")

	if got, ok := rc.next(t).header["Authorization"]; ok {
		t.Errorf("Authorization: %q", got)
	}
}

func TestGivenClientIsUsedButFollowsNoRedirectEither(t *testing.T) {
	t.Parallel()
	used := make(chan string, 10)
	client := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		used <- r.URL.Path
		header := http.Header{"Location": {"/elsewhere"}}
		return &http.Response{StatusCode: http.StatusFound, Header: header, Body: http.NoBody, Request: r}, nil
	})}
	o := patient()
	o.URL = "http://receiver.test/hook"
	q := webhooks.New(webhooks.Config{Now: fixed, Options: o, Client: client})
	defer q.Close()

	enqueue(q, "A")
	failed(t, q, 1)

	if got := <-used; got != "/hook" || len(used) != 0 || client.CheckRedirect != nil {
		t.Errorf("called %q and %d more", got, len(used))
	}
}

// roundTripper answers requests without a network.
type roundTripper func(r *http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
