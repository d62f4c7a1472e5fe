package passfort_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/onboarding"
	"portal/internal/sandbox"
	"portal/internal/sandbox/effects"
	"portal/internal/sandbox/faults"
	provider "portal/internal/sandbox/passfort"
	"portal/internal/sandbox/passfort/account"
)

// partner is an associate that is a company.
var partner = onboarding.AssociateProfile{CustomerRef: "portal-0198f0ac", Details: onboarding.Details{
	EntityType: onboarding.Company, Name: "Zirkel GmbH", Number: "HRB 1", Country: "XKX", Roles: []onboarding.AssociatedRole{onboarding.Partner},
}}

func TestCreateAssociateSendsWhatIsKnownAndNoApplication(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		associate onboarding.AssociateProfile
		want      any
	}{
		"a person": {director, map[string]any{
			"role": "INDIVIDUAL_ASSOCIATED",
			"collected_data": map[string]any{
				"entity_type": "INDIVIDUAL", "customer_ref": director.CustomerRef,
				"personal_details": map[string]any{
					"name": map[string]any{"given_names": []any{"Zoë", "Ann"}, "family_name": "Zimmer"},
					"dob":  "1980-02-29", "nationality": "RKS",
				},
				"contact_details": map[string]any{"email": "zoe@zimmer.example"},
			},
		}},
		"a person with a name": {
			onboarding.AssociateProfile{CustomerRef: "r", Details: onboarding.Details{EntityType: onboarding.Individual, FamilyName: "Zimmer"}},
			map[string]any{
				"role": "INDIVIDUAL_ASSOCIATED",
				"collected_data": map[string]any{
					"entity_type": "INDIVIDUAL", "customer_ref": "r",
					"personal_details": map[string]any{"name": map[string]any{"family_name": "Zimmer"}},
				},
			},
		},
		"a company": {partner, map[string]any{
			"role": "COMPANY_ASSOCIATED",
			"collected_data": map[string]any{
				"entity_type": "COMPANY", "customer_ref": partner.CustomerRef,
				"metadata": map[string]any{"name": "Zirkel GmbH", "number": "HRB 1", "country_of_incorporation": "RKS"},
			},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := &keeping{Handler: always(http.StatusCreated, `{"id":"abc"}`)}
			id, err := client(t, api).CreateAssociate(t.Context(), test.associate)
			if err != nil || id != "abc" {
				t.Fatalf("got %q, %v", id, err)
			}
			got := api.only(t)
			if diff := cmp.Diff(test.want, got.Body); diff != "" || got.Method != http.MethodPost || got.Path != "/4.0/profiles" {
				t.Errorf("%s %s, body (-want +got):\n%s", got.Method, got.Path, diff)
			}
		})
	}
}

func TestRefusedAssociatesAreNotRepeated(t *testing.T) {
	t.Parallel()
	const said = `{"errors":[{"code":201,"message":"Zimmer is no name"}]}`
	for status, want := range map[int]onboarding.Kind{200: onboarding.Invalid, 400: onboarding.Invalid, 403: onboarding.Denied, 503: onboarding.Unanswered} {
		for _, name := range []string{"CreateAssociate", "ReplaceCompanyFile"} {
			err := calls[name](t.Context(), client(t, always(status, said)))
			wantKind(t, err, want)
			if text := err.Error(); strings.Contains(text, "Zimmer") || !strings.Contains(text, "code 201") {
				t.Errorf("%s %d: %q", name, status, text)
			}
		}
	}
}

func TestSandboxAssociateIsFoundByItsReference(t *testing.T) {
	t.Parallel()
	for name, o := range namesakes {
		for _, p := range []onboarding.AssociateProfile{director, partner} {
			t.Run(name+" "+string(p.Details.EntityType), func(t *testing.T) {
				t.Parallel()
				s, c := world(t, o)
				order(t, s, faults.Rule{Method: http.MethodPost, Path: "/4.0/profiles", When: faults.After, Kind: faults.Reset, Count: 1})
				_, err := c.CreateAssociate(t.Context(), p)
				wantKind(t, err, onboarding.Unanswered)
				want := onboarding.ProfileID(s.Effects()[0].ID)
				namesake := p
				namesake.CustomerRef = "portal-other"
				if _, err := c.CreateAssociate(t.Context(), namesake); err != nil {
					t.Fatal(err)
				}
				role := onboarding.IndividualAssociated
				if p.Details.EntityType == onboarding.Company {
					role = onboarding.CompanyAssociated
				}
				got, err := c.FindProfile(t.Context(), onboarding.StubProfile{CustomerRef: p.CustomerRef, Role: role}, time.Now(), nobodys)
				if err != nil || got != want {
					t.Errorf("found %q, %v; want %q", got, err, want)
				}
				if ref, err := c.CustomerRef(t.Context(), got); err != nil || ref != p.CustomerRef {
					t.Errorf("reference %q, %v", ref, err)
				}
			})
		}
	}
}

// TestSandboxWithoutAPolicyRefusesAssociates holds for an account whose product for associates is for persons alone.
func TestSandboxWithoutAPolicyRefusesAssociates(t *testing.T) {
	t.Parallel()
	staff := account.Default()
	for i := range staff.Products {
		if staff.Products[i].Alias == "associate-checks" {
			staff.Products[i].CompanyTasks = nil
		}
	}
	s, c := worldOf(t, sandbox.Options{MasterKey: masterKey, Account: staff})
	_, err := c.CreateAssociate(t.Context(), partner)
	wantKind(t, err, onboarding.Invalid)
	if !strings.Contains(err.Error(), "code 502") || strings.Contains(err.Error(), "Zirkel") {
		t.Errorf("said %v", err)
	}
	if _, err := c.CreateAssociate(t.Context(), director); err != nil {
		t.Error("a person is refused as well:", err)
	}
	if n := count(s, effects.ProfileCreate); n != 1 {
		t.Errorf("%d profiles, want 1", n)
	}
	_, c = world(t, provider.Options{})
	if _, err := c.CreateAssociate(t.Context(), partner); err != nil {
		t.Error("with a policy it is refused, too:", err)
	}
}
