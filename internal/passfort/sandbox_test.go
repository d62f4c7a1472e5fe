package passfort_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"portal/internal/onboarding"
	"portal/internal/passfort"
	"portal/internal/sandbox"
	"portal/internal/sandbox/effects"
	"portal/internal/sandbox/faults"
	provider "portal/internal/sandbox/passfort"
)

// world returns a sandbox and a client of its PassFort.
func world(t *testing.T, o provider.Options) (*sandbox.Sandbox, *passfort.Client) {
	t.Helper()
	return worldOf(t, sandbox.Options{MasterKey: masterKey, PassFort: o})
}

// worldOf is a world with further settings.
func worldOf(t *testing.T, o sandbox.Options) (*sandbox.Sandbox, *passfort.Client) {
	t.Helper()
	s := sandbox.New(o)
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		srv.Close()
	})
	return s, clientOf(t, srv.URL+"/4.0")
}

// count is how often something really happened.
func count(s *sandbox.Sandbox, kind string) int {
	n := 0
	for _, e := range s.Effects() {
		if e.Kind == kind {
			n++
		}
	}
	return n
}

func order(t *testing.T, s *sandbox.Sandbox, r faults.Rule) {
	t.Helper()
	if _, err := s.Faults().Add(r); err != nil {
		t.Fatal(err)
	}
}

func TestSandboxRegistersAnApplicant(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]provider.Options{"likeliest": {}, "created": {CreateStatus: http.StatusCreated}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := world(t, o)
			id, err := c.CreateProfile(t.Context(), stub)
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.LatestRequest(t.Context(), id)
			wantKind(t, err, onboarding.NotFound)
			q, err := c.CreateRequest(t.Context(), id, forms)
			if err != nil {
				t.Fatal(err)
			}
			seen, err := c.LatestRequest(t.Context(), id)
			if want := (onboarding.Sighting{ID: q.ID, Key: q.Key}); err != nil || seen != want {
				t.Errorf("sighting %+v, %v; want %+v", seen, err, want)
			}
			if err := s.SetRequestState(string(q.ID), provider.Completed); err != nil {
				t.Fatal(err)
			}
			if seen, err = c.LatestRequest(t.Context(), id); err != nil || !seen.Completed {
				t.Errorf("sighting %+v, %v", seen, err)
			}
		})
	}
}

func TestSandboxRefusesWithTheRightKinds(t *testing.T) {
	t.Parallel()
	s, c := world(t, provider.Options{})
	id, err := c.CreateProfile(t.Context(), stub)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.CreateProfile(t.Context(), onboarding.StubProfile{Role: "CUSTOMER"})
	wantKind(t, err, onboarding.Invalid)
	_, err = c.CreateRequest(t.Context(), id, onboarding.Forms{FlowTemplate: "unknown", Theme: "default"})
	wantKind(t, err, onboarding.Invalid)
	_, err = c.CreateRequest(t.Context(), "nobody", forms)
	wantKind(t, err, onboarding.NotFound)
	if _, err := c.CreateRequest(t.Context(), id, forms); err != nil {
		t.Fatal(err)
	}
	_, err = c.CreateRequest(t.Context(), id, forms)
	wantKind(t, err, onboarding.Conflict)
	if err := s.FailNext(http.StatusUnauthorized, 1); err != nil {
		t.Fatal(err)
	}
	_, err = c.CreateProfile(t.Context(), stub)
	wantKind(t, err, onboarding.Denied)
}

func TestSandboxReadMayHideTheKey(t *testing.T) {
	t.Parallel()
	_, c := world(t, provider.Options{ReadHidesAPIKey: true})
	id, err := c.CreateProfile(t.Context(), stub)
	if err != nil {
		t.Fatal(err)
	}
	q, err := c.CreateRequest(t.Context(), id, forms)
	if err != nil {
		t.Fatal(err)
	}
	seen, err := c.LatestRequest(t.Context(), id)
	if want := (onboarding.Sighting{ID: q.ID}); err != nil || seen != want {
		t.Errorf("sighting %+v, %v; want %+v", seen, err, want)
	}
}

// TestSandboxFaultsAreJudgedByWhatMayHaveHappened strikes the creation of a profile in every way and looks for what
// has come of it: only an error that is not Unanswered promises that it is nothing.
func TestSandboxFaultsAreJudgedByWhatMayHaveHappened(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		rule    faults.Rule
		want    onboarding.Kind
		effects int
	}{
		"429 before":     {faults.Rule{When: faults.Before, Kind: faults.Status, Status: 429}, onboarding.Busy, 0},
		"401 before":     {faults.Rule{When: faults.Before, Kind: faults.Status, Status: 401}, onboarding.Denied, 0},
		"500 before":     {faults.Rule{When: faults.Before, Kind: faults.Status, Status: 500}, onboarding.Unanswered, 0},
		"500 after":      {faults.Rule{When: faults.After, Kind: faults.Status, Status: 500}, onboarding.Unanswered, 1},
		"reset before":   {faults.Rule{When: faults.Before, Kind: faults.Reset}, onboarding.Unanswered, 0},
		"reset after":    {faults.Rule{When: faults.After, Kind: faults.Reset}, onboarding.Unanswered, 1},
		"garbage before": {faults.Rule{When: faults.Before, Kind: faults.Garbage}, onboarding.Unanswered, 0},
		"garbage after":  {faults.Rule{When: faults.After, Kind: faults.Garbage}, onboarding.Unanswered, 1},
		"hang before":    {faults.Rule{When: faults.Before, Kind: faults.Hang}, onboarding.Unanswered, 0},
		"hang after":     {faults.Rule{When: faults.After, Kind: faults.Hang}, onboarding.Unanswered, 1},
		"502 later":      {faults.Rule{When: faults.Later, Kind: faults.Status, Status: 502, DelayMS: 20}, onboarding.Unanswered, 1},
		"reset later":    {faults.Rule{When: faults.Later, Kind: faults.Reset, DelayMS: 20}, onboarding.Unanswered, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := world(t, provider.Options{})
			test.rule.Method, test.rule.Path, test.rule.Count = http.MethodPost, "/4.0/profiles", 1
			order(t, s, test.rule)
			ctx := t.Context()
			if test.rule.Kind == faults.Hang {
				short, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
				defer cancel()
				ctx = short
			}
			_, err := c.CreateProfile(ctx, stub)
			wantKind(t, err, test.want)
			waitFor(t, func() bool { return count(s, effects.ProfileCreate) == test.effects })
			_, err = c.FindProfile(t.Context(), stub, time.Now(), nobodys)
			switch {
			case test.effects == 0:
				wantKind(t, err, onboarding.NotFound)
			case err != nil:
				t.Errorf("what was created is not found: %v", err)
			}
		})
	}
}

// waitFor waits for what happens by itself.
func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited in vain")
		}
	}
}

func TestSandboxProfileIsFoundAmongOthers(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]provider.Options{"by walking": {}, "by search": {SearchByCustomerRef: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, c := world(t, o)
			began := time.Now()
			want, err := c.CreateProfile(t.Context(), stub)
			if err != nil {
				t.Fatal(err)
			}
			for _, ref := range []string{"", stub.CustomerRef + "x", "portal-other"} {
				if _, err := c.CreateProfile(t.Context(), onboarding.StubProfile{CustomerRef: ref, Role: stub.Role}); err != nil {
					t.Fatal(err)
				}
			}
			got, err := c.FindProfile(t.Context(), stub, began, nobodys)
			if err != nil || got != want {
				t.Errorf("found %q, %v; want %q", got, err, want)
			}
			_, err = c.FindProfile(t.Context(), onboarding.StubProfile{CustomerRef: "portal-none", Role: stub.Role}, began, nobodys)
			wantKind(t, err, onboarding.NotFound)
		})
	}
}

func TestSandboxReadsThatFailAreBusy(t *testing.T) {
	t.Parallel()
	for _, kind := range []faults.Kind{faults.Status, faults.Reset, faults.Garbage} {
		s, c := world(t, provider.Options{})
		if _, err := c.CreateProfile(t.Context(), stub); err != nil {
			t.Fatal(err)
		}
		order(t, s, faults.Rule{Method: http.MethodGet, Kind: kind})
		_, err := c.FindProfile(t.Context(), stub, time.Now(), nobodys)
		wantKind(t, err, onboarding.Busy)
		_, err = c.LatestRequest(t.Context(), profile)
		wantKind(t, err, onboarding.Busy)
	}
}
