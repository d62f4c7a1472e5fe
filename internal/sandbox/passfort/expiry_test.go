package passfort_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
)

const day = 24 * time.Hour

func TestRequestExpiresAfterNinetyDays(t *testing.T) {
	t.Parallel()
	f := openPerson(t, open(t, passfort.Options{}))

	f.account.advance(t, 90*day-time.Second)
	if r := f.read(t); r.body["is_completed"] != false {
		t.Errorf("a second before: %s", r.raw)
	}
	f.account.advance(t, time.Second)
	if r := f.read(t); r.body["is_completed"] != true {
		t.Errorf("after 90 days: %s", r.raw)
	}
	if o := f.overview(t); o.State != passfort.Expired || o.Forms[0].State != passfort.Expired {
		t.Errorf("the request: %+v", o)
	}
}

func TestValidityIsAnOption(t *testing.T) {
	t.Parallel()
	f := openPerson(t, open(t, passfort.Options{ValidityDays: 2}))

	f.account.advance(t, 2*day-time.Second)
	if got := f.overview(t).State; got != passfort.Sent {
		t.Errorf("a second before: %s", got)
	}
	f.account.advance(t, time.Second)
	if got := f.overview(t).State; got != passfort.Expired {
		t.Errorf("after two days: %s", got)
	}
}

func TestEndlessValidityIsNoReasonToExpire(t *testing.T) {
	t.Parallel()
	f := openPerson(t, open(t, passfort.Options{ValidityDays: 200_000}))

	f.account.advance(t, 3650*day)

	if got := f.overview(t).State; got != passfort.Sent {
		t.Errorf("the request is %s", got)
	}
}

func TestValidityBeginsAnewWithTheEmail(t *testing.T) {
	t.Parallel()
	f := openPerson(t, open(t, passfort.Options{}))
	f.account.advance(t, 60*day)
	if err := f.account.EmailRequest(f.id, "jo@example.com"); err != nil {
		t.Fatal(err)
	}

	f.account.advance(t, 90*day-time.Second)
	if got := f.overview(t).State; got != passfort.Sent {
		t.Errorf("a second before: %s", got)
	}
	f.account.advance(t, time.Second)
	if got := f.overview(t).State; got != passfort.Expired {
		t.Errorf("90 days after the e-mail: %s", got)
	}
}

func TestExpiryIsTold(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := openPerson(t, a)
	f.submit(t, yourDetails, alex)
	told := len(a.events())

	a.advance(t, 90*day)

	want := []string{"FORM_STATE_CHANGED EXPIRED", "FORM_STATE_CHANGED EXPIRED", "CUSTOMER_REQUEST_CHANGED EXPIRED"}
	if diff := cmp.Diff(want, a.told(told)); diff != "" {
		t.Error(diff)
	}
	if kinds := a.kinds(); kinds[len(kinds)-1] != "customer_request.expire" {
		t.Errorf("effects: %v", kinds)
	}
}

// told are the events from this place on that are about requests and forms, with the status each tells.
func (a *account) told(from int) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	lines := []string{}
	for _, w := range a.webhooks[from:] {
		switch w.event {
		case "FORM_STATE_CHANGED":
			lines = append(lines, w.event+" "+at(w.data, "form", "status").(string))
		case "CUSTOMER_REQUEST_CHANGED":
			lines = append(lines, w.event+" "+at(w.data, "customer_request", "status").(string))
		}
	}
	return lines
}

func TestRequestThatIsOverDoesNotExpire(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := openPerson(t, a)
	f.endAs(t, passfort.Completed)
	before := a.kinds()

	a.advance(t, 91*day)

	if got := f.overview(t).State; got != passfort.Completed {
		t.Errorf("the request is %s", got)
	}
	if diff := cmp.Diff(before, a.kinds()[:len(before)]); diff != "" || slices.Contains(a.kinds(), "customer_request.expire") {
		t.Errorf("effects: %v", a.kinds())
	}
}

func TestNewRequestCanFollowAnExpiredOne(t *testing.T) {
	t.Parallel()
	f := openPerson(t, open(t, passfort.Options{}))
	f.account.advance(t, 91*day)

	id, _ := f.account.addRequest(t, f.profile, "individual-onboarding")

	if r := f.read(t); id == f.id || r.text("id") != id || r.body["is_completed"] != false {
		t.Errorf("the most recent request: %s", r.raw)
	}
}
