package sandbox_test

import (
	"net/http"
	"strings"
	"testing"

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
			rule := `{"method":"POST","path":"/4.0/profiles","when":"` + c.when + `","kind":"status","status":502,"delay_ms":2000,"count":1}`
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
			eventually(t, "the effect", func() bool { return cmp.Equal(c.inTheEnd, w.kinds(t)) })
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
	if resp, err := w.client.Do(req); err == nil {
		_ = resp.Body.Close()
		t.Errorf("status %d, want a reset", resp.StatusCode)
	}

	eventually(t, "the late effect", func() bool { return len(w.Effects()) == 2 })
	if diff := cmp.Diff([]string{"profile.create", "customer_request.create"}, w.kinds(t)); diff != "" {
		t.Error(diff)
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

func TestRulesAreDeletedOneByOneOrAllAtOnce(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	for range 3 {
		w.do(t, "POST", "/_sandbox/faults", `{"kind":"reset"}`)
	}

	_, _, body := w.do(t, "DELETE", "/_sandbox/faults/2", "")
	if left := decode[[]faults.Report](t, body); len(left) != 2 || left[0].ID != 1 || left[1].ID != 3 {
		t.Errorf("left: %+v", left)
	}
	if status, _, _ := w.do(t, "DELETE", "/_sandbox/faults/2", ""); status != http.StatusNotFound {
		t.Errorf("again: status %d", status)
	}
	_, _, body = w.do(t, "DELETE", "/_sandbox/faults", "")
	if left := decode[[]faults.Report](t, body); len(left) != 0 {
		t.Errorf("left: %+v", left)
	}
}

func TestRulesWithoutAPathLeaveTheFormsAlone(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	w.do(t, "POST", "/_sandbox/faults", `{"kind":"status"}`)

	if status, _, _ := w.do(t, "GET", "/collect/api/requests/none", ""); status != http.StatusNotFound {
		t.Errorf("the forms: status %d", status)
	}
	if status, _ := w.addProfile(t); status != http.StatusServiceUnavailable {
		t.Errorf("the API: status %d", status)
	}
}
