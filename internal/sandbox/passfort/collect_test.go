package passfort_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
)

// pixel is a whole PNG picture.
const pixel = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"

// frame makes the calls that the framed forms make.
type frame struct {
	account *account
	profile string
	id, key string
}

func openFrame(t *testing.T, a *account, role, flow string) frame {
	t.Helper()
	entity, _, _ := strings.Cut(role, "_")
	profile := a.addProfile(t, role, `{"entity_type":"`+entity+`","customer_ref":"kept"}`)
	id, key := a.addRequest(t, profile, flow)
	return frame{a, profile, id, key}
}

func (f frame) call(t *testing.T, method, path, body string) reply {
	t.Helper()
	return f.account.do(t, method, "/collect/api/requests/"+f.id+path, body, "apikey", f.key)
}

// data is the profile's collected data.
func (f frame) data(t *testing.T) map[string]any {
	t.Helper()
	return f.account.api(t, "GET", "/4.0/profiles/"+f.profile+"/collected_data", "").body
}

// section is a section as the frame shows it.
func (r reply) section(i int) map[string]any {
	sections, _ := r.body["sections"].([]any)
	if i >= len(sections) {
		return nil
	}
	s, _ := sections[i].(map[string]any)
	return s
}

const alex = `{"answers":{"given_names":" Alex D ","family_name":"Wheeler","date_of_birth":"1990-03-27"}}`

func TestPersonFillsTheFormsIn(t *testing.T) {
	t.Parallel()
	f := openFrame(t, open(t, passfort.Options{}), "INDIVIDUAL_CUSTOMER", "individual-onboarding")

	if r := f.call(t, "POST", "/sections/details", alex); r.status != http.StatusOK {
		t.Fatalf("details: %d %s", r.status, r.raw)
	}
	want := map[string]any{
		"entity_type":  "INDIVIDUAL",
		"customer_ref": "kept",
		"personal_details": map[string]any{
			"name": map[string]any{"given_names": []any{"Alex", "D"}, "family_name": "Wheeler"},
			"dob":  "1990-03-27",
		},
	}
	if diff := cmp.Diff(want, f.data(t)); diff != "" {
		t.Error(diff)
	}
	if r := f.call(t, "POST", "/sections/document", `{"answers":{}}`); r.status != http.StatusOK {
		t.Fatalf("document: %d %s", r.status, r.raw)
	}
	r := f.call(t, "POST", "/finish", "")
	if r.status != http.StatusOK || r.text("redirect_url") != "https://company.example/done" {
		t.Errorf("finish: %d %s", r.status, r.raw)
	}
	over := f.account.api(t, "GET", "/4.0/forms/profile/"+f.profile+"/customer_request", "")
	if over.body["is_completed"] != true {
		t.Errorf("after Finish: %s", over.raw)
	}
}

func TestCompanyFillsTheFormsIn(t *testing.T) {
	t.Parallel()
	f := openFrame(t, open(t, passfort.Options{}), "COMPANY_CUSTOMER", "company-onboarding")
	company := `{"answers":{"name":"Acme","number":"0012","country":"GBR"}}`
	person := `{"answers":{"name":"Jo van Dyk","email":"jo@example.com","position":"Director"}}`

	for path, body := range map[string]string{"/sections/company": company, "/sections/person": person} {
		for range 2 { // a correction replaces what was there
			if r := f.call(t, "POST", path, body); r.status != http.StatusOK {
				t.Fatalf("%s: %d %s", path, r.status, r.raw)
			}
		}
	}

	data := f.data(t)
	wantMetadata := map[string]any{"name": "Acme", "number": "0012", "country_of_incorporation": "GBR"}
	if diff := cmp.Diff(wantMetadata, data["metadata"]); diff != "" {
		t.Error(diff)
	}
	wantPeople := []any{map[string]any{
		"entity_type":  "INDIVIDUAL",
		"resolver_id":  f.id,
		"relationship": "Director",
		"immediate_data": map[string]any{
			"entity_type":      "INDIVIDUAL",
			"personal_details": map[string]any{"name": map[string]any{"given_names": []any{"Jo", "van"}, "family_name": "Dyk"}},
			"contact_details":  map[string]any{"email": "jo@example.com"},
		},
	}}
	if diff := cmp.Diff(wantPeople, data["authorized_persons"]); diff != "" {
		t.Error(diff)
	}
	answers := f.call(t, "GET", "", "").section(1)["answers"]
	if diff := cmp.Diff(map[string]any{"name": "Jo van Dyk", "email": "jo@example.com", "position": "Director"}, answers); diff != "" {
		t.Error(diff)
	}
}

func TestAnswersAreThereOnReturn(t *testing.T) {
	t.Parallel()
	f := openFrame(t, open(t, passfort.Options{}), "INDIVIDUAL_CUSTOMER", "individual-onboarding")
	f.call(t, "POST", "/sections/details", alex)

	r := f.call(t, "GET", "", "")

	want := map[string]any{"given_names": "Alex D", "family_name": "Wheeler", "date_of_birth": "1990-03-27"}
	if diff := cmp.Diff(want, r.section(0)["answers"]); diff != "" {
		t.Error(diff)
	}
	if r.section(0)["done"] != true || r.section(1)["done"] != false {
		t.Errorf("sections: %s", r.raw)
	}
}

func TestWrongAnswersAreNamedAndNothingIsSaved(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := openFrame(t, a, "INDIVIDUAL_CUSTOMER", "individual-onboarding")
	g := openFrame(t, a, "COMPANY_CUSTOMER", "company-onboarding")

	for name, c := range map[string]struct {
		frame  frame
		path   string
		body   string
		fields []string
	}{
		"nothing": {f, "/sections/details", `{"answers":{}}`, []string{"given_names", "family_name", "date_of_birth"}},
		"blanks": {
			f, "/sections/details",
			`{"answers":{"given_names":"  ","family_name":"W","date_of_birth":"1990-03-27"}}`,
			[]string{"given_names"},
		},
		"no such day": {
			f, "/sections/details",
			`{"answers":{"given_names":"A","family_name":"W","date_of_birth":"1990-02-30"}}`,
			[]string{"date_of_birth"},
		},
		"tomorrow": {
			f, "/sections/details",
			`{"answers":{"given_names":"A","family_name":"W","date_of_birth":"2026-03-02"}}`,
			[]string{"date_of_birth"},
		},
		"too long": {
			f, "/sections/details",
			`{"answers":{"given_names":"A","family_name":"` + strings.Repeat("w", 201) + `","date_of_birth":"1990-03-27"}}`,
			[]string{"family_name"},
		},
		"no such country": {g, "/sections/company", `{"answers":{"name":"A","number":"1","country":"XYZ"}}`, []string{"country"}},
		"no e-mail":       {g, "/sections/person", `{"answers":{"name":"A","email":"a@","position":"x"}}`, []string{"email"}},
	} {
		r := c.frame.call(t, "POST", c.path, c.body)
		got := []string{}
		list, _ := r.body["errors"].([]any)
		for _, item := range list {
			problem := item.(map[string]any)
			got = append(got, problem["field"].(string))
			if problem["message"] == "" {
				t.Errorf("%s: a problem without a message", name)
			}
		}
		if diff := cmp.Diff(c.fields, got); r.status != http.StatusUnprocessableEntity || diff != "" {
			t.Errorf("%s: status %d %s", name, r.status, diff)
		}
	}
	want := []string{"profile.create", "customer_request.create", "profile.create", "customer_request.create"}
	if diff := cmp.Diff(want, a.kinds()); diff != "" {
		t.Error(diff)
	}
}

func TestFinishNeedsEverySection(t *testing.T) {
	t.Parallel()
	f := openFrame(t, open(t, passfort.Options{}), "INDIVIDUAL_CUSTOMER", "individual-onboarding")
	f.call(t, "POST", "/sections/details", alex)

	r := f.call(t, "POST", "/finish", "")

	if r.status != http.StatusUnprocessableEntity || !strings.Contains(r.text("message"), "Your document") {
		t.Errorf("status %d: %s", r.status, r.raw)
	}
}

func TestPhotoBecomesADocumentOfTheProfile(t *testing.T) {
	t.Parallel()
	f := openFrame(t, open(t, passfort.Options{}), "INDIVIDUAL_CUSTOMER", "individual-onboarding")

	for range 2 { // a second photo takes the first one's place
		if r := f.call(t, "PUT", "/photo", pixel); r.status != http.StatusOK || r.section(1)["has_photo"] != true {
			t.Fatalf("status %d: %s", r.status, r.raw)
		}
	}

	documents, _ := f.data(t)["documents"].([]any)
	if len(documents) != 1 || documents[0].(map[string]any)["category"] != "PROOF_OF_IDENTITY" {
		t.Errorf("documents: %v", documents)
	}
}

func TestPhotoMustBeAPicture(t *testing.T) {
	t.Parallel()
	f := openFrame(t, open(t, passfort.Options{}), "INDIVIDUAL_CUSTOMER", "individual-onboarding")

	if r := f.call(t, "PUT", "/photo", "<svg onload=alert(1)>"); r.status != http.StatusUnsupportedMediaType {
		t.Errorf("no picture: status %d", r.status)
	}
	if r := f.call(t, "PUT", "/photo", pixel+strings.Repeat("x", 8<<20)); r.status != http.StatusRequestEntityTooLarge {
		t.Errorf("too large: status %d", r.status)
	}
}

func TestLinkThatOpensNothingSaysExpired(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(t *testing.T, f *frame){
		"completed":  func(t *testing.T, f *frame) { endRequest(t, f, passfort.Completed) },
		"expired":    func(t *testing.T, f *frame) { endRequest(t, f, passfort.Expired) },
		"too old":    func(t *testing.T, f *frame) { f.account.advance(t, 91*24*time.Hour) },
		"wrong key":  func(_ *testing.T, f *frame) { f.key = "no-such-key" },
		"master key": func(_ *testing.T, f *frame) { f.key = masterKey },
		"unknown":    func(_ *testing.T, f *frame) { f.id = "no-such-request" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := openFrame(t, open(t, passfort.Options{}), "INDIVIDUAL_CUSTOMER", "individual-onboarding")
			end(t, &f)
			calls := map[string]reply{
				"read":   f.call(t, "GET", "", ""),
				"save":   f.call(t, "POST", "/sections/details", alex),
				"photo":  f.call(t, "PUT", "/photo", pixel),
				"finish": f.call(t, "POST", "/finish", ""),
			}
			for what, r := range calls {
				if r.status != http.StatusGone && r.status != http.StatusNotFound || r.text("message") != "This request has expired." {
					t.Errorf("%s: status %d: %s", what, r.status, r.raw)
				}
			}
		})
	}
}

func endRequest(t *testing.T, f *frame, s passfort.State) {
	t.Helper()
	if err := f.account.SetRequestState(f.id, s); err != nil {
		t.Fatal(err)
	}
}

func TestFrameMayBeFramedByAnyPage(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})

	r := a.do(t, "GET", "/collect", "")

	policy := r.header.Get("Content-Security-Policy")
	if r.status != http.StatusOK || !strings.Contains(policy, "frame-ancestors *") || !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("status %d, policy %q", r.status, policy)
	}
	if strings.Contains(r.raw, "<style") || strings.Contains(r.raw, "style=") || strings.Contains(r.raw, "onclick") {
		t.Error("the frame has inline code, which its policy forbids")
	}
}

func TestFrontServesItsFilesAndNothingElse(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})

	for path, kind := range map[string]string{
		"/embed.js":          "text/javascript",
		"/collect/page.js":   "text/javascript",
		"/collect/style.css": "text/css",
	} {
		r := a.do(t, "GET", path, "")
		if r.status != http.StatusOK || !strings.HasPrefix(r.header.Get("Content-Type"), kind) {
			t.Errorf("%s: status %d, type %q", path, r.status, r.header.Get("Content-Type"))
		}
	}
	for _, path := range []string{"/collect/collect.html", "/collect/email.txt", "/collect/none.js", "/collect/..%2fpassfort.go"} {
		if r := a.do(t, "GET", path, ""); r.status != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", path, r.status)
		}
	}
}
