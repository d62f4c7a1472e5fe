package sumsub_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/onboarding"
	"portal/internal/sumsub"
)

func TestATokenIsAskedForByTheReference(t *testing.T) {
	t.Parallel()
	api := &keeping{Handler: always(http.StatusOK, `{"token":"_act-sbx-1","userId":"`+reference+`"}`)}
	token, lasts, err := client(t, api).AccessToken(t.Context(), reference, "id-and-liveness")
	if err != nil || token.Reveal() != "_act-sbx-1" || lasts != 10*time.Minute {
		t.Errorf("got %q for %v, %v", token.Reveal(), lasts, err)
	}
	r := api.only(t)
	wantSigned(t, r)
	want := map[string]any{"userId": reference, "levelName": "id-and-liveness", "ttlInSecs": 600.0}
	if diff := cmp.Diff(any(want), r.Body); diff != "" || r.Target != "/resources/accessTokens/sdk" {
		t.Errorf("asked %s (-want +got): %s", r.Target, diff)
	}
	for _, body := range []string{`{}`, `{"token":"","userId":"` + reference + `"}`, `{"token":"a b"}`, `{"token":"a","userId":"another"}`, `null`} {
		_, _, err := client(t, always(http.StatusOK, body)).AccessToken(t.Context(), reference, "l")
		wantKind(t, err, onboarding.Busy)
	}
}

func TestALinkLeadsBack(t *testing.T) {
	t.Parallel()
	api := &keeping{Handler: always(http.StatusOK, `{"url":"https://in.sumsub.com/websdk/p/sbx_1"}`)}
	back := sumsub.Redirect{Success: "https://portal.example/done", Reject: "https://portal.example/sorry"}
	link, err := client(t, api).WebSDKLink(t.Context(), reference, "id and liveness", back)
	if err != nil || link.Reveal() != "https://in.sumsub.com/websdk/p/sbx_1" {
		t.Errorf("got %q, %v", link.Reveal(), err)
	}
	r := api.only(t)
	wantSigned(t, r)
	want := map[string]any{
		"userId": reference, "levelName": "id and liveness", "ttlInSecs": 1800.0,
		"redirect": map[string]any{"successUrl": back.Success, "rejectUrl": back.Reject},
	}
	if diff := cmp.Diff(any(want), r.Body); diff != "" || r.Target != "/resources/sdkIntegrations/levels/-/websdkLink" {
		t.Errorf("asked %s (-want +got): %s", r.Target, diff)
	}
	for _, body := range []string{`{}`, `{"url":"javascript:alert(1)"}`, `{"url":"/x"}`, `{"url":"ftp://in.sumsub.com/x"}`, `{"url":"%"}`} {
		_, err := client(t, always(http.StatusOK, body)).WebSDKLink(t.Context(), reference, "l", back)
		wantKind(t, err, onboarding.Busy)
	}
}

func TestALevelTellsWhatItAsksFor(t *testing.T) {
	t.Parallel()
	c := client(t, always(http.StatusOK, `{"list":{"items":[{"name":"Id-only"},null,{"name":"id-only","requiredIdDocs":{"docSets":[
		{"idDocSetType":"IDENTITY","types":["PASSPORT"]},{"idDocSetType":"SELFIE","types":["SELFIE"],"videoRequired":"passiveLiveness"},
		{"idDocSetType":"APPLICANT_DATA","fields":[{"name":"addresses","required":true}]}]}}],"totalItems":2}}`))
	got, err := c.Level(t.Context(), "id-only")
	want := []onboarding.Step{
		{Set: "IDENTITY", Types: []string{"PASSPORT"}},
		{Set: "SELFIE", Types: []string{"SELFIE"}, Video: "passiveLiveness"},
		{Set: "APPLICANT_DATA", Fields: []onboarding.DataField{
			{Name: "address.street", Required: true}, {Name: "address.postCode"}, {Name: "address.town", Required: true}, {Name: "address.country", Required: true},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, "(-want +got):", diff)
	}
	if live := (onboarding.Verification{Steps: got}).Live(); !cmp.Equal(live, []string{"SELFIE"}) {
		t.Error("live:", live)
	}
	_, err = c.Level(t.Context(), "ID-ONLY")
	wantKind(t, err, onboarding.NotFound)
}

func TestEveryCallIsObserved(t *testing.T) {
	t.Parallel()
	var got []string
	c := clientWith(t, always(http.StatusUnauthorized, `{"errorCode":4003}`), sumsub.Options{Observe: func(call, outcome string, took time.Duration) {
		if took <= 0 {
			t.Error("it took no time")
		}
		got = append(got, call+" "+outcome)
	}})
	for _, name := range []string{"CreateApplicant", "AddDocument", "Level"} {
		_ = calls[name](t.Context(), c)
	}
	if diff := cmp.Diff([]string{"create_applicant denied", "add_document denied", "list_levels denied"}, got); diff != "" {
		t.Error("observed (-want +got):", diff)
	}
}
