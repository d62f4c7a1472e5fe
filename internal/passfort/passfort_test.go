package passfort_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/onboarding"
	"portal/internal/passfort"
)

func TestCreateProfileSendsTheStub(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		stub onboarding.StubProfile
		want any
	}{
		"company": {stub, map[string]any{
			"role":           "COMPANY_CUSTOMER",
			"collected_data": map[string]any{"entity_type": "COMPANY", "customer_ref": stub.CustomerRef},
		}},
		"individual with product": {
			onboarding.StubProfile{CustomerRef: "r", Role: onboarding.IndividualCustomer, Product: "account"},
			map[string]any{
				"role":           "INDIVIDUAL_CUSTOMER",
				"collected_data": map[string]any{"entity_type": "INDIVIDUAL", "customer_ref": "r"},
				"applications":   []any{map[string]any{"product": map[string]any{"alias": "account"}}},
			},
		},
		"individual with facts": {
			onboarding.StubProfile{CustomerRef: "r", Role: onboarding.IndividualCustomer, Facts: facts},
			map[string]any{
				"role": "INDIVIDUAL_CUSTOMER",
				"collected_data": map[string]any{
					"entity_type": "INDIVIDUAL", "customer_ref": "r",
					"personal_details": map[string]any{"name": map[string]any{"given_names": []any{"Zoë", "Ann"}, "family_name": "Zimmer"}},
					"contact_details":  map[string]any{"email": "zoe@zimmer.example"},
				},
			},
		},
		"company with facts": {
			onboarding.StubProfile{CustomerRef: "r", Role: onboarding.CompanyCustomer, Facts: facts},
			map[string]any{
				"role": "COMPANY_CUSTOMER",
				"collected_data": map[string]any{
					"entity_type": "COMPANY", "customer_ref": "r",
					"metadata": map[string]any{
						"name": "Zirkel GmbH", "number": "HRB 1", "country_of_incorporation": "RKS",
						"contact_details": map[string]any{"email": "zoe@zimmer.example"},
					},
				},
			},
		},
		"individual with a name": {
			onboarding.StubProfile{CustomerRef: "r", Role: onboarding.IndividualCustomer, Facts: onboarding.Facts{GivenNames: []string{}, FamilyName: "Zimmer", Name: "Zirkel GmbH"}},
			map[string]any{
				"role": "INDIVIDUAL_CUSTOMER",
				"collected_data": map[string]any{
					"entity_type": "INDIVIDUAL", "customer_ref": "r",
					"personal_details": map[string]any{"name": map[string]any{"family_name": "Zimmer"}},
				},
			},
		},
		"company without a fact of its own": {
			onboarding.StubProfile{CustomerRef: "r", Role: onboarding.CompanyCustomer, Facts: onboarding.Facts{GivenNames: []string{"Zoë"}}},
			map[string]any{
				"role":           "COMPANY_CUSTOMER",
				"collected_data": map[string]any{"entity_type": "COMPANY", "customer_ref": "r"},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := &keeping{Handler: always(http.StatusCreated, `{"id":"abc","role":"?","new":{"member":1}}`)}
			id, err := client(t, api).CreateProfile(t.Context(), test.stub)
			if err != nil || id != "abc" {
				t.Fatalf("got %q, %v", id, err)
			}
			got := api.only(t)
			if got.Method != http.MethodPost || got.Path != "/4.0/profiles" {
				t.Errorf("asked %s %s", got.Method, got.Path)
			}
			if diff := cmp.Diff(test.want, got.Body); diff != "" {
				t.Error("body (-want +got):", diff)
			}
		})
	}
}

func TestCreateRequestSendsAliasesAndReturnsThePair(t *testing.T) {
	t.Parallel()
	api := &keeping{Handler: always(http.StatusOK, `{"id":"req-1","apikey":"`+requestKey+`","status":"SENT"}`)}
	q, err := client(t, api).CreateRequest(t.Context(), profile, forms)
	if err != nil {
		t.Fatal(err)
	}
	if q.ID != "req-1" || q.Key.Reveal() != requestKey || !q.CreatedAt.IsZero() {
		t.Errorf("got %+v", q)
	}
	got := api.only(t)
	want := map[string]any{
		"type":          "FLOW",
		"flow_template": map[string]any{"alias": "company-onboarding"},
		"theme":         map[string]any{"alias": "default"},
	}
	if diff := cmp.Diff(want, got.Body); diff != "" {
		t.Error("body (-want +got):", diff)
	}
	if path := "/4.0/forms/profile/" + string(profile) + "/customer_request"; got.Method != http.MethodPost || got.Path != path {
		t.Errorf("asked %s %s", got.Method, got.Path)
	}
}

func TestLatestRequestTellsWhatIsKnown(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body string
		want onboarding.Sighting
	}{
		"active, with key":    {`{"id":"r","apikey":"k","is_completed":false}`, onboarding.Sighting{ID: "r", Key: "k"}},
		"active, without key": {`{"id":"r","is_completed":false}`, onboarding.Sighting{ID: "r"}},
		"key is null":         {`{"id":"r","apikey":null,"is_completed":false}`, onboarding.Sighting{ID: "r"}},
		"over":                {`{"id":"r","is_completed":true,"forms":[]}`, onboarding.Sighting{ID: "r", Completed: true}},
		"no errors":           {`{"id":"r","is_completed":true,"errors":[]}`, onboarding.Sighting{ID: "r", Completed: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := client(t, always(http.StatusOK, test.body)).LatestRequest(t.Context(), profile)
			if err != nil || got != test.want {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func TestLatestRequestFindsNone(t *testing.T) {
	t.Parallel()
	for name, api := range map[string]http.Handler{"404": always(http.StatusNotFound, ""), "null": always(http.StatusOK, "null")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := client(t, api).LatestRequest(t.Context(), profile)
			wantKind(t, err, onboarding.NotFound)
		})
	}
}

func TestEveryCallIsObserved(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		always(http.StatusOK, `{"id":"r","is_completed":false,"results":[]}`).ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	base, err := url.Parse(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	c := passfort.New(passfort.Options{BaseURL: base, APIKey: masterKey, Observe: func(call, outcome string, took time.Duration) {
		if took <= 0 {
			t.Error("it took no time")
		}
		got = append(got, call+" "+outcome)
	}})
	for _, name := range []string{"CreateProfile", "LatestRequest", "FindProfile"} {
		_ = calls[name](t.Context(), c)
	}
	want := []string{"create_profile denied", "read_request ok", "list_profiles ok", "list_profiles ok"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("observed (-want +got):", diff)
	}
}
