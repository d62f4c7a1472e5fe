package sandbox_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"portal/internal/sandbox"
	"portal/internal/sandbox/faults"
)

// cutOff makes calls that faults are to cut off, in the background, and waits until all of them are struck. What it
// returns waits for their ends.
func (w world) cutOff(t *testing.T, n int) (ended func()) {
	t.Helper()
	before := struck(w.Faults().All())
	var calls sync.WaitGroup
	for range n {
		calls.Go(func() {
			req, err := http.NewRequestWithContext(context.Background(), "POST", w.url+"/4.0/profiles", strings.NewReader(stub))
			if err != nil {
				return
			}
			req.Header.Set("apikey", sandbox.DefaultMasterKey)
			if resp, err := w.client.Do(req); err == nil {
				_ = resp.Body.Close()
			}
		})
	}
	eventually(t, "the strike", func() bool { return struck(w.Faults().All()) == before+n })
	return calls.Wait
}

func struck(rules []faults.Report) int {
	n := 0
	for _, rule := range rules {
		n += rule.Struck
	}
	return n
}

func TestControlAnswersWhileCallsHang(t *testing.T) {
	t.Parallel()
	w := openWithMail(t)
	made := w.invite(t, "individual-onboarding", "jo@example.com")
	w.do(t, "POST", "/_sandbox/faults", `{"kind":"hang"}`)
	ended := w.cutOff(t, 50)

	for _, path := range []string{
		"/_sandbox/mail", "/_sandbox/effects", "/_sandbox/calls", "/_sandbox/faults", "/_sandbox/clock", "/_sandbox/state",
		"/_sandbox/passfort/options", "/_sandbox/passfort/webhooks", "/_sandbox/passfort/webhooks/options",
		"/_sandbox/passfort/profiles", "/_sandbox/passfort/profiles/" + made.ProfileID, "/_sandbox/passfort/requests",
		"/", "/profiles", "/requests", "/webhooks", "/mail", "/faults", "/calls", "/options",
	} {
		began := time.Now()
		w.page(t, path)
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%s took %v", path, took)
		}
	}
	report := get[[]faults.Report](t, w, "/_sandbox/faults")
	if len(report) != 1 || report[0].Struck != 50 || report[0].Kind != faults.Hang {
		t.Errorf("report: %+v", report)
	}
	if pending := w.Calls()[0]; !pending.Pending || !strings.Contains(w.page(t, "/calls"), "under way") {
		t.Errorf("the last call is %+v", pending)
	}

	w.do(t, "DELETE", "/_sandbox/faults", "")
	ended()
	if left := get[[]faults.Report](t, w, "/_sandbox/faults"); len(left) != 0 {
		t.Errorf("left: %+v", left)
	}
}
