package sandbox_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"portal/internal/sandbox"
)

// deed is something that a script does with a control call, and a person with a form. What stands in braces is found in
// the world when the deed is done.
type deed struct {
	method, call, body string
	address, fields    string
}

// deeds are in an order in which each is possible.
var deeds = []deed{
	{
		"PATCH", "/passfort/options", `{"create_status":201,"frame_ancestors":["https://a.example","https://b.example"],"error_statuses":{"not_found":410},"link_fragment":true}`,
		"/staff/options", `create_status=201&frame_ancestors=https://a.example,https://b.example&error_statuses={"not_found":410}&link_fragment=false&link_fragment=true`,
	},
	{"POST", "/passfort/forms/{undecided}/decision", `{"decision":"PASS"}`, "/staff/forms/{undecided}/decision", "decision=PASS"},
	{"POST", "/passfort/profiles/{profile}/events", `{"event_type":"PEP_FLAG"}`, "/staff/profiles/{profile}/events", "event_type=PEP_FLAG"},
	{"DELETE", "/passfort/profiles/{profile}/events", ``, "/staff/profiles/{profile}/events/resolve", ""},
	{"POST", "/passfort/profiles/{profile}/risk", `{"category":"HIGH","score":7.5}`, "/staff/profiles/{profile}/risk", "category=HIGH&score=7.5"},
	{"POST", "/passfort/tasks/{task}/state", `{"state":"COMPLETED_FAIL"}`, "/staff/tasks/{task}/state", "state=COMPLETED_FAIL"},
	{"POST", "/passfort/applications/{application}/status", `{"status":"REJECTED"}`, "/staff/applications/{application}/status", "status=REJECTED"},
	{"POST", "/passfort/tasks/{task}/request", `{"to":"jo@example.com","text":"One more thing."}`, "/staff/tasks/{task}/request", "to=jo@example.com&text=One more thing."},
	{
		"POST", "/passfort/requests", `{"flow_template":"company-onboarding","to":"sam@example.com"}`,
		"/staff/requests", "flow_template=company-onboarding&to=sam@example.com",
	},
	{"POST", "/passfort/requests/{request}/email", `{"to":"kim@example.com"}`, "/staff/requests/{request}/email", "to=kim@example.com"},
	{"POST", "/passfort/requests/{request}/state", `{"state":"CANCELED","form":"company-contact"}`, "/staff/requests/{request}/state", "state=CANCELED&form=company-contact"},
	{"POST", "/passfort/requests/{request}/state", `{"state":"EXPIRED"}`, "/staff/requests/{request}/state", "state=EXPIRED"},
	{
		"POST", "/faults", `{"method":"POST","path":"/4.0/x","when":"later","kind":"status","status":429,"retry_after_s":2,"delay_ms":5,"count":3,"probability":0.5,"seed":9}`,
		"/faults", "method=POST&path=/4.0/x&when=later&kind=status&status=429&retry_after_s=2&delay_ms=5&count=3&probability=0.5&seed=9",
	},
	{"POST", "/faults", `{"kind":"garbage","garbage":"html","path":"/4.0/y"}`, "/faults", "method=&path=/4.0/y&when=before&kind=garbage&garbage=html&delay_ms="},
	{"POST", "/faults", `{"kind":"slow","delay_ms":3000}`, "/faults/preset", "preset=slow"},
	{"DELETE", "/faults/2", ``, "/faults/2/delete", ""},
	{"POST", "/clock", `{"advance":"36h"}`, "/clock", "advance=36h"},
	{
		"PATCH", "/passfort/webhooks/options", `{"url":"{receiver}","secret":"s","events":["CHECK_COMPLETED","TASK_CREATED"],"batching":true,"batch_shape":"object"}`,
		"/staff/webhooks/options", "url={receiver}&secret=s&events=&events=CHECK_COMPLETED&events=TASK_CREATED&batching=false&batching=true&batch_shape=object",
	},
	{"POST", "/webhooks", `{"mode":"late","count":3,"delay_ms":100}`, "/webhooks", "mode=late&count=3&delay_ms=100"},
	{"POST", "/passfort/webhooks/retry", ``, "/staff/webhooks/retry", ""},
	{
		"PATCH", "/sumsub/webhooks/options", `{"url":"{receiver}","secret":"s","algorithm":"sha512","events":["applicantReviewed"],"timeout_ms":60000,"no_retries":true}`,
		"/staff/sumsub/webhooks/options", "url={receiver}&secret=s&algorithm=sha512&events=&events=applicantReviewed&timeout_ms=60000&no_retries=false&no_retries=true",
	},
	{
		"POST", "/webhooks", `{"provider":"sumsub","mode":"unknown","event":"kytTxn","data":{"kytTxnId":"1"}}`,
		"/webhooks/sumsub", `mode=unknown&event=kytTxn&applicant_id=&data={"kytTxnId":"1"}`,
	},
	{"POST", "/sumsub/webhooks/{delivery}/resend", ``, "/staff/sumsub/webhooks/{delivery}/resend", ""},
	{"POST", "/webhooks", `{"provider":"sumsub","mode":"missing_field","count":2,"fields":["type","levelName"]}`, "/webhooks/sumsub", "mode=missing_field&count=2&fields=type,+levelName"},
	{"POST", "/sumsub/webhooks/retry", ``, "/staff/sumsub/webhooks/retry", ""},
	{
		"PATCH", "/sumsub/options", `{"create_status":201,"verdict":"green","no_rate_limits":true}`,
		"/staff/sumsub/options", "create_status=201&verdict=green&no_rate_limits=false&no_rate_limits=true",
	},
	{
		"POST", "/sumsub/applicants/{applicant}/verdict",
		`{"answer":"RED","reject_type":"RETRY","labels":["BAD_SELFIE","SCREENSHOTS"],"comment":"Again.","buttons":["selfie"],"client_comment":"Hm.","mode":"ongoingAml","images":{"{image}":{"answer":"RED","reject_type":"RETRY","labels":["SCREENSHOTS"],"comment":"No.","buttons":["badPhoto"],"client_comment":"Ha."},"SELFIE":{"answer":"GREEN"}}}`,
		"/staff/sumsub/applicants/{applicant}/verdict",
		"answer=RED&reject_type=RETRY&labels=BAD_SELFIE,SCREENSHOTS&comment=Again.&buttons=selfie&client_comment=Hm.&mode=ongoingAml&after=&images/{image}/answer=RED&images/{image}/reject_type=RETRY&images/{image}/labels=SCREENSHOTS&images/{image}/comment=No.&images/{image}/buttons=badPhoto&images/{image}/client_comment=Ha.&images/SELFIE/answer=GREEN&images/IDENTITY/answer=&images/IDENTITY/comment=",
	},
	{
		"POST", "/sumsub/applicants/{applicant}/verdict", `{"answer":"RED","reject_type":"FINAL","labels":["BLOCKLIST"],"after":"168h"}`,
		"/staff/sumsub/applicants/{applicant}/verdict", "answer=RED&reject_type=FINAL&labels=BLOCKLIST&after=168h",
	},
	{"POST", "/sumsub/applicants/{applicant}/reset", `{"step":"SELFIE"}`, "/staff/sumsub/applicants/{applicant}/reset", "step=SELFIE"},
	{"POST", "/sumsub/applicants/{applicant}/status", `{"status":"onHold"}`, "/staff/sumsub/applicants/{applicant}/status", "status=onHold"},
	{"POST", "/sumsub/applicants/{applicant}/status", `{"status":"init"}`, "/staff/sumsub/applicants/{applicant}/status", "status=init"},
	{"POST", "/sumsub/applicants/{applicant}/level", `{"level":"id-only"}`, "/staff/sumsub/applicants/{applicant}/level", "level=id-only"},
	{"POST", "/sumsub/applicants/{applicant}/reset", `{}`, "/staff/sumsub/applicants/{applicant}/reset", ""},
	{"POST", "/sumsub/applicants/{applicant}/presence", `{"presence":"deactivated"}`, "/staff/sumsub/applicants/{applicant}/presence", "presence=deactivated"},
}

// find looks up what a word in braces stands for, empty if it is not there.
func (w world) find(word string) string {
	profiles := w.PassFort().Overviews(100)
	first := profiles[len(profiles)-1]
	detail, err := w.PassFort().Detail(first.ID)
	if err != nil {
		return ""
	}
	switch word {
	case "{profile}":
		return first.ID
	case "{task}":
		return detail.Tasks[0].ID
	case "{application}":
		return detail.Applications[0].ID
	case "{request}":
		return w.PassFort().Requests(1)[0].ID
	case "{applicant}":
		return w.Sumsub().Overviews(1)[0].ID
	case "{image}":
		applicant, err := w.Sumsub().Detail(w.find("{applicant}"))
		if err != nil {
			return ""
		}
		return applicant.Steps[0].Images[1].ID
	case "{delivery}":
		return w.SumsubWebhooks().Status().Deliveries[0].ID
	case "{undecided}":
		return detail.Requests[0].Forms[0].ID
	}
	return ""
}

func (w world) fillIn(text, receiver string) string {
	text = strings.ReplaceAll(text, "{receiver}", receiver)
	for _, word := range []string{"{profile}", "{task}", "{application}", "{request}", "{undecided}", "{delivery}", "{applicant}", "{image}"} {
		if strings.Contains(text, word) {
			text = strings.ReplaceAll(text, word, w.find(word))
		}
	}
	return text
}

func TestEveryFormAndEveryCallIsAmongTheDeeds(t *testing.T) {
	t.Parallel()
	s := sandbox.New(sandbox.Options{})
	router, ok := s.Handler().(chi.Routes)
	if !ok {
		t.Fatal("the handler does not tell its routes")
	}
	done := []string{
		"POST /company/notices", "POST /staff", "POST /faults/clear", "POST /reset", "POST /state", // tested elsewhere
		"POST /_sandbox/reset", "DELETE /_sandbox/faults", "PUT /_sandbox/state",
	}
	for _, d := range deeds {
		done = append(done, d.method+" /_sandbox"+d.call, "POST "+d.address)
	}
	for i := range done {
		done[i] = shape(done[i])
	}
	err := chi.Walk(router, func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		ours := !slices.ContainsFunc([]string{"/4.0/", "/collect/", "/resources/", "/websdk/"}, func(of string) bool { return strings.HasPrefix(route, of) })
		if method != "GET" && ours && !slices.Contains(done, shape(method+" "+route)) {
			t.Errorf("%s %s is not among the deeds", method, route)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// shape is an address with its variable parts left out.
func shape(address string) string {
	parts := strings.Split(address, "/")
	for i, part := range parts {
		if strings.HasPrefix(part, "{") || part == "2" {
			parts[i] = "*"
		}
	}
	return strings.Join(parts, "/")
}
