package passfort_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"portal/internal/onboarding"
	"portal/internal/passfort"
	"portal/internal/sandbox"
	"portal/internal/sandbox/effects"
	"portal/internal/sandbox/faults"
	provider "portal/internal/sandbox/passfort"
)

func TestRefusedFactsAreNotRepeated(t *testing.T) {
	t.Parallel()
	const said = `{"errors":[{"code":201,"message":"Zimmer is no name"}]}`
	for status, want := range map[int]onboarding.Kind{200: onboarding.Invalid, 400: onboarding.Invalid, 403: onboarding.Denied, 503: onboarding.Unanswered} {
		c := client(t, always(status, said))
		known := stub
		known.Facts = facts
		_, err := c.CreateProfile(t.Context(), known)
		wantKind(t, err, want)
		if text := err.Error(); strings.Contains(text, "Zimmer") || !strings.Contains(text, "code 201") {
			t.Errorf("%d: %q", status, text)
		}
		if _, err = c.CreateProfile(t.Context(), stub); !strings.Contains(err.Error(), "is no name") {
			t.Errorf("%d: without facts it says only %q", status, err)
		}
	}
}

// namesakes are the ways in which the sandbox may list profiles, all of which must find the right one of a name.
var namesakes = map[string]provider.Options{
	"by walking": {}, "by search": {SearchByCustomerRef: true}, "with data": {ListsData: true}, "oldest first": {OldestFirst: true},
}

// knownStub is a stub of a role with facts.
func knownStub(role onboarding.Role) onboarding.StubProfile {
	return onboarding.StubProfile{CustomerRef: "portal-0198f0aa", Role: role, Facts: facts}
}

func TestSandboxStubWithFactsIsFoundAmongItsNamesakes(t *testing.T) {
	t.Parallel()
	for name, o := range namesakes {
		for _, role := range []onboarding.Role{onboarding.IndividualCustomer, onboarding.CompanyCustomer} {
			t.Run(name+" "+string(role), func(t *testing.T) {
				t.Parallel()
				s, c := world(t, o)
				want := unanswered(t, s, c, knownStub(role))
				for _, ref := range []string{"", "portal-other"} { // of the same name
					namesake := knownStub(role)
					namesake.CustomerRef = ref
					if _, err := c.CreateProfile(t.Context(), namesake); err != nil {
						t.Fatal(err)
					}
				}
				got, err := c.FindProfile(t.Context(), knownStub(role), time.Now(), nobodys)
				if err != nil || got != want {
					t.Errorf("found %q, %v; want %q", got, err, want)
				}
				if n := count(s, effects.ProfileCreate); n != 3 {
					t.Errorf("%d profiles, want 3", n)
				}
			})
		}
	}
}

// unanswered creates a profile whose answer is lost, and returns its id.
func unanswered(t *testing.T, s *sandbox.Sandbox, c *passfort.Client, p onboarding.StubProfile) onboarding.ProfileID {
	t.Helper()
	order(t, s, faults.Rule{Method: http.MethodPost, Path: "/4.0/profiles", When: faults.After, Kind: faults.Reset, Count: 1})
	_, err := c.CreateProfile(t.Context(), p)
	wantKind(t, err, onboarding.Unanswered)
	return onboarding.ProfileID(s.Effects()[0].ID)
}

func TestSandboxNamesakeIsNotTakenForTheStub(t *testing.T) {
	t.Parallel()
	for name, o := range namesakes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, c := world(t, o)
			namesake := knownStub(onboarding.IndividualCustomer)
			namesake.CustomerRef = "portal-other"
			if _, err := c.CreateProfile(t.Context(), namesake); err != nil {
				t.Fatal(err)
			}
			_, err := c.FindProfile(t.Context(), knownStub(onboarding.IndividualCustomer), time.Now(), nobodys)
			wantKind(t, err, onboarding.NotFound)
		})
	}
}

func TestFactsStandInNoAddress(t *testing.T) {
	t.Parallel()
	api := &keeping{Handler: always(http.StatusOK, `{"results":[]}`)}
	_, err := client(t, api).FindProfile(t.Context(), knownStub(onboarding.IndividualCustomer), since, nobodys)
	wantKind(t, err, onboarding.NotFound)
	for _, r := range api.kept {
		for _, fact := range []string{"Zimmer", "Zo", "zoe"} {
			if strings.Contains(r.Path, fact) {
				t.Errorf("%s is in %s", fact, r.Path)
			}
		}
	}
}

func TestSandboxShowsTheFactsAsTheNameOfAProfile(t *testing.T) {
	t.Parallel()
	for role, want := range map[onboarding.Role]string{
		onboarding.IndividualCustomer: "Zoë Ann Zimmer", onboarding.CompanyCustomer: "Zirkel GmbH",
	} {
		s, c := world(t, provider.Options{})
		if _, err := c.CreateProfile(t.Context(), knownStub(role)); err != nil {
			t.Fatal(err)
		}
		if shown := s.PassFort().Overviews(10); len(shown) != 1 || shown[0].DisplayName != want {
			t.Errorf("%+v, want %s", shown, want)
		}
	}
}
