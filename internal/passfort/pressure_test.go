package passfort_test

import (
	"errors"
	"net/http"
	"testing"

	"portal/internal/onboarding"
	"portal/internal/passfort"
	"portal/internal/sandbox/effects"
	"portal/internal/sandbox/faults"
	provider "portal/internal/sandbox/passfort"
)

func TestSandboxIsLeftAloneWhileItIsDown(t *testing.T) {
	t.Parallel()
	for name, rule := range map[string]faults.Rule{
		"status":  {Kind: faults.Status, Status: http.StatusBadGateway},
		"reset":   {Kind: faults.Reset},
		"garbage": {Kind: faults.Garbage, When: faults.After},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := world(t, provider.Options{})
			rule.Method, rule.Path = http.MethodPost, "/4.0/profiles"
			order(t, s, rule)
			for range 5 {
				_, err := c.CreateProfile(t.Context(), stub)
				wantKind(t, err, onboarding.Unanswered)
			}
			before := count(s, effects.ProfileCreate)
			for range 5 {
				_, err := c.CreateProfile(t.Context(), stub)
				wantKind(t, err, onboarding.Busy)
			}
			if struck := s.Faults().All()[0].Struck; struck != 5 || count(s, effects.ProfileCreate) != before {
				t.Errorf("asked %d times, want 5", struck)
			}
			_, err := c.LatestRequest(t.Context(), profile)
			wantKind(t, err, onboarding.NotFound) // reads go on
		})
	}
}

func TestSandboxTellsWhatIsMissing(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]provider.Options{"not found": {}, "null": {MissingRequest: "null"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, c := world(t, o)
			id, err := c.CreateProfile(t.Context(), stub)
			if err != nil {
				t.Fatal(err)
			}
			_, none := c.LatestRequest(t.Context(), id)
			_, gone := c.LatestRequest(t.Context(), profile)
			_, unasked := c.CreateRequest(t.Context(), profile, forms)
			_, unread := c.CustomerRef(t.Context(), profile)
			for _, test := range []struct{ err, is, not error }{
				{none, passfort.ErrNoRequest, passfort.ErrNoProfile},
				{gone, passfort.ErrNoProfile, passfort.ErrNoRequest},
				{unasked, passfort.ErrNoProfile, passfort.ErrNoRequest},
				{unread, passfort.ErrNoProfile, passfort.ErrNoRequest},
			} {
				wantKind(t, test.err, onboarding.NotFound)
				if !errors.Is(test.err, test.is) || errors.Is(test.err, test.not) {
					t.Errorf("%v is not just %q", test.err, test.is)
				}
			}
		})
	}
}

func TestNotFoundClaimsNoMoreThanItKnows(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"", "<html>profile", `{"errors":[{"code":201,"message":"not here"}]}`,
		`{"errors":[{"code":201,"message":"GET /4.0/forms/profile/x/customer_request not found"}]}`,
	} {
		_, err := client(t, always(http.StatusNotFound, body)).LatestRequest(t.Context(), profile)
		wantKind(t, err, onboarding.NotFound)
		if errors.Is(err, passfort.ErrNoProfile) || errors.Is(err, passfort.ErrNoRequest) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestCustomerRefIsReadFromTheProfile(t *testing.T) {
	t.Parallel()
	_, c := world(t, provider.Options{})
	for _, want := range []string{stub.CustomerRef, ""} {
		id, err := c.CreateProfile(t.Context(), onboarding.StubProfile{CustomerRef: want, Role: stub.Role})
		if err != nil {
			t.Fatal(err)
		}
		if ref, err := c.CustomerRef(t.Context(), id); ref != want || err != nil {
			t.Errorf("got %q, %v; want %q", ref, err, want)
		}
	}
}

func TestIDsThatAreNoneAreAskedOfNobody(t *testing.T) {
	t.Parallel()
	api := &keeping{Handler: always(http.StatusOK, "{}")}
	c := client(t, api)
	for _, id := range []onboarding.ProfileID{"", "..", "a/b", "a?b", "a%2Fb", "é"} {
		_, err := c.CustomerRef(t.Context(), id)
		wantKind(t, err, onboarding.Invalid)
		_, err = c.LatestRequest(t.Context(), id)
		wantKind(t, err, onboarding.Invalid)
		_, err = c.CreateRequest(t.Context(), id, forms)
		wantKind(t, err, onboarding.Invalid)
	}
	if len(api.kept) > 0 {
		t.Errorf("asked %d times", len(api.kept))
	}
}
