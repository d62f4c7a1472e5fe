package sumsub_test

import (
	"context"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/onboarding"
)

const at = "GET /resources/applicants/" + string(person)

// file is an answer kept in testdata.
func file(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// rejectedAPI answers as Sumsub does of an applicant who has to give one side of a card anew.
func rejectedAPI(t *testing.T) byPath {
	t.Helper()
	return byPath{
		at + "/one":                  always(http.StatusOK, file(t, "one.json")),
		at + "/requiredIdDocsStatus": always(http.StatusOK, file(t, "steps.json")),
		at + "/metadata/resources":   always(http.StatusOK, file(t, "images.json")),
		"GET /resources/moderationStates/-;applicantId=" + string(person): always(http.StatusOK, file(t, "reasons.json")),
	}
}

func TestAVerificationIsJoinedOfWhatIsRead(t *testing.T) {
	t.Parallel()
	api := &keeping{Handler: rejectedAPI(t)}
	got, err := client(t, api).Verification(t.Context(), person)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rejected, got); diff != "" {
		t.Error("verification (-want +got):", diff)
	}
	for _, r := range api.all() {
		wantSigned(t, r)
	}
	if first := api.all()[0]; !strings.HasSuffix(first.Target, "/one") || len(api.all()) != 4 {
		t.Errorf("%d reads, the first of %s", len(api.all()), first.Target)
	}
}

func added(clock string) time.Time {
	at, err := time.Parse(time.DateTime, "2024-10-01 "+clock)
	if err != nil {
		panic(err)
	}
	return at
}

// rejected is what the answers in testdata say.
var rejected = onboarding.Verification{
	Level: "id-and-selfie", Inspection: "61fcc4a1e5e2f00001d0a7a3", Status: onboarding.ReviewCompleted, Attempt: 2, Language: "de",
	Review: onboarding.Review{
		Answer: "RED", RejectType: "RETRY", Labels: []string{"DOCUMENT_PAGE_MISSING"},
		Buttons: []string{"additionalPages_anotherSide", "dataMismatch_fullName"},
	},
	Data: onboarding.ApplicantData{
		"firstName": "Zoë", "lastName": "Zimmer", "dob": "1980-02-29", "email": "zoe@zimmer.example",
		"address.street": "Hauptstraße", "address.postCode": "10117",
	},
	Included: []string{"DEU"}, Excluded: []string{"PRK"}, ReadAt: noon,
	Steps: []onboarding.Step{
		{Set: "APPLICANT_DATA", Fields: []onboarding.DataField{
			{Name: "firstName", Required: true}, {Name: "address.street"}, {Name: "address.postCode", Required: true}, {Name: "country"},
		}},
		{
			Set: "IDENTITY", Types: []string{"PASSPORT", "ID_CARD"}, Sides: []string{"FRONT_SIDE", "BACK_SIDE"}, Video: "disabled",
			Given: true, Type: "ID_CARD", Country: "LVA",
			Review: onboarding.Review{
				Answer: "RED", RejectType: "RETRY", Comment: "The front is missing.", Labels: []string{"DOCUMENT_PAGE_MISSING"},
			},
			Images: []onboarding.Image{
				{
					ID: "1566784810", Document: "0198f0aa-0000-7000-8000-000000000001", Type: "ID_CARD", Side: "FRONT_SIDE", Country: "LVA",
					AddedAt: added("16:31:51"), Review: onboarding.Review{
						Answer: "RED", RejectType: "RETRY", Comment: "Please upload a photo of the front of your ID card.",
						Labels:  []string{"DOCUMENT_PAGE_MISSING", "FRONT_SIDE_MISSING"},
						Buttons: []string{"additionalPages", "badPhoto_dataNotVisible"},
					},
				},
				{ID: "922892720", Type: "ID_CARD", Side: "BACK_SIDE", Country: "LVA", AddedAt: added("16:32:00"), Review: onboarding.Review{Answer: "GREEN"}},
				{ID: "17", Type: "PASSPORT", Country: "LVA", Inactive: true, AddedAt: added("16:00:00"), Review: onboarding.Review{Answer: "RED", RejectType: "RETRY"}},
				{ID: "18", Type: "ID_CARD", Side: "BACK_SIDE", Country: "LVA"},
			},
		},
		{Set: "SELFIE", Types: []string{"SELFIE"}, Video: "passiveLiveness"},
		{Set: "PROOF_OF_RESIDENCE", Types: []string{"ID_CARD", "UTILITY_BILL"}, Given: true, Type: "ID_CARD", Country: "LVA", Images: []onboarding.Image{
			{ID: "19", Type: "ID_CARD", Side: onboarding.FrontSide, Country: "LVA", AddedAt: added("16:33:00")},
		}},
	},
}

func TestAnApplicantWhoIsGoneIsGone(t *testing.T) {
	t.Parallel()
	one := func(members string) string {
		return `{"id":"` + string(person) + `","review":{"reviewStatus":"completed","reviewResult":{"reviewAnswer":"GREEN"}},` + members + `}`
	}
	for name, api := range map[string]http.Handler{
		"deleted":            byPath{at + "/one": always(200, one(`"deleted":true`))},
		"inactive":           byPath{at + "/one": always(200, one(`"inactive":"true"`))},
		"not found and says": byPath{at + "/one": always(404, `{"description":"Applicant is deactivated","code":404}`)},
		"by its code":        byPath{at + "/one": always(409, `{"errorCode":1008}`)},
		"gone in the meanwhile": byPath{
			at + "/one": always(200, one(`"new":1`)), at + "/requiredIdDocsStatus": always(409, `{"errorCode":1008}`),
			at + "/metadata/resources": slowly{},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, err := client(t, api).Verification(t.Context(), person)
			if err != nil || !v.Gone || v.ReadAt != noon {
				t.Errorf("got %+v, %v", v, err)
			}
		})
	}
	_, err := client(t, byPath{}).Verification(t.Context(), person)
	wantKind(t, err, onboarding.NotFound)
}

// slowly answers when its client has left.
type slowly struct{}

func (slowly) ServeHTTP(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func TestAnAnswerThatLacksSomethingIsNeverGoodNews(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"id":"` + string(person) + `"}`, `{"id":"` + string(person) + `","review":{"reviewResult":{"reviewAnswer":"GREEN"}}}`,
		`{"id":"` + string(person) + `","review":"completed"}`, `{"review":{"reviewStatus":"completed"}}`, `"completed"`, ``,
	} {
		v, err := client(t, always(http.StatusOK, body)).Verification(t.Context(), person)
		if wantKind(t, err, onboarding.Busy); len(v.Status) > 0 || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %+v, %q", body, v, err)
		}
		_, err = client(t, always(http.StatusOK, body)).Status(t.Context(), person)
		wantKind(t, err, onboarding.Busy)
	}
	for _, part := range []string{"/requiredIdDocsStatus", "/metadata/resources"} {
		for _, trouble := range []http.Handler{always(500, ""), always(200, "<html>"), always(200, "null")} {
			api := rejectedAPI(t)
			api[at+part] = trouble
			_, err := client(t, api).Verification(t.Context(), person)
			wantKind(t, err, onboarding.Busy)
		}
	}
}

func TestARejectionIsShownWithoutItsReasons(t *testing.T) {
	t.Parallel()
	api := rejectedAPI(t)
	for _, trouble := range []http.Handler{always(500, ""), always(403, ""), always(200, `{"list":[]}`)} {
		api["GET /resources/moderationStates/-;applicantId="+string(person)] = trouble
		v, err := client(t, api).Verification(t.Context(), person)
		if err != nil || v.Review.Buttons[0] != "additionalPages_anotherSide" || len(v.Review.Buttons) != 1 {
			t.Errorf("got %+v, %v", v.Review, err)
		}
	}
}

func TestReasonsAreReadOfRejectionsAlone(t *testing.T) {
	t.Parallel()
	api := &keeping{Handler: byPath{
		at + "/one":                  always(200, `{"id":"`+string(person)+`","review":{"reviewStatus":"onHold","reviewResult":{"reviewAnswer":"GREEN","clientComment":"a secret"}}}`),
		at + "/requiredIdDocsStatus": always(200, `{}`), at + "/metadata/resources": always(200, `{"items":[]}`),
	}}
	v, err := client(t, api).Verification(context.Background(), person)
	want := onboarding.Verification{Status: onboarding.ReviewOnHold, Review: onboarding.Review{Answer: "GREEN"}, ReadAt: noon}
	if diff := cmp.Diff(want, v); diff != "" || err != nil || len(api.all()) != 3 {
		t.Errorf("%d reads, %v (-want +got): %s", len(api.all()), err, diff)
	}
}

func TestTheStatusIsReadAlone(t *testing.T) {
	t.Parallel()
	s, err := client(t, byPath{at + "/status": always(200, `{"levelName":"l","attemptCnt":"3","reviewStatus":"completed",
		"reviewResult":{"moderationComment":"Sorry.","clientComment":"a secret","reviewAnswer":"RED","rejectLabels":["FRAUDULENT_PATTERNS"],"reviewRejectType":"FINAL","buttonIds":[]}}`)}).
		Status(t.Context(), person)
	if err != nil {
		t.Fatal(err)
	}
	want := onboarding.Review{Answer: "RED", RejectType: "FINAL", Comment: "Sorry.", Labels: []string{"FRAUDULENT_PATTERNS"}}
	if diff := cmp.Diff(want, s.Review); diff != "" || s.Level != "l" || s.Status != onboarding.ReviewCompleted || s.Attempt != 3 {
		t.Errorf("got %+v (-want +got): %s", s, diff)
	}
}
