package sumsub_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/onboarding"
)

// exists is the answer where there is an applicant of the reference already: it has no error code.
const exists = `{"description":"Applicant with external user id '` + reference + `' already exists: 61fcc4a1e5e2f00001d0a7a2","code":409,"correlationId":"req-1"}`

const findPath = "GET /resources/applicants/-;externalUserId=" + reference + "/one"

// known is an applicant as it is found.
var known = always(http.StatusOK, `{"id":"`+string(person)+`","externalUserId":"`+reference+`","review":{"reviewStatus":"init"}}`)

func TestAnApplicantIsCreatedWithEverythingKnown(t *testing.T) {
	t.Parallel()
	company := onboarding.NewApplicant{Reference: "r", Level: "kyb", Company: true, Language: "en", Facts: onboarding.Facts{
		Name: "Zirkel GmbH", Number: "HRB 1", Country: "DEU", Email: "office@zirkel.example",
	}}
	nameless := company
	nameless.Facts.Name = ""
	for name, test := range map[string]struct {
		applicant onboarding.NewApplicant
		want      map[string]any
	}{
		"person": {applicant, map[string]any{
			"externalUserId": reference, "type": "individual", "email": "zoe@zimmer.example", "lang": "de",
			"fixedInfo": map[string]any{"firstName": "Zoë Ann", "lastName": "Zimmer"},
		}},
		"stranger": {onboarding.NewApplicant{Reference: "r", Level: "l"}, map[string]any{"externalUserId": "r", "type": "individual"}},
		"company": {company, map[string]any{
			"externalUserId": "r", "type": "company", "email": "office@zirkel.example", "lang": "en",
			"fixedInfo": map[string]any{"companyInfo": map[string]any{"companyName": "Zirkel GmbH", "registrationNumber": "HRB 1", "country": "DEU"}},
		}},
		"company without what is required": {nameless, map[string]any{
			"externalUserId": "r", "type": "company", "email": "office@zirkel.example", "lang": "en",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, status := range []int{200, 201} {
				api := &keeping{Handler: always(status, `{"id":"`+string(person)+`","new":{"member":1},"review":null}`)}
				id, err := client(t, api).CreateApplicant(t.Context(), test.applicant)
				if err != nil || id != person {
					t.Fatalf("got %q, %v", id, err)
				}
				r := api.only(t)
				wantSigned(t, r)
				if diff := cmp.Diff(any(test.want), r.Body); diff != "" {
					t.Error("body (-want +got):", diff)
				}
			}
		})
	}
}

func TestAnApplicantThatExistsIsBroughtUpToDate(t *testing.T) {
	t.Parallel()
	api := &keeping{Handler: byPath{
		"POST /resources/applicants": always(http.StatusConflict, exists), findPath: known,
		"PATCH /resources/applicants":                                  always(http.StatusOK, `{}`),
		"PATCH /resources/applicants/" + string(person) + "/fixedInfo": always(http.StatusOK, `{}`),
	}}
	id, err := client(t, api).CreateApplicant(t.Context(), applicant)
	if err != nil || id != person {
		t.Fatalf("got %q, %v", id, err)
	}
	var asked []any
	for _, r := range api.all()[2:] {
		wantSigned(t, r)
		asked = append(asked, r.Target, r.Body)
	}
	want := []any{
		"/resources/applicants",
		map[string]any{"id": string(person), "email": "zoe@zimmer.example", "lang": "de"},
		"/resources/applicants/" + string(person) + "/fixedInfo",
		map[string]any{"firstName": "Zoë Ann", "lastName": "Zimmer"},
	}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Error("asked (-want +got):", diff)
	}
}

func TestAnApplicantThatExistsIsTakenEvenIfItTakesNothing(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]onboarding.Kind{409: "", 400: "", 403: "", 500: onboarding.Unanswered} {
		api := byPath{
			"POST /resources/applicants": always(http.StatusConflict, exists), findPath: known,
			"PATCH /resources/applicants": always(status, `{}`),
		}
		id, err := client(t, api).CreateApplicant(t.Context(), onboarding.NewApplicant{Reference: reference, Language: "en", Company: true})
		if onboarding.KindOf(err) != want || want == "" && id != person {
			t.Errorf("%d: %q, %v", status, id, err)
		}
	}
}

func TestAnApplicantThatExistsAndIsNotFoundIsAConflict(t *testing.T) {
	t.Parallel()
	_, err := client(t, byPath{"POST /resources/applicants": always(http.StatusConflict, exists)}).CreateApplicant(t.Context(), applicant)
	wantKind(t, err, onboarding.Conflict)
	_, err = client(t, byPath{
		"POST /resources/applicants": always(http.StatusConflict, exists), findPath: always(http.StatusBadGateway, ""),
	}).CreateApplicant(t.Context(), applicant)
	wantKind(t, err, onboarding.Busy)
}

func TestOnlyTheApplicantOfTheReferenceIsFound(t *testing.T) {
	t.Parallel()
	id, err := client(t, byPath{findPath: known}).FindApplicant(t.Context(), reference)
	if err != nil || id != person {
		t.Errorf("got %q, %v", id, err)
	}
	for _, body := range []string{
		`{"id":"` + string(person) + `","externalUserId":"` + strings.ToUpper(reference) + `"}`, `{"id":"` + string(person) + `"}`,
		`{"externalUserId":"` + reference + `"}`, `{"id":"../x","externalUserId":"` + reference + `"}`, `null`, `[]`, ``, `{`,
	} {
		id, err := client(t, always(http.StatusOK, body)).FindApplicant(t.Context(), reference)
		wantKind(t, err, onboarding.Busy)
		if !errors.Is(err, onboarding.ErrUnreadable) || id != "" {
			t.Errorf("%s: %q, %v", body, id, err)
		}
	}
}

func TestTheReferenceIsThatOfTheApplicantAskedFor(t *testing.T) {
	t.Parallel()
	got, err := client(t, known).Reference(t.Context(), person)
	if err != nil || got != reference {
		t.Errorf("got %q, %v", got, err)
	}
	_, err = client(t, known).Reference(t.Context(), "another")
	wantKind(t, err, onboarding.Busy)
}

func TestDataGoesWhereItBelongs(t *testing.T) {
	t.Parallel()
	api := &keeping{Handler: always(http.StatusOK, `{}`)}
	err := client(t, api).SetData(t.Context(), person, onboarding.ApplicantData{
		"email": "zoe@zimmer.example", "phone": "+49301234", "firstName": "Zoë", "dob": "1980-02-29", "middleName": "",
		"address.street": "Hauptstraße", "address.town": "Berlin", "address.country": "DEU",
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []any
	for _, r := range api.all() {
		got = append(got, r.Method+" "+r.Target, r.Body)
	}
	want := []any{
		"PATCH /resources/applicants",
		map[string]any{"id": string(person), "email": "zoe@zimmer.example", "phone": "+49301234"},
		"PATCH /resources/applicants/" + string(person) + "/fixedInfo",
		map[string]any{
			"firstName": "Zoë", "dob": "1980-02-29", "middleName": "",
			"addresses": []any{map[string]any{"street": "Hauptstraße", "town": "Berlin", "country": "DEU"}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("asked (-want +got):", diff)
	}
}

func TestDataThatIsNoneIsSentToNobody(t *testing.T) {
	t.Parallel()
	api := &keeping{Handler: always(http.StatusOK, `{}`)}
	c := client(t, api)
	for _, name := range []string{"", "a.b", "address.", "address.a.b", "deleted\n", "é"} {
		wantKind(t, c.SetData(t.Context(), person, onboarding.ApplicantData{name: "x"}), onboarding.Invalid)
	}
	if err := c.SetData(t.Context(), person, onboarding.ApplicantData{}); err != nil {
		t.Error(err)
	}
	if len(api.all()) > 0 {
		t.Errorf("asked %d times", len(api.all()))
	}
}
