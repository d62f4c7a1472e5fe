package sandbox_test

import (
	"fmt"
	"net/http"
	"testing"

	"portal/internal/sandbox"
	"portal/internal/sandbox/calls"
)

func TestLastHundredCallsAreKept(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	for i := range 105 {
		w.do(t, "GET", fmt.Sprintf("/4.0/profiles?offset=%d&apikey=a-long-secret", i), "", "apikey", sandbox.DefaultMasterKey)
	}

	kept := get[[]calls.Call](t, w, "/_sandbox/calls")

	if len(kept) != 100 {
		t.Fatalf("%d calls are kept", len(kept))
	}
	for i, call := range kept {
		want := fmt.Sprintf("offset=%d&apikey=…cret", 104-i)
		if call.ID != 105-i || call.Query != want || call.Request.Headers["Apikey"] != "…-key" || call.Status != http.StatusOK {
			t.Errorf("call %d: %+v, want the query %s", i, call, want)
		}
	}
	if one := get[calls.Call](t, w, "/_sandbox/calls/6"); one.Query != kept[99].Query || one.Response.Body == "" {
		t.Errorf("the oldest: %+v", one)
	}
	if status, _, _ := w.do(t, "GET", "/_sandbox/calls/5", ""); status != http.StatusNotFound {
		t.Errorf("the one before: status %d", status)
	}
	w.Reset()
	if left := get[[]calls.Call](t, w, "/_sandbox/calls"); len(left) != 0 {
		t.Errorf("after a reset: %d calls", len(left))
	}
}

func TestCallsShowTheFaultThatStruckThem(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	if err := w.FailNext(http.StatusBadGateway, 1); err != nil {
		t.Fatal(err)
	}
	w.addProfile(t)

	if call := w.Calls()[0]; call.Fault != "rule 1: status 502 before the effect" || call.Status != http.StatusBadGateway {
		t.Errorf("call: %+v", call)
	}
	if page := w.page(t, "/calls"); !contains(page, "rule 1: status 502") {
		t.Error("the page does not show the fault")
	}
}

func TestBodiesAreShownIndentedAndNeverRun(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	body := `{"role":"<script>alert(1)</script>","collected_data":{"entity_type":"COMPANY"}}`
	w.do(t, "POST", "/4.0/profiles", body, "apikey", sandbox.DefaultMasterKey, "Content-Type", "application/json")

	page := w.page(t, "/calls/1")

	if contains(page, "<script") || !contains(page, "{\n  &#34;role&#34;: &#34;&lt;script&gt;alert(1)&lt;/script&gt;&#34;,\n") {
		t.Errorf("page: %s", page)
	}
}

func TestPagesAndControlCallsAreNotAmongTheCalls(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	for _, path := range []string{"/", "/calls", "/_sandbox/calls", "/embed.js", "/collect"} {
		w.do(t, "GET", path, "")
	}
	if seen := w.Calls(); len(seen) != 0 {
		t.Errorf("calls: %+v", seen)
	}
}
