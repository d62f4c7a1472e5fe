package passfort_test

import (
	"encoding/json"
	"testing"
	"time"

	"portal/internal/sandbox/passfort"
)

// FuzzLoad loads anything: what is taken can be used in every way without a panic, and saved and loaded again.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{
		`{}`, `null`, `{"format":"passfort-1"}`,
		`{"format":"passfort-1","options":{"validity_days":9223372036854775807},"state":{"last_version":9223372036854775807}}`,
		`{"format":"passfort-1","state":{"profiles":[null],"requests":[null],"agenda":[{"what":"check"}]}}`,
		`{"format":"passfort-1","state":{"profiles":[{"id":"p","role":"INDIVIDUAL_CUSTOMER","data":{"entity_type":"INDIVIDUAL","documents":7}}]}}`,
		`{"format":"passfort-1","state":{"profiles":[{"id":"p","role":"COMPANY_CUSTOMER","data":{"entity_type":"COMPANY","officers":[]},"company":"p"}]}}`,
		fullSeed,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		a := open(t, passfort.Options{})
		if a.Load(file) != nil {
			return
		}
		useAll(t, a)
		a.advance(t, 100*day)
		useAll(t, a)
		saved, err := a.Save()
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Load(saved); err != nil {
			t.Errorf("what was loaded and saved is refused: %v\n%s", err, saved)
		}
	})
}

// useAll reads and uses everything there is.
func useAll(t *testing.T, a *account) {
	t.Helper()
	for _, o := range a.Overviews(100) {
		if _, err := a.Detail(o.ID); err != nil {
			t.Fatal(err)
		}
	}
	for _, o := range a.Requests(100) {
		for _, form := range o.Forms {
			_ = a.SetFormState(o.ID, form.ID, passfort.Completed)
			_ = a.DecideForm(form.ID, true)
		}
		_ = a.EmailRequest(o.ID, "jo@example.com")
		_ = a.SetRequestState(o.ID, passfort.Completed)
	}
}

func TestSeedOfTheFuzzTestIsTaken(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	if err := a.Load(json.RawMessage(fullSeed)); err != nil {
		t.Fatal(err)
	}
	useAll(t, a)
	a.advance(t, time.Hour)
}

// fullSeed is a saved account: a person with a request, its check under way, and a document begun.
const fullSeed = `{"format":"passfort-1","options":{},"state":{
"profiles":[{"id":"p1","role":"INDIVIDUAL_CUSTOMER","status":"NORMAL","data":{"entity_type":"INDIVIDUAL"},"version":"W/\"1.000\"",
 "created":"2026-03-01T12:00:00Z","modified":"2026-03-01T12:00:00Z",
 "applications":[{"id":"a1","product":"personal-account","status":"APPLIED","flag":"AUTOMATING","history":[{"status":"APPLIED","date":"2026-03-01 12:00:00"}]}],
 "tasks":[{"id":"t1","alias":"verify-identity","state":"INCOMPLETE","created":"2026-03-01T12:00:00Z"}],
 "checks":[{"id":"c1","type":"DOCUMENT_VERIFICATION","state":"RUNNING","performed":"2026-03-01T12:00:00Z","tasks":["t1"]}],
 "images":[{"id":"i1","type":"FRONT","document":"PASSPORT","category":"PROOF_OF_IDENTITY","uploaded":"2026-03-01T12:00:00Z"}],
 "request":"r1"},
 {"id":"p2","role":"COMPANY_CUSTOMER","data":{"entity_type":"COMPANY","authorized_persons":[{"entity_type":"INDIVIDUAL","linked_profile":{"id":"p3"}}]},"request":"r2"},
 {"id":"p3","role":"INDIVIDUAL_ASSOCIATED","data":{"entity_type":"INDIVIDUAL"},"company":"p2"}],
"requests":[{"id":"r1","apikey":"k1","profile_id":"p1","flow":"individual-onboarding","theme":"default","state":"SENT",
 "created":"2026-03-01T12:00:00Z","expires":"2026-05-30T12:00:00Z","email":{"to":"jo@example.com","reminders":1},
 "forms":[{"id":"f1","form":"personal-details","state":"SENT","draft":{"family_name":"W"}},
  {"id":"f2","form":"optional-document","state":"SENT","task":"t1","documents":{"identity_document":{"type":"PASSPORT","images":{"FRONT":"i1"}}}}]},
 {"id":"r2","apikey":"k2","profile_id":"p2","flow":"company-onboarding","theme":"default","state":"SENT","last":"COMPLETED",
 "forms":[{"id":"f3","form":"company-details","state":"COMPLETED"},{"id":"f4","form":"shareholders","state":"SENT"},
  {"id":"f5","form":"company-structure","state":"COMPLETED","submitted":true,"answers":{"employees":"1"}}]}],
"agenda":[{"at":"2026-03-01T12:00:01Z","order":1,"what":"check","id":"c1"},{"at":"2026-03-01T12:00:00Z","order":2,"what":"application","id":"a1"},
 {"at":"2026-03-02T12:00:00Z","order":3,"what":"reminder","id":"r1"},{"at":"2026-05-30T12:00:00Z","order":4,"what":"expiry","id":"r1"}],
"scheduled":4}}`
