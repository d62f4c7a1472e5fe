package websdk_test

import (
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/sumsub"
)

// ask sends a call of the frame, without a browser.
func (s *site) ask(t *testing.T, method, path, token, body string) (status int, header http.Header, answer string) {
	t.Helper()
	r, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Access-Token", token)
	got, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return got.StatusCode, got.Header, string(text)
}

func TestCallsWantAToken(t *testing.T) {
	t.Parallel()
	s := newSite(t, newDesk(selfie()), anyDomain, false)
	const want = `{"code":401,"errorName":"invalid-token","description":"The access token is invalid or has expired"}` + "\n"
	for path, method := range map[string]string{
		"applicant": "GET", "data": "POST", "documents?type=SELFIE": "POST", "check": "POST",
	} {
		status, h, body := s.ask(t, method, "/websdk/api/"+path, "_act-sbx-7", "{}")
		if status != http.StatusUnauthorized || body != want || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v %s", path, status, h, body)
		}
	}
}

func TestRefusalsAreThoseOfTheAPI(t *testing.T) {
	t.Parallel()
	s := newSite(t, newDesk(selfie()), anyDomain, false)
	s.tokens = 1
	for want, refuse := range map[string]error{
		`{"code":409,"errorCode":1000,"errorName":"duplicate-document","description":"Twice"}`: &sumsub.Refusal{Status: 409, Code: 1000, Name: "duplicate-document", Description: "Twice"},
		`{"code":500,"description":"a mistake"}`:                                               errors.New("a mistake"),
	} {
		s.change(func() { s.refuse = refuse })
		if _, _, body := s.ask(t, "POST", "/websdk/api/documents?type=SELFIE", "_act-sbx-1", "picture"); strings.TrimSpace(body) != want {
			t.Errorf("%s, want %s", body, want)
		}
	}
	if status, _, body := s.ask(t, "POST", "/websdk/api/data", "_act-sbx-1", `{"firstName":1}`); status != http.StatusBadRequest {
		t.Errorf("data of another form: %d %s", status, body)
	}
}

func TestListsAreNeverNull(t *testing.T) {
	t.Parallel()
	d := newDesk(sumsub.SDKStep{Set: "SELFIE"})
	d.applicant.Countries, d.applicant.Excluded, d.tokens = []string{"LVA", "PRK", "none"}, []string{"PRK"}, 1
	s := newSite(t, d, anyDomain, false)
	const want = `{"applicantId":"61fcc4a1e5e2f00001d0a7a2","levelName":"a-level","reviewStatus":"init","reviewResult":{},"open":true,` +
		`"steps":[{"idDocSetType":"SELFIE","types":[],"sides":[],"live":false,"fields":[],"data":{},"state":"wanted","type":"","country":"","missing":[],"comment":""}],` +
		`"countries":[{"code":"LVA","name":"Latvia"}]}` + "\n"
	if _, _, body := s.ask(t, "GET", "/websdk/api/applicant", "_act-sbx-1", ""); body != want {
		t.Error(cmp.Diff(want, body))
	}
	d.applicant.Countries, d.applicant.Steps = nil, nil
	if _, _, body := s.ask(t, "GET", "/websdk/api/applicant", "_act-sbx-1", ""); !strings.Contains(body, `"steps":[]`) || strings.Count(body, `"code"`) < 240 {
		t.Errorf("without countries in the level, not all are there: %s", body)
	}
}

func TestEveryFileThatTheFrameNamesIsThere(t *testing.T) {
	t.Parallel()
	s := newSite(t, newDesk(), anyDomain, false)
	name := regexp.MustCompile(`["'](/websdk/[\w.-]+)["']`)
	seen, todo := map[string]bool{}, []string{"/websdk/websdk.html"}
	for len(todo) > 0 {
		path := todo[0]
		todo = todo[1:]
		if seen[path] {
			continue
		}
		seen[path] = true
		status, h, body := s.ask(t, "GET", path, "", "")
		if status != http.StatusOK || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v", path, status, h)
		}
		for _, found := range name.FindAllStringSubmatch(body, -1) {
			todo = append(todo, found[1])
		}
	}
	if len(seen) < 13 {
		t.Errorf("only %d files are named: %v", len(seen), seen)
	}
}

func TestOtherSitesLoadTheBuilderAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t, newDesk(), anyDomain, false)
	if _, h, _ := s.ask(t, "GET", "/websdk/sns-websdk-builder.js", "", ""); h.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("the builder: %v", h)
	}
	if _, h, _ := s.ask(t, "GET", "/websdk/walk.js", "", ""); h.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("a script of the frame: %v", h)
	}
	for _, path := range []string{"/websdk/none.js", "/websdk/..%2fapi.go", "/websdk/"} {
		if status, _, _ := s.ask(t, "GET", path, "", ""); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
}
