package sandbox_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox"
	"portal/internal/sandbox/sumsub"
)

// tiny is the smallest PNG.
var tiny, _ = base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")

// signed makes a signed call of Sumsub's API.
func (w world) signed(t *testing.T, method, target, contentType, body string) (int, http.Header, string) {
	t.Helper()
	return w.signedAt(t, w.Now(), method, target, contentType, body)
}

// signedAt makes a call whose caller thinks that it is that time.
func (w world) signedAt(t *testing.T, now time.Time, method, target, contentType, body string) (int, http.Header, string) {
	t.Helper()
	ts := strconv.FormatInt(now.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(sandbox.DefaultSecretKey))
	mac.Write([]byte(ts + method + target + body))
	return w.do(t, method, target, body, "X-App-Token", sandbox.DefaultAppToken, "X-App-Access-Ts", ts,
		"X-App-Access-Sig", hex.EncodeToString(mac.Sum(nil)), "Content-Type", contentType)
}

// addStranger makes an applicant who has given nothing, and returns its id.
func (w world) addStranger(t *testing.T, external string) string {
	t.Helper()
	status, _, body := w.signed(t, "POST", "/resources/applicants?levelName=id-only", "application/json", `{"externalUserId":"`+external+`"}`)
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	return decode[struct{ ID string }](t, body).ID
}

// addPassport uploads a passport of so many bytes.
func (w world) addPassport(t *testing.T, applicant string, size int) (int, http.Header, string) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("metadata", `{"idDocType":"PASSPORT","country":"DEU"}`); err != nil {
		t.Fatal(err)
	}
	file, err := form.CreateFormFile("content", "passport.png")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = file.Write(append(bytes.Clone(tiny), bytes.Repeat([]byte("secret picture "), max(0, size-len(tiny))/15)...))
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return w.signed(t, "POST", "/resources/applicants/"+applicant+"/info/idDoc", form.FormDataContentType(), body.String())
}

// The portal is not of the sandbox: its clock stays where it is when the sandbox's is set forward.
func TestCallersNeedNotFollowTheClock(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	if _, err := w.Advance(7 * 24 * time.Hour); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		at     time.Time
		status int
	}{
		"those who do": {w.Now(), http.StatusOK}, "those who do not": {time.Now(), http.StatusOK}, "nobody's": {time.Now().Add(24 * time.Hour), http.StatusUnauthorized},
	} {
		if status, _, body := w.signedAt(t, c.at, "GET", "/resources/applicants/-/levels", "", ""); status != c.status {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
}

func TestFaultsStrikeUploads(t *testing.T) {
	t.Parallel()
	for when, atAnswer := range map[string]int{"before": 0, "after": 1, "later": 0} {
		t.Run(when, func(t *testing.T) {
			t.Parallel()
			w := open(t, sandbox.Options{})
			id := w.addStranger(t, "u-1")
			w.do(t, "POST", "/_sandbox/faults", `{"method":"POST","path":"/resources/applicants/","when":"`+when+`","kind":"status","status":502,"delay_ms":1000,"count":1}`)

			status, _, body := w.addPassport(t, id, 20<<20)

			count := func() int { return strings.Count(strings.Join(w.kinds(t), " "), "document.add") }
			if status != http.StatusBadGateway || count() != atAnswer || decode[struct{ Code int }](t, body).Code != 502 {
				t.Errorf("%d %s, %v", status, body, w.kinds(t))
			}
			if when == "later" {
				eventually(t, "the effect", func() bool { return count() == 1 })
			}
			want := map[bool]int{true: http.StatusOK, false: http.StatusConflict}[when == "before"]
			if status, _, body := w.addPassport(t, id, 20<<20); status != want {
				t.Errorf("once more: %d %s", status, body)
			}
		})
	}
}

func TestJournalHoldsNeitherPicturesNorSecretsOfSumsub(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	id := w.addStranger(t, "u-1")
	w.addPassport(t, id, 1000)
	_, _, answer := w.signed(t, "POST", "/resources/accessTokens/sdk", "application/json", `{"userId":"u-1","levelName":"id-only"}`)
	token := decode[struct{ Token string }](t, answer).Token
	w.signed(t, "POST", "/resources/inspectionCallbacks/testDigest?secretKey=hook-secret", "text/plain", "x")

	_, _, calls := w.do(t, "GET", "/_sandbox/calls", "")
	if token == "" || !strings.Contains(calls, "/info/idDoc") {
		t.Fatal("the calls are not there")
	}
	for _, secret := range []string{token, "secret picture", "hook-secret", sandbox.DefaultAppToken, sandbox.DefaultSecretKey} {
		if strings.Contains(calls, secret) {
			t.Errorf("the journal tells %q", secret)
		}
	}
}

func TestScriptsDecideApplicantsByTheirReference(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	id := w.addStranger(t, "reg-1")
	for _, call := range []struct{ path, body, status string }{
		{"/status", `{"status":"onHold"}`, "onHold"},
		{"/verdict", `{"answer":"GREEN"}`, "completed"},
		{"/reset", `{}`, "init"},
		{"/level", `{"level":"id-and-selfie"}`, "init"},
		{"/presence", `{"presence":"deactivated"}`, "init"},
	} {
		if status, _, body := w.do(t, "POST", "/_sandbox/sumsub/applicants/reg-1"+call.path, call.body); status != http.StatusOK {
			t.Errorf("%s: %d %s", call.path, status, body)
		}
		if got := get[sumsub.Detail](t, w, "/_sandbox/sumsub/applicants/"+id); got.Status != call.status {
			t.Errorf("%s: %s", call.path, got.Status)
		}
	}
	for path, want := range map[string]int{"/nobody/verdict": 404, "/reg-1/verdict": 400} {
		if status, _, _ := w.do(t, "POST", "/_sandbox/sumsub/applicants"+path, `{"answer":"MAYBE"}`); status != want {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestAWeekPassesForVerdictsAndTheirWebhooks(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	w.addStranger(t, "reg-1")
	w.do(t, "POST", "/_sandbox/sumsub/applicants/reg-1/verdict", `{"answer":"GREEN"}`)
	w.do(t, "POST", "/_sandbox/sumsub/applicants/reg-1/verdict", `{"answer":"RED","reject_type":"FINAL","labels":["BLOCKLIST"],"after":"168h"}`)
	began := w.Now()

	if _, err := w.Advance(200 * time.Hour); err != nil {
		t.Fatal(err)
	}

	detail, err := w.Sumsub().Detail("reg-1")
	if err != nil || detail.Answer != "RED" || detail.RejectType != "FINAL" {
		t.Errorf("%v: %+v", err, detail)
	}
	all := w.Effects()
	if at := all[len(all)-1].At.Sub(began); at < 167*time.Hour || at > 169*time.Hour {
		t.Errorf("it happened %v later", at)
	}
}

func TestStateHoldsApplicants(t *testing.T) {
	t.Parallel()
	w, other := open(t, sandbox.Options{}), open(t, sandbox.Options{})
	id := w.addStranger(t, "u-1")
	w.addPassport(t, id, 0)
	state, err := w.Save()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	if status, _, body := other.do(t, "PUT", "/_sandbox/state", string(raw)); status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	if diff := cmp.Diff(w.Sumsub().Overviews(9), other.Sumsub().Overviews(9)); diff != "" {
		t.Error(diff)
	}
	state.Sumsub = json.RawMessage(`{"format":"other"}`)
	if err := other.Load(state); err == nil || len(other.Sumsub().Overviews(9)) != 1 {
		t.Errorf("damaged: %v", err)
	}
}
