package sandbox_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox"
	"portal/internal/sandbox/passfort"
)

func TestPagesDoWhatScriptsDo(t *testing.T) {
	t.Parallel()
	scripted, pressed := openSeeded(t), openSeeded(t)
	receiver := newReceiver(t).URL

	for _, d := range deeds {
		call := scripted.fillIn("/_sandbox"+d.call, receiver)
		if status, _, body := scripted.do(t, d.method, call, scripted.fillIn(d.body, receiver)); status/100 != 2 {
			t.Fatalf("%s %s: %d %s", d.method, call, status, body)
		}
		address := pressed.fillIn(d.address, receiver)
		fields, err := url.ParseQuery(pressed.fillIn(d.fields, receiver))
		if err != nil {
			t.Fatal(err)
		}
		if status, _, page := pressed.press(t, address, fields); status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", address, status, page)
		}
		if diff := cmp.Diff(scripted.all(t), pressed.all(t)); diff != "" {
			t.Fatalf("after %s (-JSON +page):\n%s", address, diff)
		}
	}
	for _, address := range []string{"/faults/clear", "/reset"} { // which leave nothing to compare
		if status, _, page := pressed.press(t, address, nil); status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", address, status, page)
		}
		if len(pressed.Faults().All()) != 0 {
			t.Errorf("%s left rules in force", address)
		}
	}
	if len(pressed.Effects()) != 0 {
		t.Errorf("the reset left %v", pressed.Effects())
	}
}

// openSeeded is a world whose clock stands still, so that the same deeds make it the same world. It has a profile with
// tasks and a form that waits for a decision, and an applicant of Sumsub's.
func openSeeded(t *testing.T) world {
	t.Helper()
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	w := open(t, sandbox.Options{Seed: 7, Now: func() time.Time { return noon }, PassFort: passfort.Options{AppearDelayMS: -1}})
	if _, err := w.Mailbox().Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	w.addApplicant(t, "user-1")
	w.apply(t, "business-account", "COMPANY")
	invitation, err := w.PassFort().RaiseRequest(w.find("{task}"), "jo@example.com", "")
	if err != nil {
		t.Fatal(err)
	}
	answers := `{"answers":{"employees":"12","description":"We sell kites.","listed":"no"}}`
	w.answer(t, answers)
	if err := w.SetRequestState(invitation.RequestID, passfort.Completed); err != nil {
		t.Fatal(err)
	}
	return w
}

// apply makes a profile that applies for a product by the API.
func (w world) apply(t *testing.T, product, entityType string) {
	t.Helper()
	body := `{"role":"` + entityType + `_CUSTOMER","collected_data":{"entity_type":"` + entityType + `"},"applications":[{"product":{"alias":"` + product + `"}}]}`
	status, _, answer := w.do(t, "POST", "/4.0/profiles", body, "apikey", sandbox.DefaultMasterKey)
	if status != http.StatusOK {
		t.Fatalf("creating: %d %s", status, answer)
	}
}

// answer submits the first form of the latest request, as the customer.
func (w world) answer(t *testing.T, answers string) {
	t.Helper()
	latest := w.PassFort().Requests(1)[0]
	link, err := url.Parse(latest.Link)
	if err != nil {
		t.Fatal(err)
	}
	path := "/collect/api/requests/" + latest.ID + "/forms/" + latest.Forms[0].ID
	if status, _, body := w.do(t, "POST", path, answers, "apikey", link.Query().Get("apikey")); status != http.StatusOK {
		t.Fatalf("answering: %d %s", status, body)
	}
}

// all is everything there is to compare of a world, as lines of JSON.
func (w world) all(t *testing.T) []string {
	t.Helper()
	w.SumsubWebhooks().CatchUp()
	state, err := w.Save()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.MarshalIndent([]any{
		state, w.PassFort().Options(), w.Sumsub().Options(), w.Webhooks().Options(), w.Webhooks().Status().Troubles, w.Now(),
		w.SumsubWebhooks().Options(), w.SumsubWebhooks().Status().Troubles,
	}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(raw), "\n")
}
