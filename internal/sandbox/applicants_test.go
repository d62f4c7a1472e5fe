package sandbox_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"portal/internal/sandbox"
	"portal/internal/sandbox/sumsub"
	sumsubwebhooks "portal/internal/sandbox/sumsub/webhooks"
)

// sumsub makes a signed call of Sumsub's API.
func (w world) sumsub(t *testing.T, method, target, kind, body string) string {
	t.Helper()
	at := strconv.FormatInt(w.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(sandbox.DefaultSecretKey))
	_, _ = mac.Write([]byte(at + method + target + body))
	status, _, answer := w.do(t, method, target, body, "Content-Type", kind, "X-App-Token", sandbox.DefaultAppToken,
		"X-App-Access-Ts", at, "X-App-Access-Sig", hex.EncodeToString(mac.Sum(nil)))
	if status/100 != 2 {
		t.Fatalf("%s %s: %d %s", method, target, status, answer)
	}
	return answer
}

// addApplicant makes an applicant who has given a card and a selfie.
func (w world) addApplicant(t *testing.T, external string) string {
	t.Helper()
	body := `{"externalUserId":"` + external + `","fixedInfo":{"firstName":"Ines","lastName":"Falk"}}`
	answer := w.sumsub(t, "POST", "/resources/applicants?levelName=id-and-selfie", "application/json", body)
	id := decode[map[string]any](t, answer)["id"].(string)
	for shade, metadata := range []string{
		`{"idDocType":"ID_CARD","idDocSubType":"FRONT_SIDE","country":"DEU"}`, `{"idDocType":"ID_CARD","idDocSubType":"BACK_SIDE","country":"DEU"}`,
		`{"idDocType":"SELFIE","country":"DEU"}`,
	} {
		kind, body := document(t, metadata, uint8(shade))
		w.sumsub(t, "POST", "/resources/applicants/"+id+"/info/idDoc", kind, body)
	}
	return id
}

// document is a multipart body with a picture of this shade.
func document(t *testing.T, metadata string, shade uint8) (kind, body string) {
	t.Helper()
	picture := image.NewGray(image.Rect(0, 0, 640, 480))
	picture.SetGray(1, 1, color.Gray{Y: 10 + shade})
	var buf bytes.Buffer
	form := multipart.NewWriter(&buf)
	_ = form.WriteField("metadata", metadata)
	part, err := form.CreateFormFile("content", fmt.Sprintf("side%d.png", shade))
	if err == nil {
		err = png.Encode(part, picture)
	}
	if err != nil || form.Close() != nil {
		t.Fatal(err)
	}
	return form.FormDataContentType(), buf.String()
}

func TestApplicantPageShowsEverythingAndOffersWhatIsPossible(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{SumsubWebhooks: sumsubwebhooks.Options{URL: newReceiver(t).URL}})
	id := w.addApplicant(t, "user-1")
	w.SumsubWebhooks().CatchUp()
	detail, err := w.Sumsub().Detail(id)
	if err != nil {
		t.Fatal(err)
	}

	page := w.page(t, "/applicants/"+id)

	for _, part := range []string{
		"<h1>Ines Falk</h1>", "<code>user-1</code>", "FRONT_SIDE", "640 × 480", "side0.png", `value="IDENTITY">Ask for this step anew`,
		`name="images/` + detail.Steps[0].Images[1].ID + `/comment"`, `name="images/SELFIE/answer"`, "<option>awaitingService</option>",
		"<option selected>id-and-selfie</option>", "<option>deactivated</option>", "Reset the applicant", ">applicantCreated<", ">Resend<",
	} {
		if !contains(page, part) {
			t.Errorf("the page lacks %s", part)
		}
	}
	if other := w.page(t, "/applicants/user-1"); other != page {
		t.Error("the external id leads to another page")
	}
	list := w.page(t, "/applicants")
	if !contains(list, `<a href="/applicants/`+id+`">Ines Falk</a>`) || !contains(list, "id-and-selfie") {
		t.Errorf("the list lacks the applicant: %s", list)
	}
	if start := w.page(t, "/"); !contains(start, `<a href="/applicants/`+id+`">`) {
		t.Error("the effects do not lead to the applicant")
	}
}

func TestVerdictOfThePageIsAboutSingleImages(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	id := w.addApplicant(t, "user-1")
	detail, _ := w.Sumsub().Detail(id)
	back := detail.Steps[0].Images[1].ID
	fields := url.Values{
		"answer": {"RED"}, "reject_type": {"RETRY"}, "labels": {""}, "after": {""},
		"images/" + back + "/answer": {"RED"}, "images/" + back + "/reject_type": {"RETRY"},
		"images/" + back + "/labels": {"UNSATISFACTORY_PHOTOS, SCREENSHOTS"}, "images/" + back + "/comment": {"No glare, please."},
	}

	if status, _, page := w.press(t, "/staff/sumsub/applicants/"+id+"/verdict", fields); status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", status, page)
	}

	page := w.page(t, "/applicants/"+id)
	for _, part := range []string{`<span class="state bad">rejected</span>`, "No glare, please.", "<code>SCREENSHOTS</code>"} {
		if !contains(page, part) {
			t.Errorf("the page lacks %s", part)
		}
	}
	detail, _ = w.Sumsub().Detail(id)
	if front := detail.Steps[0].Images[0]; front.Answer == "RED" || detail.Steps[0].Images[1].Comment != "No glare, please." {
		t.Errorf("images: %+v", detail.Steps[0].Images)
	}
}

func TestVerdictCanComeInAWeek(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	w := openSumsub(t, r)
	id := w.addApplicant(t, "user-1")
	path := "/staff/sumsub/applicants/" + id + "/verdict"
	w.press(t, path, url.Values{"answer": {"GREEN"}})
	w.press(t, path, url.Values{"answer": {"RED"}, "reject_type": {"FINAL"}, "labels": {"BLOCKLIST"}, "after": {"168h"}})

	if page := w.page(t, "/applicants/"+id); !contains(page, "comes at <time") || !contains(page, "BLOCKLIST") {
		t.Error("the page does not announce the verdict")
	}
	w.do(t, "POST", "/_sandbox/clock", `{"advance":"169h"}`)

	got := w.SumsubWebhooks().Of(id)[0]
	if got.Event != "applicantReviewed" || !strings.Contains(got.Body, `"BLOCKLIST"`) || got.State != sumsubwebhooks.Delivered {
		t.Errorf("the latest webhook: %+v", got)
	}
	if late := w.Now().Sub(got.QueuedAt).Hours(); late != 1 {
		t.Errorf("it came %v hours before the end", late)
	}
	if detail, _ := w.Sumsub().Detail(id); detail.Answer != "RED" || detail.RejectType != "FINAL" {
		t.Errorf("applicant: %+v", detail.Overview)
	}
}

func TestImpossiblePressesOnAnApplicantSayWhy(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	id := w.addApplicant(t, "user-1")
	for name, c := range map[string]struct {
		path   string
		fields url.Values
		status int
	}{
		"nobody":          {"/staff/sumsub/applicants/none/reset", nil, 404},
		"no answer":       {"/verdict", url.Values{"answer": {""}}, 400},
		"strange image":   {"/verdict", url.Values{"answer": {"RED"}, "images/77/answer": {"RED"}}, 400},
		"finding without": {"/verdict", url.Values{"answer": {"RED"}, "images/SELFIE/comment": {"Hm."}}, 400},
		"strange member":  {"/verdict", url.Values{"answer": {"RED"}, "images/SELFIE/x": {"y"}}, 400},
		"strange delay":   {"/verdict", url.Values{"answer": {"RED"}, "after": {"next week"}}, 400},
		"strange status":  {"/status", url.Values{"status": {"completed"}}, 400},
		"strange level":   {"/level", url.Values{"level": {"none"}}, 404},
		"strange step":    {"/reset", url.Values{"step": {"none"}}, 404},
		"strange option":  {"/staff/sumsub/options", url.Values{"create_status": {"204"}}, 400},
	} {
		path := c.path
		if !strings.HasPrefix(path, "/staff") {
			path = "/staff/sumsub/applicants/" + id + path
		}
		if status, _, page := w.press(t, path, c.fields); status != c.status {
			t.Errorf("%s: %d, want %d: %s", name, status, c.status, page)
		}
	}
	if got, _ := w.Sumsub().Detail(id); got.Overview != (sumsub.Overview{
		ID: id, ExternalUserID: "user-1", InspectionID: got.InspectionID, Type: got.Type, Name: "Ines Falk", Level: "id-and-selfie",
		Created: got.Created, Platform: got.Platform, Status: "init", Images: 3,
	}) {
		t.Errorf("the applicant has changed: %+v", got.Overview)
	}
}
