package webhooks_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort/webhooks"
)

func TestZeroOptionsAreTheLikeliestBehaviour(t *testing.T) {
	t.Parallel()
	q := webhooks.New(webhooks.Config{})
	defer q.Close()

	got, err := json.Marshal(q.Options())
	if err != nil {
		t.Fatal(err)
	}

	want := `{"url":"","secret":"","events":[],"batching":false,"batch_shape":"array","batch_every_ms":1000,` +
		`"event_case":"upper","timeout_ms":10000,"backoff_ms":1000,"backoff_max_ms":60000,"accept":"200"}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestCheckNamesEveryWrongMember(t *testing.T) {
	t.Parallel()
	o := webhooks.Options{
		URL: "ftp://x", Secret: "a\nb", Events: []string{" "}, BatchShape: "heap", BatchEveryMS: -1, EventCase: "title",
		TimeoutMS: -1, BackoffMS: -1, BackoffMaxMS: -1, Accept: "all",
	}

	err := o.Check()

	if err == nil {
		t.Fatal("was accepted")
	}
	sentences := strings.Split(err.Error(), "\n")
	for _, member := range []string{
		"url", "secret", "events", "batch_shape", "batch_every_ms", "event_case", "timeout_ms", "backoff_ms",
		"backoff_max_ms", "accept",
	} {
		found := 0
		for _, sentence := range sentences {
			if strings.HasPrefix(sentence, member+" ") {
				found++
			}
		}
		if found != 1 {
			t.Errorf("%d sentences about %s in:\n%v", found, member, err)
		}
	}
}

func TestWrongOptionsChangeNothing(t *testing.T) {
	t.Parallel()
	q := open(t, listen(t), quick())
	before := q.Options()

	if err := q.SetOptions(webhooks.Options{URL: "nowhere"}); err == nil {
		t.Error("was accepted")
	}

	if diff := cmp.Diff(before, q.Options()); diff != "" {
		t.Error(diff)
	}
}

func TestNothingIsQueuedWhileWebhooksAreOff(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := webhooks.New(webhooks.Config{Now: fixed})
	defer q.Close()

	enqueue(q, "A")
	off := q.Status()
	if err := q.SetOptions(webhooks.Options{URL: rc.url}); err != nil {
		t.Fatal(err)
	}
	enqueue(q, "B")
	drain(t, q)

	if off.State != webhooks.Off || off.Waiting != 0 {
		t.Errorf("while off: %+v", off)
	}
	if diff := cmp.Diff([]string{"B"}, rc.events()); diff != "" {
		t.Error(diff)
	}
}

func TestTurningOffLosesWhatWaits(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	o := patient()
	q := open(t, rc, o)
	rc.hangs(t)
	enqueue(q, "A", "B")
	disturb(t, q, webhooks.Trouble{Mode: webhooks.Late, DelayMS: 3_600_000})
	enqueue(q, "C")
	rc.next(t)

	if err := q.SetOptions(o); err != nil {
		t.Fatal(err)
	}

	drain(t, q)
	if s := q.Status(); s.State != webhooks.Off || s.Waiting != 0 || len(s.Delivered) != 0 || len(s.Failures) != 0 {
		t.Errorf("status: %+v", s)
	}
}

func TestOnlyEnabledEventsAreQueuedWhateverTheirCase(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	o := quick()
	o.Events = []string{"customer_request_changed", "CHECK_COMPLETED"}
	q := open(t, rc, o)

	enqueue(q, "TASK_CREATED", "CUSTOMER_REQUEST_CHANGED", "check_completed")
	drain(t, q)

	if diff := cmp.Diff([]string{"CUSTOMER_REQUEST_CHANGED", "CHECK_COMPLETED"}, rc.events()); diff != "" {
		t.Error(diff)
	}
}

func TestEventNamesMayBeLowerCase(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	o := quick()
	o.EventCase = webhooks.Lower
	q := open(t, rc, o)

	enqueue(q, "CUSTOMER_REQUEST_CHANGED")
	drain(t, q)

	if diff := cmp.Diff([]string{"customer_request_changed"}, rc.events()); diff != "" {
		t.Error(diff)
	}
}

func TestNewSecretIsTriedAtOnceOnWhatWaits(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	o := patient()
	q := open(t, rc, o)
	rc.refuses(http.StatusUnauthorized)
	enqueue(q, "A")
	failed(t, q, 1)
	rc.next(t)

	rc.answers(nil)
	o.URL, o.Secret = rc.url, "new"
	if err := q.SetOptions(o); err != nil {
		t.Fatal(err)
	}
	drain(t, q)

	if got := rc.next(t); got.messages[0].Secret != "new" || got.header.Get("Authorization") != "Bearer new" {
		t.Errorf("body %s, header %q", got.body, got.header.Get("Authorization"))
	}
}

func TestNewAddressGetsWhatWaitsAtOnce(t *testing.T) {
	t.Parallel()
	old, rc := listen(t), listen(t)
	o := patient()
	q := open(t, old, o)
	old.hangs(t)
	enqueue(q, "A", "B")
	old.next(t)

	o.URL = rc.url
	if err := q.SetOptions(o); err != nil {
		t.Fatal(err)
	}
	drain(t, q)

	if diff := cmp.Diff([]string{"A", "B"}, rc.events()); diff != "" {
		t.Error(diff)
	}
	if s := q.Status(); len(s.Failures) != 0 || s.Delivered[0].Attempts != 1 {
		t.Errorf("the request that was given up counts: %+v", s)
	}
}

func TestChangeDuringAFailingRequestIsTriedAtOnce(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	o := patient()
	q := open(t, rc, o)
	decide := make(chan struct{})
	rc.answers(func(w http.ResponseWriter, _ request) {
		<-decide
		w.WriteHeader(http.StatusUnauthorized)
	})
	enqueue(q, "A")
	rc.next(t)

	o.URL, o.Secret = rc.url, "new"
	if err := q.SetOptions(o); err != nil {
		t.Fatal(err)
	}
	rc.answers(nil)
	close(decide)
	drain(t, q)

	if got := rc.next(t).messages[0].Secret; got != "new" {
		t.Errorf("secret is %q", got)
	}
}

func TestUnchangedOptionsDoNotRetry(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, patient())
	rc.refuses(http.StatusUnauthorized)
	enqueue(q, "A")
	before := failed(t, q, 1)

	if err := q.SetOptions(q.Options()); err != nil {
		t.Fatal(err)
	}

	if diff := cmp.Diff(before, q.Status()); diff != "" {
		t.Error(diff)
	}
}

func TestSettingsOfAnIdleQueueDoNotHurryALaterBatch(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	o := batching(webhooks.Array)
	q := open(t, rc, o)
	o.URL, o.Secret = rc.url, "new"
	if err := q.SetOptions(o); err != nil {
		t.Fatal(err)
	}

	enqueueMany(q, 100)
	q.RetryNow()
	drain(t, q)

	if got := rc.requests(); len(got) != 1 {
		t.Errorf("%d requests, want 1", len(got))
	}
}
