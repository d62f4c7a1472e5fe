package passfort_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
)

func TestEmailCarriesTheLinkInBothParts(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	profile := a.addStub(t)
	id, key := a.addRequest(t, profile, "individual-onboarding")

	if err := a.EmailRequest(id, "jo@example.com"); err != nil {
		t.Fatal(err)
	}

	message := strings.ReplaceAll(strings.ReplaceAll(a.sent[0], "=\r\n", ""), "=3D", "=")
	link := "https://company.example/onboarding?request_id=" + id + "&apikey=" + key
	if !strings.HasPrefix(message, "jo@example.com\n") || !strings.Contains(message, link) {
		t.Errorf("no link %s in %s", link, message)
	}
	if !strings.Contains(message, `href="`+strings.ReplaceAll(link, "&", "&amp;")) {
		t.Errorf("no button in %s", message)
	}
	if diff := cmp.Diff([]string{"profile.create", "customer_request.create", "customer_request.email"}, a.kinds()); diff != "" {
		t.Error(diff)
	}
}

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
	if r.text("id") != made.RequestID || len(a.sent) != 1 {
		t.Errorf("request: %s, %d e-mails", r.raw, len(a.sent))
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

func TestOverviewsShowTheNewestFirst(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	a.addStub(t)
	made, err := a.Invite("company-onboarding", "jo@example.com")
	if err != nil {
		t.Fatal(err)
	}

	all := a.Overviews(1)

	if len(all) != 1 || all[0].ID != made.ProfileID || all[0].RequestID != made.RequestID || all[0].State != passfort.Sent {
		t.Errorf("overviews: %+v", all)
	}
}

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
