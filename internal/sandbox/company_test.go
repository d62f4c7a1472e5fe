package sandbox_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"portal/internal/sandbox"
)

// tell sends the company's back end a notice as the portal would, signed with a secret.
func (w world) tell(t *testing.T, secret, id, body string) (int, string) {
	t.Helper()
	signer, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	signature, err := signer.Sign(id, now, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	status, _, answer := w.do(t, "POST", "/company/notices", body, "webhook-id", id,
		"webhook-timestamp", strconv.FormatInt(now.Unix(), 10), "webhook-signature", signature)
	return status, answer
}

func TestTheCompanyKeepsWhatIsSignedWithItsSecret(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	if status, answer := w.tell(t, sandbox.DefaultNoticesSecret, "msg_1", `{"type":"registration.started"}`); status != http.StatusNoContent {
		t.Errorf("%d %s", status, answer)
	}
	const other = "whsec_b2xkZXItb2xkZXItb2xkZXItb2xkZXIh"
	if status, _ := w.tell(t, other, "msg_2", `{}`); status != http.StatusUnauthorized {
		t.Errorf("with another's secret: %d", status)
	}
	if status, _, _ := w.do(t, "POST", "/company/notices", `{}`); status != http.StatusUnauthorized {
		t.Errorf("unsigned: %d", status)
	}
	if status, _ := w.tell(t, sandbox.DefaultNoticesSecret, "msg_3", "no JSON"); status != http.StatusBadRequest {
		t.Errorf("no JSON: %d", status)
	}
	if status, _ := w.tell(t, sandbox.DefaultNoticesSecret, "msg_4", `"`+strings.Repeat("x", 20_000)+`"`); status != http.StatusRequestEntityTooLarge {
		t.Errorf("too large: %d", status)
	}
	_, _, list := w.do(t, "GET", "/_sandbox/notices", "")
	got := decode[[]sandbox.Notice](t, list)
	if len(got) != 1 || got[0].ID != "msg_1" || string(got[0].Body) != `{"type":"registration.started"}` {
		t.Errorf("kept %s", list)
	}
	if page := w.page(t, "/company/notices"); !contains(page, "registration.started") {
		t.Error("the page does not show it")
	}
	w.Reset()
	if len(w.Notices()) != 0 {
		t.Error("a reset forgets nothing")
	}
}

func TestTheCompanyKeepsTheLastTwoHundred(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	for i := range 203 {
		w.tell(t, sandbox.DefaultNoticesSecret, fmt.Sprint("msg_", i), `{}`)
	}
	if got := w.Notices(); len(got) != 200 || got[0].ID != "msg_202" || got[199].ID != "msg_3" {
		t.Errorf("%d kept, from %s to %s", len(got), got[len(got)-1].ID, got[0].ID)
	}
}

func TestFaultsStrikeTheCompanysBackEnd(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	w.do(t, "POST", "/_sandbox/faults", `{"path":"/company/notices","kind":"status","status":503,"count":1}`)
	if status, _ := w.tell(t, sandbox.DefaultNoticesSecret, "msg_1", `{}`); status != http.StatusServiceUnavailable {
		t.Errorf("%d", status)
	}
	if status, _ := w.tell(t, sandbox.DefaultNoticesSecret, "msg_1", `{}`); status != http.StatusNoContent {
		t.Errorf("and then %d", status)
	}
}
