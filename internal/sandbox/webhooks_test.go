package sandbox_test

import (
	"net/url"
	"slices"
	"testing"

	"portal/internal/sandbox"
	"portal/internal/sandbox/passfort/webhooks"
)

func TestWebhooksOfAPICallsArriveWithTheSecretTwice(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	w := open(t, sandbox.Options{Webhooks: webhooks.Options{URL: r.URL, Secret: "between us"}})
	_, profile := w.addProfile(t)
	id := decode[map[string]any](t, profile)["id"].(string)

	w.request(t, id, "company-onboarding")
	w.settled(t)

	if !slices.Contains(r.events(), "CUSTOMER_REQUEST_CHANGED") {
		t.Errorf("received %v", r.events())
	}
	for _, d := range r.received() {
		if d.Secret != "between us" || d.authorization != "Bearer between us" || d.Data["profile_id"] != id {
			t.Errorf("received %+v", d)
		}
	}
}

func TestStalledQueueIsShownAndRetriedOnDemand(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	r.refuse(true)
	w := open(t, sandbox.Options{Webhooks: webhooks.Options{URL: r.URL, BackoffMS: 3_600_000, BackoffMaxMS: 3_600_000}})
	_, profile := w.addProfile(t)
	w.request(t, decode[map[string]any](t, profile)["id"].(string), "company-onboarding")
	eventually(t, "the failure", func() bool { return w.Webhooks().Status().State == webhooks.Stalled })

	status := get[webhooks.Status](t, w, "/_sandbox/passfort/webhooks")
	if status.NextRetry == nil || status.Attempts != 1 || len(status.Failures) != 1 || status.Failures[0].Status != 500 {
		t.Errorf("status: %+v", status)
	}
	if page := w.page(t, "/"); !contains(page, `Webhooks <span class="state bad">stalled</span>`) {
		t.Error("the navigation does not say that the queue is stalled")
	}
	r.refuse(false)
	w.do(t, "POST", "/_sandbox/passfort/webhooks/retry", "")
	w.settled(t)
	if page := w.page(t, "/webhooks"); !contains(page, "0 messages") || contains(page, "Retry now") {
		t.Error("the page does not say that the queue is empty")
	}
}

// withSecret are options of webhooks that go nowhere.
var withSecret = webhooks.Options{URL: "http://127.0.0.1:9/hooks", Secret: "between-the-two-of-us"}

func TestSecretStaysUnlessItIsReplacedOrRemoved(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{Webhooks: withSecret})
	for _, c := range []struct {
		fields url.Values
		want   string
	}{
		{url.Values{"secret": {""}, "batching": {"false", "true"}}, withSecret.Secret},
		{url.Values{"secret": {"another"}}, "another"},
		{url.Values{"secret": {""}, "no_secret": {"true"}}, ""},
	} {
		if status, _, page := w.press(t, "/staff/webhooks/options", c.fields); status != 303 {
			t.Fatalf("%v: %d %s", c.fields, status, page)
		}
		if got := w.Webhooks().Options(); got.Secret != c.want || got.URL != withSecret.URL || !got.Batching {
			t.Errorf("%v: %+v", c.fields, got)
		}
	}
}
