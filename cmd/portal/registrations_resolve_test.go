package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"portal/internal/onboarding"
)

func TestRegistrationsResolveByOneDeed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id := o.registration(t, lost).ID.String()
	for _, args := range [][]string{
		{id, "--why", "x"},
		{id, "--why", "x", "--again", "--acknowledge"},
		{id, "--why", "x", "--again=false"},
		{id, "--again"},
		{id, "--again", "--why", " "},
		{id, "--again", "--why", "x", "--by", ""},
		{"nonsense", "--again", "--why", "x"},
		{"--again", "--why", "x"},
	} {
		o.portal(t, exitWrongUse, append([]string{"registrations", "resolve"}, args...)...)
	}
	out := o.portal(t, exitOK, "registrations", "resolve", id, "--again", "--why", "asked PassFort: nothing there")
	if !strings.Contains(out, "is now starting") || !strings.Contains(out, "within a second") {
		t.Errorf("said %q", out)
	}
	shown := o.portal(t, exitOK, "registrations", "show", id)
	if !strings.Contains(shown, "operator olga") || !strings.Contains(shown, "asked PassFort: nothing there") {
		t.Errorf("the trail does not say who and why:\n%s", shown)
	}
	if out := o.portal(t, exitFailure, "registrations", "resolve", id, "--again", "--why", "x"); !strings.Contains(out, "does not wait for a person") {
		t.Errorf("a second time: %q", out)
	}
	if out := o.portal(t, exitOK, "audit", "verify"); !strings.Contains(out, "faults: 0\n") {
		t.Errorf("afterwards the audit says %q", out)
	}
}

func TestWhatIsResolvedIsToldToWhomItConcerns(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r := o.registration(t, lost)
	page, err := o.pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer page.Release()
	if _, err := page.Exec(t.Context(), "listen registrations"); err != nil {
		t.Fatal(err)
	}
	o.portal(t, exitOK, "registrations", "resolve", r.ID.String(), "--again", "--why", "asked PassFort: nothing there")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	n, err := page.Conn().WaitForNotification(ctx)
	if err != nil || n.Payload != r.Applicant.String() {
		t.Errorf("told of %+v (%v), want %s", n, err, r.Applicant)
	}
}

func TestRegistrationsAreAcknowledgedOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r := o.registration(t, withStub)
	acknowledge := []string{"registrations", "resolve", r.ID.String(), "--acknowledge", "--why", "no stub there", "--by", "ann"}
	if out := o.portal(t, exitOK, acknowledge...); !strings.Contains(out, "is acknowledged; it is open. Nothing else happens.") {
		t.Errorf("said %q", out)
	}
	if out := o.portal(t, exitFailure, acknowledge...); !strings.Contains(out, "no flag") {
		t.Errorf("a second time: %q", out)
	}
	if kept, err := o.store.Registration(t.Context(), r.ID); err != nil || kept.Request.Key != secretKey {
		t.Errorf("the key of the open form is lost (%v)", err)
	}
}

func TestOnlyAdoptingAsksTheProvider(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r := o.registration(t, lost)
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		ref := r.ID.String()
		if strings.Contains(req.URL.Path, "strange") {
			ref = "another"
		}
		_, _ = fmt.Fprintf(w, `{"entity_type":"INDIVIDUAL","customer_ref":%q}`, ref)
	}))
	t.Cleanup(provider.Close)
	adopt := []string{"registrations", "resolve", r.ID.String(), "--why", "found it", "--adopt"}
	key := o.environ["PASSFORT_API_KEY"]
	delete(o.environ, "PASSFORT_API_KEY")
	if out := o.portal(t, exitFailure, append(adopt, "its-own")...); !strings.Contains(out, "PASSFORT_API_KEY") {
		t.Errorf("without a setting: %q", out)
	}
	o.environ["PASSFORT_API_KEY"], o.environ["PASSFORT_API_URL"] = key, provider.URL+"/4.0"
	if out := o.portal(t, exitFailure, append(adopt, "strange")...); !strings.Contains(out, "customer reference is not the registration's") {
		t.Errorf("a stranger's profile: %q", out)
	}
	if out := o.portal(t, exitOK, append(adopt, "its-own")...); !strings.Contains(out, "is now starting") {
		t.Errorf("said %q", out)
	}
	if kept, err := o.store.Registration(t.Context(), r.ID); err != nil || kept.Profile != "its-own" {
		t.Errorf("the profile is %q, %v", kept.Profile, err)
	}
}

func TestRegistrationsUnderWayAreLeftAlone(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r := o.registration(t, func(r onboarding.Registration) onboarding.Registration {
		r.StubMayExist = true
		return r
	})
	held, err := o.store.Claim(t.Context(), r.ID, time.Now(), time.Now().Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	out := o.portal(t, exitFailure, "registrations", "resolve", r.ID.String(), "--acknowledge", "--why", "seen")
	if !strings.Contains(out, "working on it") {
		t.Errorf("said %q", out)
	}
	if err := o.store.Extend(t.Context(), held, time.Now().Add(time.Minute)); err != nil {
		t.Errorf("who was working on it has lost it: %v", err)
	}
}
