package passfort_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
	accounts "portal/internal/sandbox/passfort/account"
)

func TestInviteMakesAProfileAndARequest(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})

	made, err := a.Invite("company-onboarding", "jo@example.com")
	if err != nil {
		t.Fatal(err)
	}

	if r := a.api(t, "GET", "/4.0/profiles/"+made.ProfileID, ""); r.text("role") != "COMPANY_CUSTOMER" {
		t.Errorf("profile: %s", r.raw)
	}
	r := a.api(t, "GET", "/4.0/forms/profile/"+made.ProfileID+"/customer_request", "")
	if r.text("id") != made.RequestID || len(a.letters()) != 1 {
		t.Errorf("request: %s, %d e-mails", r.raw, len(a.letters()))
	}
}

func TestInvitedProfileAppliesForWhatEveryProfileAppliesFor(t *testing.T) {
	t.Parallel()
	a := openWith(t, func(c *passfort.Config) {
		c.Account = changed(func(d *accounts.Account) { d.Products[0].AutomaticallyApply = true })
	})

	made, err := a.Invite("individual-onboarding", "jo@example.com")
	if err != nil {
		t.Fatal(err)
	}
	a.letChecksEnd(t)

	f := frame{account: a, profile: made.ProfileID}
	if diff := cmp.Diff([]string{"personal-account APPLIED"}, f.products(t)); diff != "" {
		t.Error(diff)
	}
}

func TestStaffCannotDoTheImpossible(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	ended, _ := a.addRequest(t, a.addStub(t), "individual-onboarding")
	if err := a.SetRequestState(ended, passfort.Expired); err != nil {
		t.Fatal(err)
	}
	before := a.kinds()

	for name, c := range map[string]struct {
		err  error
		want error
	}{
		"unknown request":      {a.SetRequestState("none", passfort.Expired), passfort.ErrNotFound},
		"end a form too late":  {a.SetFormState(ended, "personal-details", passfort.Completed), passfort.ErrOver},
		"unknown task":         {a.SetTaskState("none", "COMPLETED_PASS"), passfort.ErrNotFound},
		"unknown task state":   {a.SetTaskState("none", "DONE"), passfort.ErrInvalid},
		"unknown application":  {a.DecideApplication("none", "APPROVED"), passfort.ErrNotFound},
		"unknown form":         {a.DecideForm("none", true), passfort.ErrNotFound},
		"unknown state":        {a.SetRequestState(ended, "SENT"), passfort.ErrInvalid},
		"complete the expired": {a.SetRequestState(ended, passfort.Completed), passfort.ErrOver},
		"expire it again":      {a.SetRequestState(ended, passfort.Expired), nil},
		"e-mail the unknown":   {a.EmailRequest("none", "jo@example.com"), passfort.ErrNotFound},
		"e-mail the expired":   {a.EmailRequest(ended, "jo@example.com"), passfort.ErrOver},
		"e-mail nobody":        {a.EmailRequest(ended, "Jo <jo@example.com>"), passfort.ErrInvalid},
		"unknown flow":         {second(a.Invite("none", "jo@example.com")), passfort.ErrInvalid},
		"invite nobody":        {second(a.Invite("individual-onboarding", "")), passfort.ErrInvalid},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: %v, want %v", name, c.err, c.want)
		}
	}
	if diff := cmp.Diff(before, a.kinds()); diff != "" {
		t.Error(diff)
	}
}

func second(_ passfort.Invitation, err error) error { return err }

func TestResetForgetsEverything(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{SecondRequest: passfort.Reuse})
	a.addStub(t)
	if err := a.SetOptions(passfort.Options{SecondRequest: passfort.Replace}); err != nil {
		t.Fatal(err)
	}

	a.Reset()

	if len(a.Overviews(10)) != 0 || a.Options().SecondRequest != passfort.Reuse {
		t.Errorf("left: %v, %+v", a.Overviews(10), a.Options())
	}
}
