package sandbox_test

import (
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox"
	"portal/internal/sandbox/mailbox"
	"portal/internal/sandbox/passfort"
)

// invite lets staff raise a request for a new customer.
func (w world) invite(t *testing.T, flow, to string) passfort.Invitation {
	t.Helper()
	status, _, body := w.do(t, "POST", "/_sandbox/passfort/requests", `{"flow_template":"`+flow+`","to":"`+to+`"}`)
	if status != http.StatusCreated {
		t.Fatalf("inviting: %d %s", status, body)
	}
	return decode[passfort.Invitation](t, body)
}

func TestInvitedCustomerGetsTheLinkByMail(t *testing.T) {
	t.Parallel()
	w := openWithMail(t)

	made := w.invite(t, "individual-onboarding", "jo@example.com")
	w.invite(t, "company-onboarding", "other@example.com")

	mail := get[[]mailbox.Message](t, w, "/_sandbox/mail?to=jo@example.com")
	if len(mail) != 1 {
		t.Fatalf("mail: %+v", mail)
	}
	link := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(sandbox.DefaultFormURL) + `\?request_id=` + made.RequestID + `&apikey=[0-9a-f]{46}$`)
	if !link.MatchString(mail[0].Text) {
		t.Errorf("no link in %s", mail[0].Text)
	}
	want := []string{
		"profile.create", "customer_request.create", "customer_request.email",
		"profile.create", "customer_request.create", "customer_request.email",
	}
	if diff := cmp.Diff(want, w.kinds(t)); diff != "" {
		t.Error(diff)
	}
}

func TestMailListIsNewestFirst(t *testing.T) {
	t.Parallel()
	w := openWithMail(t)
	first := w.invite(t, "individual-onboarding", "jo@example.com")
	status, _, body := w.do(t, "POST", "/_sandbox/passfort/requests/"+first.RequestID+"/email", `{"to":"jo2@example.com"}`)
	if status != http.StatusOK {
		t.Fatalf("status %d: %s", status, body)
	}

	mail := get[[]map[string]any](t, w, "/_sandbox/mail")

	if len(mail) != 2 || mail[0]["to"] != "jo2@example.com" || mail[1]["to"] != "jo@example.com" {
		t.Errorf("mail: %v", mail)
	}
	for _, name := range []string{"id", "to", "from", "subject", "text", "html", "received_at"} {
		if s, ok := mail[0][name].(string); !ok || s == "" {
			t.Errorf("%s is %v", name, mail[0][name])
		}
	}
}

func TestMailNeedsAListeningMailbox(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})

	status, _, body := w.do(t, "POST", "/_sandbox/passfort/requests", `{"flow_template":"individual-onboarding","to":"jo@example.com"}`)

	if status != http.StatusServiceUnavailable || !strings.Contains(body, "does not listen") {
		t.Errorf("status %d: %s", status, body)
	}
}

func TestStateOfARequestCanBeSet(t *testing.T) {
	t.Parallel()
	w := openWithMail(t)
	made := w.invite(t, "individual-onboarding", "jo@example.com")
	path := "/_sandbox/passfort/requests/" + made.RequestID + "/state"

	status, _, body := w.do(t, "POST", path, `{"state":"COMPLETED"}`)
	want := map[string]string{"request_id": made.RequestID, "state": "COMPLETED"}
	if diff := cmp.Diff(want, decode[map[string]string](t, body)); status != http.StatusOK || diff != "" {
		t.Errorf("status %d %s", status, diff)
	}
	if status, _, body = w.do(t, "POST", path, `{"state":"EXPIRED"}`); status != http.StatusConflict {
		t.Errorf("afterwards: status %d: %s", status, body)
	}
}

func TestAdvancingTheClockExpiresRequests(t *testing.T) {
	t.Parallel()
	w := openWithMail(t)
	made := w.invite(t, "individual-onboarding", "jo@example.com")

	if status, _, body := w.do(t, "POST", "/_sandbox/clock", `{"advance":"2160h"}`); status != http.StatusOK {
		t.Fatalf("status %d: %s", status, body)
	}

	path := "/4.0/forms/profile/" + made.ProfileID + "/customer_request"
	_, _, body := w.do(t, "GET", path, "", "apikey", sandbox.DefaultMasterKey)
	if decode[map[string]any](t, body)["is_completed"] != true {
		t.Errorf("after 90 days: %s", body)
	}
}

func TestOptionsCanBeReadAndChanged(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{PassFort: passfort.Options{SecondRequest: passfort.Reuse}})

	status, _, body := w.do(t, "PATCH", "/_sandbox/passfort/options", `{"create_status":201}`)

	want := w.PassFort().Options()
	if want.CreateStatus != 201 || want.SecondRequest != passfort.Reuse {
		t.Errorf("in force: %+v", want)
	}
	if diff := cmp.Diff(want, decode[passfort.Options](t, body)); status != http.StatusOK || diff != "" {
		t.Errorf("status %d %s", status, diff)
	}
	if diff := cmp.Diff(want, get[passfort.Options](t, w, "/_sandbox/passfort/options")); diff != "" {
		t.Error(diff)
	}
	if status, _ := w.addProfile(t); status != http.StatusCreated {
		t.Errorf("creating: status %d, want 201", status)
	}
}

func TestResetGoesBackToTheStart(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	w := open(t, sandbox.Options{Now: func() time.Time { return noon }})
	if _, err := w.Mailbox().Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	w.invite(t, "individual-onboarding", "jo@example.com")
	w.do(t, "POST", "/_sandbox/faults", `{"kind":"reset","path":"/4.0/none"}`)
	w.do(t, "POST", "/_sandbox/clock", `{"advance":"1h"}`)

	if status, _, body := w.do(t, "POST", "/_sandbox/reset", ""); status != http.StatusOK {
		t.Fatalf("status %d: %s", status, body)
	}

	if len(w.Effects()) != 0 || len(w.Mailbox().Messages("")) != 0 || len(w.Faults().All()) != 0 || !w.Now().Equal(noon) {
		t.Errorf("left: %v, %v, %v, %v", w.Effects(), w.Mailbox().Messages(""), w.Faults().All(), w.Now())
	}
	w.invite(t, "individual-onboarding", "jo@example.com")
}

func TestChangesOfOptionsAtOnceAllHold(t *testing.T) {
	t.Parallel()
	for range 20 {
		w := open(t, sandbox.Options{})
		var changes sync.WaitGroup
		for _, body := range []string{`{"create_status":201}`, `{"validity_days":7}`, `{"read_hides_apikey":true}`, `{"second_request":"reuse"}`} {
			changes.Go(func() {
				if status, _, answer := w.do(t, "PATCH", "/_sandbox/passfort/options", body); status != http.StatusOK {
					t.Errorf("%s: status %d: %s", body, status, answer)
				}
			})
		}
		changes.Wait()

		o := w.PassFort().Options()
		if o.CreateStatus != http.StatusCreated || o.ValidityDays != 7 || !o.ReadHidesAPIKey || o.SecondRequest != passfort.Reuse {
			t.Fatalf("a change was lost: %+v", o)
		}
	}
}
