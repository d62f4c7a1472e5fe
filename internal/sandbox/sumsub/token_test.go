package sumsub_test

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"portal/internal/sandbox/sumsub"
)

// token makes an access token of ten minutes.
func (a *account) token(t *testing.T, user, level string) string {
	t.Helper()
	r := a.ok(t, "POST", "/resources/accessTokens/sdk", `{"userId":"`+user+`","levelName":"`+level+`","ttlInSecs":600}`)
	if !strings.HasPrefix(r.text("token"), "_act-sbx-") || r.text("userId") != user {
		t.Fatal(r.raw)
	}
	return r.text("token")
}

func TestAccessTokenMakesTheApplicantOnce(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	first := a.token(t, "u-1", "id-and-liveness")
	old := a.ok(t, "POST", "/resources/accessTokens?userId=u-1&levelName=id-and-liveness&ttlInSecs=600", "").text("token")

	x, err := a.TokenApplicant(first)
	if err != nil {
		t.Fatal(err)
	}
	y, err := a.TokenApplicant(old)
	if err != nil || x.ApplicantID != y.ApplicantID || len(a.Overviews(9)) != 1 || x.ExternalUserID != "u-1" {
		t.Errorf("%v: %+v and %+v", err, x, y)
	}
}

func TestAccessTokenExpiresByTheClock(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	token := a.token(t, "u-1", "id-and-liveness")
	a.pass(t, 599*time.Second)
	if _, err := a.TokenApplicant(token); err != nil {
		t.Error(err)
	}
	a.pass(t, time.Second)
	if _, err := a.TokenApplicant(token); !errors.Is(err, sumsub.ErrToken) {
		t.Errorf("afterwards: %v", err)
	}
	if _, err := a.SDKRequestCheck("_act-sbx-none"); !errors.Is(err, sumsub.ErrToken) {
		t.Errorf("an unknown one: %v", err)
	}
}

func TestNoTokenForDeactivatedApplicants(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	id := a.create(t, "u-1", "id-only")
	a.ok(t, "PATCH", "/resources/applicants/"+id+"/presence/deactivated", "")
	r := a.api(t, "POST", "/resources/accessTokens/sdk", `{"userId":"u-1","levelName":"id-only","ttlInSecs":600}`)
	if r.status != http.StatusNotFound || !strings.Contains(r.text("description"), "deactivated") {
		t.Errorf("%d %s", r.status, r.raw)
	}
}

func TestFrameFinishesALevelThatTheAPICannot(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	token := a.token(t, "u-1", "id-and-liveness")
	send := func(docType, side string, live bool) error {
		_, err := a.SDKUpload(token, sumsub.SDKFile{
			Type: docType, Side: side, Country: "DEU", Name: "a.png", Live: live, Content: bytes.NewReader(picture(t, docType+side, "")),
		})
		return err
	}
	if err := errors.Join(send("ID_CARD", "FRONT_SIDE", false), send("ID_CARD", "BACK_SIDE", false)); err != nil {
		t.Fatal(err)
	}
	if refusal, ok := errors.AsType[*sumsub.Refusal](send("SELFIE", "", false)); !ok || refusal.Code != 1010 {
		t.Errorf("a file for a live step: %v", refusal)
	}
	if x, _ := a.TokenApplicant(token); x.Complete || x.Steps[0].State != sumsub.StepGiven || x.Steps[1].State != sumsub.StepWanted || !x.Steps[1].Live {
		t.Errorf("%+v", x)
	}
	if err := send("SELFIE", "", true); err != nil {
		t.Fatal(err)
	}
	x, err := a.SDKRequestCheck(token)
	if err != nil || x.Status != "pending" || x.Open {
		t.Errorf("%v: %+v", err, x)
	}
}

func TestFrameTakesData(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	token := a.token(t, "u-1", "applicant-data-and-id")
	if _, err := a.SDKSetData(token, map[string]string{"dob": "yesterday"}); err == nil {
		t.Error("a bad date was taken")
	}
	x, err := a.SDKSetData(token, map[string]string{
		"firstName": "Ada", "lastName": "Lovelace", "dob": "1815-12-10", "country": "GBR", "phone": "+44", "address.town": "London",
	})
	if err != nil || x.Steps[0].State != sumsub.StepGiven || x.Steps[0].Data["phone"] != "+44" {
		t.Errorf("%v: %+v", err, x.Steps)
	}
}

func TestLinkOpensTheSDK(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	for _, c := range []struct{ target, body string }{
		{"/resources/sdkIntegrations/levels/-/websdkLink", `{"levelName":"id-only","userId":"u-1","ttlInSecs":1800}`},
		{"/resources/sdkIntegrations/levels/id-only/websdkLink?ttlInSecs=1800&externalUserId=u-2&lang=en", ""},
	} {
		link := a.ok(t, "POST", c.target, c.body).text("url")
		_, token, _ := strings.Cut(link, "token=")
		if _, err := a.TokenApplicant(token); err != nil {
			t.Errorf("%s: %v", link, err)
		}
	}
}

func TestDigestsAreThoseOfTheDocumentation(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	for algorithm, want := range map[string]string{
		"":                           "f6e92ffe371718694d46e28436f76589312df8db",
		"&digestAlg=HMAC_SHA1_HEX":   "f6e92ffe371718694d46e28436f76589312df8db",
		"&digestAlg=HMAC_SHA256_HEX": "7f3beedce7529616a9d6bba59dc1b054a7247cef67f6acff2600864399f47fe0",
	} {
		target := "/resources/inspectionCallbacks/testDigest?secretKey=SoMe_SeCrEt_KeY" + algorithm
		r := a.do(t, a.request(t, "POST", target, "text/plain", []byte("someText")))
		if r.text("digest") != want {
			t.Errorf("%s: %s", algorithm, r.raw)
		}
	}
}
