package web_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// known is what the provider that checks documents was told of an applicant.
type known struct {
	Email, Lang string
	FixedInfo   struct{ FirstName, LastName string }
}

// knownOf is what it was told of the newest applicant.
func (w *world) knownOf() (k known) {
	w.t.Helper()
	newest := w.sandbox.Sumsub().Overviews(1)
	if len(newest) != 1 {
		w.t.Fatal("there is no applicant")
	}
	d, err := w.sandbox.Sumsub().Detail(newest[0].ID)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := json.Unmarshal(d.Resource, &k); err != nil {
		w.t.Fatal(err)
	}
	return k
}

func TestApplicantsAreCreatedWithWhatIsKnownOfThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	b := w.browser()
	b.language = "de-AT"
	b.signIn("ada@example.com").post("/start", "flow", "documents").leads("")
	b.await("open")
	if diff := cmp.Diff(known{Email: "ada@example.com", Lang: "de"}, w.knownOf()); diff != "" {
		t.Errorf("by a code (-want +got):\n%s", diff)
	}
}

func TestWhatTheCompanySaysOfAnApplicantCountsMost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	p := w.program("back-end")
	for _, test := range []struct {
		link string
		want known
	}{
		{`{"subject":"a","flow":"documents","locale":"de","email":"as.known@example.com"}`, known{Email: "as.known@example.com", Lang: "de"}},
		{`{"subject":"b","flow":"documents","prefill":{"email":"b@example.com","given_names":["Ada"],"family_name":"Lovelace"}}`, known{
			Email: "b@example.com", Lang: "en", FixedInfo: struct{ FirstName, LastName string }{"Ada", "Lovelace"},
		}},
	} {
		w.press(p.link(test.link).linkToken()).await("open")
		if diff := cmp.Diff(test.want, w.knownOf()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.link, diff)
		}
	}
}

func TestAddressesThatNobodyHasProvedAreNotPassedOn(t *testing.T) {
	t.Parallel()
	c := newCompany(t, false)
	w := c.world(t)
	b := w.browser()
	b.get(c.at(b, "grace", "?flow=documents")).leads("?flow=documents")
	b.await("open")
	if got := w.knownOf(); got.Email != "" {
		t.Errorf("the provider was told %+v", got)
	}
}

func TestAPITellsHowACheckStandsAndNothingOfThePerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	p := w.program("back-end")
	ada := w.press(p.link(`{"subject":"ada","flow":"documents","prefill":{"family_name":"Lovelace"}}`).linkToken())
	ada.await("open")
	v := &verification{browser: ada, flow: "documents", id: w.text("select id::text from registrations")}
	w.calls.take()
	check := func(status, verification string) {
		t.Helper()
		for _, path := range []string{"/registrations/ada", "/registrations?id=" + v.id} {
			var got struct {
				Registrations []struct {
					Status       string
					Profile      any
					ProfileError string `json:"profile_error"`
					Verification json.RawMessage
				}
			}
			p.get(path).into(http.StatusOK, &got)
			if r := got.Registrations[0]; r.Status != status || string(r.Verification) != verification || r.Profile != nil || r.ProfileError != "" {
				t.Errorf("%s: %+v with %s, want %s with %s", path, r, r.Verification, status, verification)
			}
		}
	}
	check("open", `{"level":"id-and-selfie","review_status":"init"}`)
	if calls := w.calls.take(); len(calls) != 0 {
		t.Errorf("the provider was asked: %v", calls)
	}
	for _, step := range []struct {
		do                   func()
		status, verification string
	}{
		{func() { v.becomes("onHold") }, "checking", `{"level":"id-and-selfie","review_status":"onHold","answer":"GREEN"}`},
		{func() { v.decided(green) }, "completed", `{"level":"id-and-selfie","review_status":"completed","answer":"GREEN"}`},
		{func() { v.decided(red("RETRY", "Lovelace?")) }, "open", `{"level":"id-and-selfie","review_status":"completed","answer":"RED","reject_type":"RETRY"}`},
		{func() { v.decided(red("FINAL", "")) }, "rejected", `{"level":"id-and-selfie","review_status":"completed","answer":"RED","reject_type":"FINAL"}`},
	} {
		step.do()
		w.pass(16 * time.Minute)
		v.get("").shows(http.StatusOK)
		check(step.status, step.verification)
	}
}
