package sumsub_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/sumsub"
)

// askFor asks for the check.
func (a *account) askFor(t *testing.T, id string) reply {
	t.Helper()
	return a.api(t, "POST", "/resources/applicants/"+id+"/status/pending?reason=", "")
}

// complete is an applicant of id-and-selfie with a card of two sides and a selfie.
func complete(t *testing.T, a *account) (id, front, back, selfie string) {
	t.Helper()
	id = a.create(t, "u-1", "id-and-selfie")
	return id, a.give(t, id, "ID_CARD", "FRONT_SIDE", ""), a.give(t, id, "ID_CARD", "BACK_SIDE", ""), a.give(t, id, "SELFIE", "", "")
}

func TestCheckWantsEverythingFirst(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	id := a.create(t, "u-1", "id-and-selfie")
	a.give(t, id, "ID_CARD", "FRONT_SIDE", "")

	r := a.askFor(t, id)
	want := "Not all required documents or data are submitted. Make sure to complete [IDENTITY, SELFIE] verification steps beforehand."
	if r.status != http.StatusConflict || r.text("description") != want || r.code() != 0 {
		t.Errorf("%d %s", r.status, r.raw)
	}
	a.give(t, id, "ID_CARD", "BACK_SIDE", "")
	a.give(t, id, "SELFIE", "", "")
	if r := a.askFor(t, id); r.status != http.StatusOK || r.at("ok") != 1.0 {
		t.Errorf("%d %s", r.status, r.raw)
	}
	if r := a.askFor(t, id); r.code() != 3000 || r.status != http.StatusConflict {
		t.Errorf("again: %d %s", r.status, r.raw)
	}
}

func TestCheckGoesOnAndWaitsForAVerdict(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	id, _, _, _ := complete(t, a)
	a.askFor(t, id)
	if got := a.status(t, id); got != "pending" {
		t.Errorf("at first %s", got)
	}
	a.pass(t, time.Hour)
	if got := a.status(t, id); got != "queued" || a.last().event != "applicantPrechecked" || a.last().data["reviewStatus"] != "queued" {
		t.Errorf("then %s, %v", got, a.last())
	}
	a.decide(t, "u-1", `{"answer":"GREEN"}`)
	if got := a.status(t, id); got != "completed GREEN" || a.step(t, id, "SELFIE")["reviewResult"] == nil {
		t.Errorf("in the end %s", got)
	}
	want := []string{"applicantCreated", "applicantPending", "applicantPrechecked", "applicantReviewed"}
	if diff := cmp.Diff(want, a.events()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]any{"reviewAnswer": "GREEN"}, a.last().data["reviewResult"]); diff != "" {
		t.Error(diff)
	}
}

func TestChecksCanEndByThemselves(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options    sumsub.Options
		mark, want string
	}{
		"by option":       {sumsub.Options{Verdict: "green"}, "", "completed GREEN"},
		"by approval":     {sumsub.Options{}, "approve", "completed GREEN"},
		"by rejection":    {sumsub.Options{Verdict: "green"}, "reject=UNSATISFACTORY_PHOTOS", "completed RED RETRY"},
		"by end of it":    {sumsub.Options{}, "final=FORGERY,SPAM", "completed RED FINAL"},
		"held":            {sumsub.Options{Verdict: "green"}, "hold", "onHold GREEN"},
		"without waiting": {sumsub.Options{Verdict: "green", ProcessingMS: -1}, "", "completed GREEN"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := open(t, c.options)
			id := a.create(t, "u-1", "id-only")
			a.give(t, id, "PASSPORT", "", c.mark)
			a.askFor(t, id)
			if c.options.ProcessingMS >= 0 {
				a.pass(t, time.Second)
			}
			if got := a.status(t, id); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestRejectionOfOneSideAsksForThatSideOnly(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	id, front, back, selfie := complete(t, a)
	a.askFor(t, id)
	a.pass(t, time.Second)
	before := a.ok(t, "GET", "/resources/applicants/"+id+"/status", "")

	a.decide(t, id, `{"answer":"RED","reject_type":"RETRY","images":{"IDENTITY/BACK_SIDE":
		{"answer":"RED","labels":["UNSATISFACTORY_PHOTOS"],"comment":"Not readable.","buttons":["badPhoto","badPhoto_dataNotVisible"],"client_comment":"secret"}}}`)

	step := reply{body: a.step(t, id, "IDENTITY")}
	if step.text("reviewResult", "reviewAnswer") != "RED" || step.text("imageReviewResults", back, "moderationComment") != "Not readable." ||
		step.text("imageReviewResults", front, "reviewAnswer") != "GREEN" || step.at("doubleSided") != true {
		t.Errorf("%v", step.body)
	}
	if got := (reply{body: a.step(t, id, "SELFIE")}).text("imageReviewResults", selfie, "reviewAnswer"); got != "GREEN" {
		t.Errorf("the selfie is %q", got)
	}
	states := a.ok(t, "GET", "/resources/moderationStates/-;applicantId="+id, "")
	items, _ := states.at("list", "items").([]any)
	if len(items) != 1 || (reply{body: items[0].(map[string]any)}).at("imagesStates", back, "state", "badPhoto_dataNotVisible", "value") != true {
		t.Error(states.raw)
	}
	if r := a.askFor(t, id); r.status != http.StatusConflict || r.code() != 0 {
		t.Errorf("without a new picture: %d %s", r.status, r.raw)
	}
	better := a.give(t, id, "ID_CARD", "BACK_SIDE", "better")
	if ids := (reply{body: a.step(t, id, "IDENTITY")}).at("imageIds"); fmt.Sprintf("%.0f", ids) != "["+front+" "+better+"]" {
		t.Errorf("what counts is %v", ids)
	}
	if got := a.status(t, id); got != "completed RED RETRY" {
		t.Errorf("after the new picture %s", got)
	}
	if r := a.askFor(t, id); r.status != http.StatusOK {
		t.Fatalf("%d %s", r.status, r.raw)
	}
	if answer := (reply{body: a.step(t, id, "IDENTITY")}).text("reviewResult", "reviewAnswer"); answer != "" {
		t.Errorf("the step is still %s", answer)
	}
	after := a.ok(t, "GET", "/resources/applicants/"+id+"/status", "")
	if after.at("attemptCnt") != 1.0 || before.at("attemptCnt") != 0.0 || before.text("attemptId") == after.text("attemptId") {
		t.Errorf("attempts: %s, then %s", before.raw, after.raw)
	}
	a.decide(t, id, `{"answer":"GREEN"}`)
	if got := a.status(t, id); got != "completed GREEN" {
		t.Error(got)
	}
}

func TestLabelsTellTheStepWhereNoImageIsNamed(t *testing.T) {
	t.Parallel()
	for label, want := range map[string]string{"BAD_SELFIE": "SELFIE", "UNSATISFACTORY_PHOTOS": "IDENTITY", "NEW_LABEL": "IDENTITY"} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			a := open(t, sumsub.Options{})
			id, _, _, _ := complete(t, a)
			a.decide(t, id, `{"answer":"RED","reject_type":"RETRY","labels":["`+label+`"],"comment":"Again, please."}`)
			for _, set := range []string{"IDENTITY", "SELFIE"} {
				answer := reply{body: a.step(t, id, set)}.text("reviewResult", "reviewAnswer")
				if (answer == "RED") != (set == want) {
					t.Errorf("%s is %q", set, answer)
				}
			}
		})
	}
}

func TestRejectedDataIsGivenAnew(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	id := a.create(t, "u-1", "applicant-data-and-id")
	a.give(t, id, "PASSPORT", "", "")
	data := `{"firstName":"Ada","lastName":"L","dob":"1815-12-10","country":"GBR"}`
	a.ok(t, "PATCH", "/resources/applicants/"+id+"/fixedInfo", data)
	a.askFor(t, id)
	a.decide(t, id, `{"answer":"RED","reject_type":"RETRY","labels":["PROBLEMATIC_APPLICANT_DATA"]}`)

	if r := a.askFor(t, id); r.status != http.StatusConflict {
		t.Errorf("with the old data: %d %s", r.status, r.raw)
	}
	a.ok(t, "PATCH", "/resources/applicants/"+id+"/fixedInfo", `{"lastName":"Lovelace"}`)
	if r := a.askFor(t, id); r.status != http.StatusOK {
		t.Errorf("%d %s", r.status, r.raw)
	}
}

func TestVerdictCanChangeLater(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	id, _, _, _ := complete(t, a)
	a.decide(t, id, `{"answer":"GREEN"}`)
	a.decide(t, id, `{"answer":"RED","reject_type":"FINAL","labels":["BLOCKLIST"],"mode":"ongoingAml","after":"168h"}`)

	a.pass(t, 167*time.Hour)
	if got := a.status(t, id); got != "completed GREEN" {
		t.Errorf("before it is time: %s", got)
	}
	a.pass(t, time.Hour)
	if got := a.status(t, id); got != "completed RED FINAL" || a.last().data["reviewMode"] != "ongoingAml" {
		t.Errorf("a week later: %s, %v", got, a.last().data)
	}
	if r := a.askFor(t, id); r.code() != 1009 {
		t.Errorf("%d %s", r.status, r.raw)
	}
}

func TestImpossibleVerdictsAreRefused(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	id, _, _, _ := complete(t, a)
	for name, v := range map[string]sumsub.Verdict{
		"no answer":      {},
		"green and type": {Finding: sumsub.Finding{Answer: "GREEN", RejectType: "FINAL"}},
		"unknown type":   {Finding: sumsub.Finding{Answer: "RED", RejectType: "MAYBE"}},
		"unknown image":  {Finding: sumsub.Finding{Answer: "RED"}, Images: map[string]sumsub.Finding{"PASSPORT": {Answer: "RED"}}},
		"bad time":       {Finding: sumsub.Finding{Answer: "RED"}, After: "a week"},
		"past":           {Finding: sumsub.Finding{Answer: "RED"}, After: "-1h"},
	} {
		if err := a.Decide(id, v); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	if got := a.status(t, id); got != "init" {
		t.Error(got)
	}
}

func TestTestCompletedWorksFromEveryStatus(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	id := a.create(t, "u-1", "id-only")
	target := "/resources/applicants/" + id + "/status/testCompleted"

	a.ok(t, "POST", target, `{"reviewAnswer":"RED","reviewRejectType":"RETRY","rejectLabels":["SCREENSHOTS"],"moderationComment":"Original, please.","clientComment":"x"}`)
	if got := a.status(t, id); got != "completed RED RETRY" {
		t.Error(got)
	}
	a.ok(t, "POST", target, `{"reviewAnswer":"GREEN","rejectLabels":[]}`)
	if got := a.status(t, id); got != "completed GREEN" {
		t.Error(got)
	}
	for _, body := range []string{`{"reviewAnswer":"GREEN"}`, `{"reviewAnswer":"RED","rejectLabels":[]}`, `{"reviewAnswer":"YELLOW","rejectLabels":[]}`} {
		if r := a.api(t, "POST", target, body); r.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", body, r.status, r.raw)
		}
	}
	production := openWith(t, func(c *sumsub.Config) { c.AppToken = "prd:public.private" })
	req := production.request(t, "POST", "/resources/applicants?levelName=id-only", "application/json", []byte(`{"externalUserId":"u"}`))
	req.Header.Set("X-App-Token", "prd:public.private")
	other := production.do(t, req).text("id")
	req = production.request(t, "POST", "/resources/applicants/"+other+"/status/testCompleted", "application/json", []byte(`{"reviewAnswer":"GREEN","rejectLabels":[]}`))
	req.Header.Set("X-App-Token", "prd:public.private")
	if r := production.do(t, req); r.status != http.StatusForbidden {
		t.Errorf("in production: %d %s", r.status, r.raw)
	}
}

func TestResetKeepsAnAnswerThatDoesNotCount(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	id, _, _, _ := complete(t, a)
	a.askFor(t, id)
	if r := a.api(t, "POST", "/resources/applicants/"+id+"/reset", ""); r.code() != 3000 {
		t.Errorf("while it is checked: %d %s", r.status, r.raw)
	}
	a.decide(t, id, `{"answer":"GREEN"}`)
	a.ok(t, "POST", "/resources/applicants/"+id+"/reset", "")

	if got := a.status(t, id); got != "init GREEN" || a.last().event != "applicantReset" || a.step(t, id, "SELFIE") != nil {
		t.Errorf("%s, %v", got, a.last())
	}
	if got := a.last().data["reviewResult"]; cmp.Diff(map[string]any{"reviewAnswer": "GREEN"}, got) != "" {
		t.Errorf("the webhook says %v", got)
	}
}

func TestOneStepIsReset(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	id, _, _, _ := complete(t, a)
	a.decide(t, id, `{"answer":"GREEN"}`)
	a.ok(t, "POST", "/resources/applicants/"+id+"/resetStep/SELFIE", "")
	if a.step(t, id, "SELFIE") != nil || a.step(t, id, "IDENTITY") == nil || a.last().event != "applicantStepsReset" {
		t.Errorf("%v", a.last())
	}
}

func TestNoApprovalOutlivesANewLevel(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	id, _, _, _ := complete(t, a)
	a.decide(t, id, `{"answer":"GREEN"}`)
	r := a.ok(t, "POST", "/resources/applicants/"+id+"/moveToLevel?name=id-selfie-poa", "")
	if r.text("review", "levelName") != "id-selfie-poa" || a.status(t, id) != "init" || a.last().event != "applicantLevelChanged" {
		t.Errorf("%s", r.raw)
	}
	if answer := (reply{body: a.step(t, id, "IDENTITY")}).text("reviewResult", "reviewAnswer"); answer != "" {
		t.Errorf("the step is still %s", answer)
	}
	if r := a.askFor(t, id); r.status != http.StatusConflict {
		t.Errorf("%d %s", r.status, r.raw)
	}
}

func TestTheCompanyDecidesItself(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	id := a.create(t, "u-1", "id-only")
	one := "/resources/applicants/" + id
	a.ok(t, "POST", one+"/-/approve", "")
	if got := a.status(t, id); got != "completed GREEN" {
		t.Error(got)
	}
	a.ok(t, "POST", one+"/-/reject", `{"note":"n","tags":[],"reasons":{"fraud":["documentForgery"]}}`)
	labels, _ := a.last().data["reviewResult"].(map[string]any)["rejectLabels"].([]string)
	if got := a.status(t, id); got != "completed RED FINAL" || !slices.Equal(labels, []string{"EXTERNAL_DECISION_REJECTION"}) {
		t.Error(got, labels)
	}
	a.ok(t, "POST", one+"/-/init", "")
	a.ok(t, "POST", one+"/blacklist?note=x", "")
	if r := a.api(t, "POST", one+"/blacklist?note=x", ""); r.code() != 5000 {
		t.Errorf("twice: %d %s", r.status, r.raw)
	}
	a.ok(t, "PATCH", one+"/presence/deactivated", "")
	a.ok(t, "PATCH", one+"/presence/activated", "")
	if diff := cmp.Diff([]string{"applicantDeactivated", "applicantActivated"}, a.events()[len(a.events())-2:]); diff != "" {
		t.Error(diff)
	}
}

func TestStatusAfterReuploadCanBeInit(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{AfterReupload: "init"})
	id, _, _, _ := complete(t, a)
	a.decide(t, id, `{"answer":"RED","reject_type":"RETRY","images":{"SELFIE":{"answer":"RED"}}}`)
	a.give(t, id, "SELFIE", "", "new")
	if got := a.status(t, id); got != "init RED RETRY" {
		t.Error(got)
	}
	if r := a.askFor(t, id); r.status != http.StatusOK {
		t.Errorf("%d %s", r.status, r.raw)
	}
}
