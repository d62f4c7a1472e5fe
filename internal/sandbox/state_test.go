package sandbox_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox"
	"portal/internal/sandbox/faults"
	"portal/internal/sandbox/passfort/webhooks"
)

// openBusy is a world with something of everything that a state holds: profiles, a request, mail, effects, a fault, an
// advanced clock, and webhooks that wait for a receiver which refuses them.
func openBusy(t *testing.T, r *receiver) world {
	t.Helper()
	r.refuse(true)
	w := openSeeded(t)
	if err := w.Webhooks().SetOptions(webhooks.Options{URL: r.URL, BackoffMS: 3_600_000, BackoffMaxMS: 3_600_000}); err != nil {
		t.Fatal(err)
	}
	w.invite(t, "individual-onboarding", "jo@example.com")
	if _, err := w.Faults().Add(faults.Rule{Path: "/4.0/none", Kind: faults.Hang, Count: 3}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Advance(36 * time.Hour); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the failure", func() bool { return w.Webhooks().Status().State == webhooks.Stalled })
	return w
}

// openOther is a world that things can be loaded into: its clock stands at the same time, but it has another seed.
func openOther(t *testing.T, r *receiver) world {
	t.Helper()
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	hooks := webhooks.Options{URL: r.URL, BackoffMS: 3_600_000, BackoffMaxMS: 3_600_000}
	return open(t, sandbox.Options{Seed: 8, Now: func() time.Time { return noon }, Webhooks: hooks})
}

// saved is a world's state as it is saved. How often a message was tried is left out: that goes on.
func (w world) saved(t *testing.T) sandbox.State {
	t.Helper()
	state, err := w.Save()
	if err != nil {
		t.Fatal(err)
	}
	for i := range state.Webhooks.Waiting {
		state.Webhooks.Waiting[i].Attempts = 0
	}
	return state
}

func lines(t *testing.T, state sandbox.State) []string {
	t.Helper()
	raw, err := json.MarshalIndent(state, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(raw), "\n")
}

func TestLoadedStateIsTheSameWorld(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	w := openBusy(t, r)
	path := filepath.Join(t.TempDir(), "state.json")
	if err := w.SaveFile(path); err != nil {
		t.Fatal(err)
	}
	_, _, download := w.do(t, "GET", "/_sandbox/state", "")
	want := w.saved(t)
	if len(want.Webhooks.Waiting) == 0 || len(want.Mail) == 0 || len(want.Faults) == 0 || len(want.Effects) == 0 {
		t.Fatalf("there is too little to save: %v", lines(t, want))
	}

	byFile, byJSON := openOther(t, r), openOther(t, r)
	if err := byFile.LoadFile(path); err != nil {
		t.Fatal(err)
	}
	if status, _, body := byJSON.do(t, "PUT", "/_sandbox/state", download); status != http.StatusOK {
		t.Fatalf("loading: %d %s", status, body)
	}

	for name, loaded := range map[string]world{"file": byFile, "JSON": byJSON} {
		if diff := cmp.Diff(lines(t, want), lines(t, loaded.saved(t))); diff != "" {
			t.Errorf("by %s (-saved +loaded):\n%s", name, diff)
		}
		if diff := cmp.Diff(w.PassFort().Requests(10), loaded.PassFort().Requests(10)); diff != "" { // their links have the keys
			t.Errorf("by %s: requests %s", name, diff)
		}
		if !loaded.Now().Equal(w.Now()) {
			t.Errorf("by %s: it is %v, want %v", name, loaded.Now(), w.Now())
		}
	}
	for _, loaded := range []world{byFile, byJSON} {
		eventually(t, "the failure", func() bool { return len(loaded.Webhooks().Status().Failures) > 0 })
	}
	r.refuse(false)
	byFile.Webhooks().RetryNow()
	byFile.settled(t)
	if len(r.received()) != len(want.Webhooks.Waiting) {
		t.Errorf("%d webhooks arrived, %d waited", len(r.received()), len(want.Webhooks.Waiting))
	}
}

func TestStateFileIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	folder := t.TempDir()
	path := filepath.Join(folder, "state.json")
	for range 2 { // the second time over the first file
		if err := w.SaveFile(path); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 || len(left) != 1 {
		t.Errorf("mode %v, files %v", info.Mode(), left)
	}
	if err := w.SaveFile(filepath.Join(folder, "missing", "state.json")); err == nil {
		t.Error("saved into a folder that does not exist")
	}
}

func TestMissingStateFileIsTheStart(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	if err := w.LoadFile(filepath.Join(t.TempDir(), "none.json")); err != nil {
		t.Error(err)
	}
}

func TestUnusableStateChangesNothing(t *testing.T) {
	t.Parallel()
	w := openBusy(t, newReceiver(t))
	good, before := w.saved(t), lines(t, w.saved(t))

	for name, spoil := range map[string]func(s *sandbox.State){
		"another version":      func(s *sandbox.State) { s.Version = 2 },
		"no version":           func(s *sandbox.State) { s.Version = 0 },
		"a clock put back":     func(s *sandbox.State) { s.Ahead = -1 },
		"no account":           func(s *sandbox.State) { s.PassFort = nil },
		"a wrong account":      func(s *sandbox.State) { s.PassFort = json.RawMessage(`[]`) },
		"an unknown product":   func(s *sandbox.State) { s.PassFort = replaced(s.PassFort, "business-account", "unheard-of") },
		"a wrong option":       func(s *sandbox.State) { s.PassFort = json.RawMessage(`{"options":{"create_status":204}}`) },
		"a wrong fault":        func(s *sandbox.State) { s.Faults = []faults.Report{{Rule: faults.Rule{ID: 1, Kind: "boom"}}} },
		"a webhook without id": func(s *sandbox.State) { s.Webhooks.Waiting = []webhooks.Saved{{}} },
		"a wrong position":     func(s *sandbox.State) { s.Positions = map[string][]byte{"passfort": []byte("x")} },
	} {
		state := good
		spoil(&state)
		raw, err := json.Marshal(state)
		if err != nil {
			t.Fatal(err)
		}
		status, _, body := w.do(t, "PUT", "/_sandbox/state", string(raw))
		if status != http.StatusBadRequest || decode[map[string]string](t, body)["error"] == "" {
			t.Errorf("%s: status %d %s", name, status, body)
		}
		if diff := cmp.Diff(before, lines(t, w.saved(t))); diff != "" {
			t.Errorf("%s changed (-before +after):\n%s", name, diff)
		}
	}
	for name, body := range map[string]string{"no JSON": "{", "an unknown member": `{"version":1,"more":1}`} {
		if status, _, _ := w.do(t, "PUT", "/_sandbox/state", body); status != http.StatusBadRequest {
			t.Errorf("%s: status %d", name, status)
		}
	}
}

func replaced(raw json.RawMessage, old, with string) json.RawMessage {
	return json.RawMessage(strings.ReplaceAll(string(raw), old, with))
}
