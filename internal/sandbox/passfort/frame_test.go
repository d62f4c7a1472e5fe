package passfort_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"portal/internal/sandbox/passfort"
)

// frame makes the calls that the framed forms make.
type frame struct {
	account *account
	profile string
	id, key string
}

// shown is a customer request as the frame gets it.
type shown struct {
	Title   string      `json:"title"`
	Theme   string      `json:"theme"`
	Waiting bool        `json:"waiting"`
	Forms   []shownForm `json:"forms"`
}

type shownForm struct {
	ID        string         `json:"id"`
	Title     string         `json:"title"`
	State     passfort.State `json:"state"`
	Submitted bool           `json:"submitted"`
	Editable  bool           `json:"editable"`
	Sections  []shownSection `json:"sections"`
}

type shownSection struct {
	Title     string          `json:"title"`
	Questions []shownQuestion `json:"questions"`
}

type shownQuestion struct {
	Name     string `json:"name"`
	Label    string `json:"label"`
	Type     string `json:"type"`
	Required bool   `json:"required"`
	Answer   string `json:"answer"`
	Document *struct {
		Type     string   `json:"type"`
		Received []string `json:"received"`
	} `json:"document"`
}

// The titles of the forms in the two flows.
const (
	yourDetails    = "Your details"
	yourDocument   = "Your document"
	companyDetails = "Company details"
	aboutYou       = "About you"
	shareholders   = "The company's shareholders"
)

// answers are what a customer types, by the names of questions.
type answers map[string]string

var (
	alex = answers{"given_names": " Alex D ", "family_name": "Wheeler", "date_of_birth": "1990-03-27"}
	jo   = answers{"contact_name": "Jo van Dyk", "contact_email": "jo@example.com", "contact_position": "Director"}

	aerial  = answers{"name": "Aerial Traders Ltd", "number": "10000001", "country": "GBR"}
	unknown = answers{"name": "Nobody's Ltd", "number": "99999999", "country": "GBR"}
)

// openFrame makes a profile and opens the forms of a flow for it.
func openFrame(t *testing.T, a *account, role, flow string) frame {
	t.Helper()
	entity, _, _ := strings.Cut(role, "_")
	profile := a.addProfile(t, role, `{"entity_type":"`+entity+`","customer_ref":"kept"}`)
	id, key := a.addRequest(t, profile, flow)
	return frame{a, profile, id, key}
}

// openPerson and openCompany open the forms of the two flows.
func openPerson(t *testing.T, a *account) frame {
	t.Helper()
	return openFrame(t, a, "INDIVIDUAL_CUSTOMER", "individual-onboarding")
}

func openCompany(t *testing.T, a *account) frame {
	t.Helper()
	return openFrame(t, a, "COMPANY_CUSTOMER", "company-onboarding")
}

func (f frame) call(t *testing.T, method, path, body string) reply {
	t.Helper()
	return f.account.do(t, method, "/collect/api/requests/"+f.id+path, body, "apikey", f.key)
}

// view is what the frame shows now.
func (f frame) view(t *testing.T) shown {
	t.Helper()
	r := f.call(t, "GET", "", "")
	if r.status != http.StatusOK {
		t.Fatalf("reading the forms: %d %s", r.status, r.raw)
	}
	return asShown(t, r)
}

func asShown(t *testing.T, r reply) shown {
	t.Helper()
	var v shown
	if err := json.Unmarshal([]byte(r.raw), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// titles are the titles of the forms that have appeared.
func (v shown) titles() []string {
	titles := []string{}
	for _, form := range v.Forms {
		titles = append(titles, form.Title)
	}
	return titles
}

// form is the form of this title.
func (f frame) form(t *testing.T, title string) shownForm {
	t.Helper()
	for _, form := range f.view(t).Forms {
		if form.Title == title {
			return form
		}
	}
	t.Fatalf("there is no form %q", title)
	return shownForm{}
}

// answers are the answers that a form shows.
func (form shownForm) answers() answers {
	all := answers{}
	for _, s := range form.Sections {
		for _, q := range s.Questions {
			all[q.Name] = q.Answer
		}
	}
	return all
}

func (a answers) body(t *testing.T) string {
	t.Helper()
	raw, err := json.Marshal(map[string]any{"answers": a})
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// try submits a form; submit does so successfully.
func (f frame) try(t *testing.T, title string, given answers) reply {
	t.Helper()
	return f.call(t, "POST", "/forms/"+f.form(t, title).ID, given.body(t))
}

func (f frame) submit(t *testing.T, title string, given answers) {
	t.Helper()
	if r := f.try(t, title, given); r.status != http.StatusOK {
		t.Fatalf("submitting %q: %d %s", title, r.status, r.raw)
	}
}

// finish presses Finish with success.
func (f frame) finish(t *testing.T) {
	t.Helper()
	if r := f.call(t, "POST", "/finish", ""); r.status != http.StatusOK {
		t.Fatalf("finishing: %d %s", r.status, r.raw)
	}
}

// data is the profile's collected data.
func (f frame) data(t *testing.T) map[string]any {
	t.Helper()
	return f.account.api(t, "GET", "/4.0/profiles/"+f.profile+"/collected_data", "").body
}

// read is the customer request as the API answers it.
func (f frame) read(t *testing.T) reply {
	t.Helper()
	return f.account.api(t, "GET", "/4.0/forms/profile/"+f.profile+"/customer_request", "")
}

// overview is the request as staff see it.
func (f frame) overview(t *testing.T) passfort.RequestOverview {
	t.Helper()
	for _, req := range f.account.Requests(1000) {
		if req.ID == f.id {
			return req
		}
	}
	t.Fatalf("staff do not see request %s", f.id)
	return passfort.RequestOverview{}
}

// letChecksEnd lets the usual duration of a check pass.
func (a *account) letChecksEnd(t *testing.T) {
	t.Helper()
	a.advance(t, time.Second)
}

// at walks down an answer by names and places in lists.
func at(v any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, _ := v.(map[string]any)
			v = object[step]
		case int:
			list, _ := v.([]any)
			if step >= len(list) {
				return nil
			}
			v = list[step]
		}
	}
	return v
}
