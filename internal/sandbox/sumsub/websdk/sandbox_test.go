package websdk_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"portal/internal/browsertest"
	"portal/internal/sandbox"
	"portal/internal/sandbox/faults"
)

// company is a company with a page and a back end that calls the API of a whole sandbox.
type company struct {
	*sandbox.Sandbox
	api, base, url string
	client         *http.Client
}

// newCompany gives its page tokens for an applicant of a level, each good for ten minutes.
func newCompany(t *testing.T, level string) *company {
	t.Helper()
	world := sandbox.New(sandbox.Options{})
	theirs := httptest.NewServer(world.Handler())
	c := &company{Sandbox: world, api: theirs.URL, client: theirs.Client()}
	c.base = strings.Replace(theirs.URL, "127.0.0.1", "websdk.localhost", 1)
	mux := http.NewServeMux()
	mux.HandleFunc("/", serveText("text/html", fmt.Sprintf(page, c.base+"/websdk/sns-websdk-builder.js")))
	mux.HandleFunc("/page.js", serveText("text/javascript", fmt.Sprintf(pageScript, c.base)))
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		body := fmt.Sprintf(`{"userId":"u-1","levelName":%q,"ttlInSecs":600}`, level)
		var answer struct{ Token string }
		if err := json.Unmarshal(c.call(r.Context(), "/resources/accessTokens/sdk", body), &answer); err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		_, _ = io.WriteString(w, answer.Token)
	})
	ours := httptest.NewServer(mux)
	c.url = ours.URL
	t.Cleanup(func() {
		ours.Close()
		theirs.Close()
		if err := world.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// call posts to the API, signed.
func (c *company) call(ctx context.Context, target, body string) []byte {
	stamp := strconv.FormatInt(c.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(sandbox.DefaultSecretKey))
	_, _ = io.WriteString(mac, stamp+"POST"+target+body)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.api+target, strings.NewReader(body))
	if err != nil {
		return nil
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-App-Token", sandbox.DefaultAppToken)
	r.Header.Set("X-App-Access-Ts", stamp)
	r.Header.Set("X-App-Access-Sig", hex.EncodeToString(mac.Sum(nil)))
	answer, err := c.client.Do(r)
	if err != nil {
		return nil
	}
	defer func() { _ = answer.Body.Close() }()
	content, _ := io.ReadAll(answer.Body)
	return content
}

// decide gives a verdict, as staff do.
func (c *company) decide(t *testing.T, verdict string) {
	t.Helper()
	answer, err := c.client.Post(c.api+"/_sandbox/sumsub/applicants/u-1/verdict", "application/json", strings.NewReader(verdict))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		content, _ := io.ReadAll(answer.Body)
		t.Fatalf("verdict: %d %s", answer.StatusCode, content)
	}
}

// effects are what has happened at the provider.
func (c *company) effects() (kinds []string) {
	for _, e := range c.Effects() {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

func (c *company) open(t *testing.T) (p, frame *browsertest.Page) {
	t.Helper()
	p = browsertest.New(t).Page(t)
	p.Open(c.url)
	return p, p.Frame(c.base + "/websdk/websdk.html")
}

func TestLevelOfTheSandboxIsCompleted(t *testing.T) {
	t.Parallel()
	c := newCompany(t, "id-and-liveness")
	p, f := c.open(t)
	p.Allow("401") // the answer to the expired token
	f.Fill("Which country issued it?", "Latvia")
	f.Fill("Which document is it?", "Passport")
	f.Press("Take a photo: Passport")
	if _, err := c.Advance(time.Hour); err != nil {
		t.Fatal(err)
	}
	f.Press("Capture: Passport")
	f.See("The picture has been received.")
	f.Press("Continue")
	f.Press("Start")
	f.See("Your documents are being checked")
	c.decide(t, `{"answer":"RED","reject_type":"RETRY","labels":["BAD_SELFIE"],"images":{"SELFIE":{"answer":"RED","reject_type":"RETRY","labels":["BAD_SELFIE"],"comment":"Your face is in the dark."}}}`)
	f.See("Your selfie: Your face is in the dark.")
	f.Press("Continue")
	f.Press("Start")
	f.See("Your documents are being checked")
	c.decide(t, `{"answer":"GREEN"}`)
	f.See("You are verified")

	want := []string{"onApplicantResubmitted", "onApplicantStatusChanged", "onApplicantVerificationCompleted"}
	told := slices.DeleteFunc(names(events(p)), func(name string) bool { return !slices.Contains(want, name) })
	if !slices.Contains(told, want[0]) || told[len(told)-1] != want[2] {
		t.Errorf("events: %v", told)
	}
	kinds := c.effects()
	for kind, n := range map[string]int{"applicant.create": 1, "document.add": 3, "check.request": 2, "verdict": 2, "access_token.create": 2} {
		if got := len(slices.DeleteFunc(slices.Clone(kinds), func(k string) bool { return k != kind })); got != n {
			t.Errorf("%s happened %d times, not %d", kind, got, n)
		}
	}
}

func TestLinkOpensTheFrame(t *testing.T) {
	t.Parallel()
	c := newCompany(t, "id-and-liveness")
	var answer struct{ URL string }
	body := c.call(t.Context(), "/resources/sdkIntegrations/levels/id-only/websdkLink", `{"userId":"u-2","ttlInSecs":600}`)
	if err := json.Unmarshal(body, &answer); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	p := browsertest.New(t).Page(t)
	p.Open(answer.URL)
	p.Arrive(c.api + "/websdk/link.html")
	eventually(t, "the frame’s call", func() bool {
		return slices.ContainsFunc(p.Requests(), func(r browsertest.Request) bool { return strings.HasSuffix(r.URL, "/websdk/api/applicant") })
	})
}

func TestFaultsStrikeTheFrame(t *testing.T) {
	t.Parallel()
	c := newCompany(t, "id-and-selfie")
	rule := faults.Rule{Method: http.MethodGet, Path: "/websdk/api", When: faults.Before, Kind: faults.Status, Status: 503, Count: 1}
	if _, err := c.Faults().Add(rule); err != nil {
		t.Fatal(err)
	}
	p, f := c.open(t)
	p.Allow("503")
	f.See("The verification could not be loaded")
	f.Press("Try again")
	f.See("Your identity document")
}
