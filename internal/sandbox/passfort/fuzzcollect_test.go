package passfort_test

import (
	"net/http"
	"net/url"
	"testing"

	"portal/internal/sandbox/passfort"
)

// consistent fails unless the account can be saved and loaded, which checks everything that it holds.
func consistent(t *testing.T, a *account) {
	t.Helper()
	saved, err := a.Save()
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Load(saved); err != nil {
		t.Errorf("%v in %s", err, saved)
	}
}

// FuzzAnswers sends any body as a draft and as the answers of each form.
func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{
		``, `null`, `[]`, `{}`, `{"answers":null}`, `{"answers":{"given_names":null}}`, `{"answers":{"a":{}}}`, `{"answers":{}}{}`,
		`{"answers":{"given_names":"A","family_name":"B","date_of_birth":"1990-03-27"}}`,
		`{"answers":{"name":"Aerial","number":"10000001","country":"GBR"}}`,
		`{"answers":{"contact_name":" ","contact_email":"a@b","contact_position":"\u0000\ud800"}}`,
		`{"answers":{"date_of_birth":"0000-00-00","date_of_birth":"1990-03-27"}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		a := open(t, passfort.Options{})
		for _, frame := range []frame{openPerson(t, a), openCompany(t, a)} {
			for _, form := range frame.view(t).Forms {
				draft := frame.call(t, "PUT", "/forms/"+form.ID+"/draft", body)
				submitted := frame.call(t, "POST", "/forms/"+form.ID, body)
				if draft.status >= http.StatusInternalServerError || submitted.status >= http.StatusInternalServerError {
					t.Errorf("%q: draft %d, submit %d", body, draft.status, submitted.status)
				}
			}
			frame.view(t)
			a.letChecksEnd(t)
			frame.view(t)
			if r := frame.call(t, "POST", "/finish", ""); r.status >= http.StatusInternalServerError {
				t.Errorf("%q: finish %d", body, r.status)
			}
		}
		consistent(t, a)
	})
}

// FuzzPicture sends any bytes as a picture of any side of any document.
func FuzzPicture(f *testing.F) {
	f.Add([]byte(pixel), "identity_document", "FRONT", "PASSPORT")
	f.Add([]byte("%PDF-1.7"), "identity_document", "BACK", "STATE_ID")
	f.Add([]byte("\xff\xd8\xff"), "identity_document", "SELFIE", "")
	f.Add([]byte("<svg>"), "", "%2f", "&\x00")
	f.Fuzz(func(t *testing.T, content []byte, question, side, documentType string) {
		a := open(t, passfort.Options{})
		frame := openPerson(t, a)
		form := frame.form(t, yourDocument)
		path := "/forms/" + form.ID + "/documents/" + url.PathEscape(question) + "/" + url.PathEscape(side) + "?document_type=" + url.QueryEscape(documentType)
		for range 2 {
			if r := frame.call(t, "PUT", path, string(content)); r.status >= http.StatusInternalServerError {
				t.Errorf("status %d: %s", r.status, r.raw)
			}
			if r := frame.try(t, yourDocument, nil); r.status >= http.StatusInternalServerError {
				t.Errorf("submitting: status %d: %s", r.status, r.raw)
			}
		}
		consistent(t, a)
	})
}
