package sandbox_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox"
	sumsubwebhooks "portal/internal/sandbox/sumsub/webhooks"
)

// openSumsub is a world whose clock stands still and whose webhooks of Sumsub go to the receiver.
func openSumsub(t *testing.T, r *receiver) world {
	t.Helper()
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	return open(t, sandbox.Options{
		Seed: 7, Now: func() time.Time { return noon }, SumsubWebhooks: sumsubwebhooks.Options{URL: r.URL, Secret: "between us"},
	})
}

// send delivers a webhook of Sumsub and waits for the answer to the first attempt.
func (w world) send(event string) sumsubwebhooks.Delivery {
	w.SumsubWebhooks().Enqueue(event, map[string]any{"applicantId": "5cb56e8e0a975a35f333cb83", "reviewStatus": "pending"})
	w.SumsubWebhooks().CatchUp()
	return w.SumsubWebhooks().Status().Deliveries[0]
}

func TestAdvancingTheClockMakesEveryAttemptAtItsTime(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	r.refuse(true)
	w := openSumsub(t, r)
	began := w.Now()
	w.send("applicantPending")

	w.do(t, "POST", "/_sandbox/clock", `{"advance":"24h5m"}`)

	got := get[sumsubwebhooks.Status](t, w, "/_sandbox/sumsub/webhooks").Deliveries[0]
	var after []time.Duration
	for _, a := range got.Attempts {
		after = append(after, a.At.Sub(began))
	}
	want := []time.Duration{0, 5 * time.Minute, 65 * time.Minute, 365 * time.Minute, 1445 * time.Minute}
	if diff := cmp.Diff(want, after); diff != "" || got.State != sumsubwebhooks.Failed {
		t.Errorf("%s: %s", got.State, diff)
	}
}

func TestWebhookThatWasGivenUpCanBeResentByHand(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	r.refuse(true)
	w := openSumsub(t, r)
	given := w.send("applicantPending")
	if page := w.page(t, "/webhooks/sumsub"); !contains(page, `<span class="state bad">retrying</span>`) || !contains(page, ">Try now<") {
		t.Error("the page does not say that it is tried again")
	}
	w.do(t, "POST", "/_sandbox/clock", `{"advance":"48h"}`)
	r.refuse(false)

	if status, _, page := w.press(t, "/staff/sumsub/webhooks/"+given.ID+"/resend", nil); status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", status, page)
	}
	w.SumsubWebhooks().CatchUp()

	page := w.page(t, "/webhooks/sumsub")
	for _, part := range []string{`<span class="state good">delivered</span>`, `<span class="state bad">failed</span>`, ">Resend<", `<span class="state good">200</span>`, "&#34;type&#34; : &#34;applicantPending&#34;"} {
		if !contains(page, part) {
			t.Errorf("the page lacks %s", part)
		}
	}
	if status, _, _ := w.press(t, "/staff/sumsub/webhooks/none/resend", nil); status != http.StatusNotFound {
		t.Errorf("an unknown delivery: %d", status)
	}
}

func TestTroubleIsForTheProviderThatIsNamed(t *testing.T) {
	t.Parallel()
	w := openSumsub(t, newReceiver(t))
	w.do(t, "PATCH", "/_sandbox/passfort/webhooks/options", `{"url":"http://127.0.0.1:9/"}`)

	for body, want := range map[string]int{
		`{"provider":"sumsub","mode":"missing_field"}`: 201, `{"mode":"batch"}`: 201, `{"provider":"passfort","mode":"late"}`: 201,
		`{"provider":"sumsub","mode":"batch"}`: 400, `{"mode":"missing_field"}`: 400, `{"provider":"nobody","mode":"late"}`: 400,
		`{"provider":"sumsub","mode":"late","x":1}`: 400, `{"provider":7,"mode":"late"}`: 400, `[]`: 400, `{`: 400,
	} {
		if status, _, answer := w.do(t, "POST", "/_sandbox/webhooks", body); status != want {
			t.Errorf("%s: %d %s", body, status, answer)
		}
	}
	if passfort, sumsub := w.Webhooks().Status().Troubles, w.SumsubWebhooks().Status().Troubles; len(passfort) != 2 || len(sumsub) != 1 {
		t.Errorf("ordered: %+v and %+v", passfort, sumsub)
	}
}

func TestSumsubsSecretStaysUnlessItIsReplacedOrRemoved(t *testing.T) {
	t.Parallel()
	w := openSumsub(t, newReceiver(t))
	for _, c := range []struct{ secret, remove, want string }{{"", "", "between us"}, {"another", "", "another"}, {"", "true", ""}} {
		fields := url.Values{"secret": {c.secret}, "no_secret": {c.remove}}
		if status, _, page := w.press(t, "/staff/sumsub/webhooks/options", fields); status != http.StatusSeeOther {
			t.Fatalf("%v: %d %s", fields, status, page)
		}
		if got := w.SumsubWebhooks().Options().Secret; got != c.want {
			t.Errorf("%v: the secret is %q", fields, got)
		}
	}
}

func TestDeliveriesOutliveTheProcess(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	r.refuse(true)
	w := openSumsub(t, r)
	given := w.send("applicantPending")
	_, _, state := w.do(t, "GET", "/_sandbox/state", "")
	r.refuse(false)

	next := openSumsub(t, r)
	if status, _, body := next.do(t, "PUT", "/_sandbox/state", state); status != http.StatusOK {
		t.Fatalf("loading: %d %s", status, body)
	}
	next.do(t, "POST", "/_sandbox/clock", `{"advance":"5m"}`)

	got := next.SumsubWebhooks().Status().Deliveries[0]
	if got.ID != given.ID || got.State != sumsubwebhooks.Delivered || len(got.Attempts) != 2 || got.Body != given.Body {
		t.Errorf("delivery: %+v", got)
	}
	status, _, body := next.do(t, "PUT", "/_sandbox/state", `{"version":1,"passfort":{},"sumsub_webhooks":{"waiting":[{"id":""}]}}`)
	if status != http.StatusBadRequest || next.SumsubWebhooks().Status().Deliveries[0].ID != given.ID {
		t.Errorf("a state that cannot be used: %d %s", status, body)
	}
}
