package sandbox_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox"
	"portal/internal/sandbox/faults"
)

func TestFaultsAreProvenByEffects(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		when     string
		atAnswer []string
		inTheEnd []string
	}{
		{"before", []string{}, []string{}},
		{"after", []string{"profile.create"}, []string{"profile.create"}},
		{"later", []string{}, []string{"profile.create"}},
	} {
		t.Run(c.when, func(t *testing.T) {
			t.Parallel()
			w := open(t, sandbox.Options{})
			rule := `{"method":"POST","path":"/4.0/profiles","when":"` + c.when + `","kind":"status","status":502,"delay_ms":150,"count":1}`
			if status, _, body := w.do(t, "POST", "/_sandbox/faults", rule); status != http.StatusCreated {
				t.Fatalf("ordering: %d %s", status, body)
			}

			status, _ := w.addProfile(t)

			if status != http.StatusBadGateway {
				t.Errorf("status %d, want the ordered 502", status)
			}
			if diff := cmp.Diff(c.atAnswer, w.kinds(t)); diff != "" {
				t.Errorf("at the answer: %s", diff)
			}
			time.Sleep(300 * time.Millisecond)
			if diff := cmp.Diff(c.inTheEnd, w.kinds(t)); diff != "" {
				t.Errorf("in the end: %s", diff)
			}
			if status, _ := w.addProfile(t); status != http.StatusOK {
				t.Errorf("the next call: status %d", status)
			}
		})
	}
}

func TestLateCallsFindTheirProfile(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	_, body := w.addProfile(t)
	id := decode[map[string]any](t, body)["id"].(string)
	if _, err := w.Faults().Add(faults.Rule{Path: "/4.0/forms", When: faults.Later, Kind: faults.Reset, DelayMS: 20, Count: 1}); err != nil {
		t.Fatal(err)
	}
	request := `{"type":"FLOW","flow_template":{"alias":"company-onboarding"},"theme":{"alias":"default"}}`
	req, err := http.NewRequestWithContext(t.Context(), "POST", w.url+"/4.0/forms/profile/"+id+"/customer_request", strings.NewReader(request))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("apikey", sandbox.DefaultMasterKey)
	if resp, err := http.DefaultClient.Do(req); err == nil {
		_ = resp.Body.Close()
		t.Errorf("status %d, want a reset", resp.StatusCode)
	}

	for range 100 {
		if len(w.Effects()) == 2 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if diff := cmp.Diff([]string{"profile.create", "customer_request.create"}, w.kinds(t)); diff != "" {
		t.Error(diff)
	}
}

func TestControlAnswersWhileCallsHang(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	w.do(t, "POST", "/_sandbox/faults", `{"kind":"hang"}`)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		req, err := http.NewRequestWithContext(context.Background(), "POST", w.url+"/4.0/profiles", strings.NewReader(stub))
		if err != nil {
			return
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			_ = resp.Body.Close()
		}
	}()
	for len(w.Faults().All()) == 1 && w.Faults().All()[0].Struck == 0 {
		time.Sleep(5 * time.Millisecond)
	}

	report := get[[]faults.Report](t, w, "/_sandbox/faults")
	if len(report) != 1 || report[0].Struck != 1 || report[0].Kind != faults.Hang {
		t.Errorf("report: %+v", report)
	}
	w.do(t, "DELETE", "/_sandbox/faults", "")

	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		t.Fatal("the call still hangs")
	}
	if left := get[[]faults.Report](t, w, "/_sandbox/faults"); len(left) != 0 {
		t.Errorf("left: %+v", left)
	}
}

func TestFailNextFailsThatMany(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	if err := w.FailNext(http.StatusTooManyRequests, 2); err != nil {
		t.Fatal(err)
	}

	var got []int
	for range 3 {
		status, _ := w.addProfile(t)
		got = append(got, status)
	}

	if diff := cmp.Diff([]int{429, 429, 200}, got); diff != "" {
		t.Error(diff)
	}
}
