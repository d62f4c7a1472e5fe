package torture

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"portal/internal/localpg"
	"portal/internal/onboarding"
	"portal/internal/passfort"
	"portal/internal/postgres"
	"portal/internal/sandbox"
	"portal/internal/sandbox/effects"
	provider "portal/internal/sandbox/passfort"
)

// works is what links the associates of one company, in as many replicas as are wanted, with the provider behind HTTP.
type works struct {
	store    *postgres.Store
	sandbox  *sandbox.Sandbox
	meter    *meter
	url      string // of the provider's API
	now      func() time.Time
	company  onboarding.Registration
	replicas []*replica
}

// Limits of calls in an hour. The portal keeps a tenth of the provider's back.
const (
	unlimited     = 3_600_000
	providerLimit = 10_000
	portalLimit   = 9_000
)

// newWorks joins the parts, and registers the company. Where the time stands still, only the sandbox's clock moves it.
func newWorks(t testing.TB, replicas, perHour int, o provider.Options, still bool) *works {
	t.Helper()
	w := &works{meter: newMeter(), now: time.Now}
	settings := sandbox.Options{MasterKey: masterKey, Seed: 1, PassFort: o}
	if still {
		start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		settings.Now = func() time.Time { return start }
	}
	w.sandbox = sandbox.New(settings)
	t.Cleanup(func() { _ = w.sandbox.Close() })
	if still {
		w.now = w.sandbox.Now
	}
	w.meter.to = w.sandbox.Handler()
	server := httptest.NewServer(w.meter)
	t.Cleanup(server.Close)
	w.url = server.URL + "/4.0"
	pool := localpg.New(t)
	w.store = postgres.New(pool, newKeys(t), postgres.NoJobs)
	for range replicas {
		w.replicas = append(w.replicas, w.newReplica(t, perHour))
	}
	applicant := uuid.Must(uuid.NewV7())
	if _, err := pool.Exec(t.Context(), `insert into applicants (id, created_at) values ($1, now())`, applicant); err != nil {
		t.Fatal(err)
	}
	w.register(t, onboarding.ApplicantID(applicant))
	return w
}

func (w *works) newReplica(t testing.TB, perHour int) *replica {
	t.Helper()
	base, err := url.Parse(w.url)
	if err != nil {
		t.Fatal(err)
	}
	profiles, writes := w.store.Turns(perHour), w.store.Writes(perHour)
	client := passfort.New(passfort.Options{BaseURL: base, APIKey: masterKey, Observe: w.meter.observe})
	e := &onboarding.Engine{
		Flows: map[string]onboarding.Flow{companyFlow: {
			Name: companyFlow, Provider: onboarding.PassFort, Role: onboarding.CompanyCustomer, FlowTemplate: "company-onboarding", Theme: "default", Associates: true, DirectorAge: 18,
		}},
		Registrations: w.store, Profiles: w.store, Turns: profiles, Provider: client, RefPrefix: refPrefix, Settle: settle, Now: w.now,
		NewID:  func() onboarding.RegistrationID { return onboarding.RegistrationID(uuid.Must(uuid.NewV7())) },
		Jitter: func() float64 { return 0.5 }, Log: slog.New(slog.DiscardHandler),
	}
	return &replica{
		engine:     e,
		associates: &onboarding.Associates{Flows: e.Flows, Structures: w.store, Files: client, Now: w.now, Log: e.Log},
		linker: &onboarding.Linker{
			Flows: e.Flows, Links: w.store, Profiles: client, Files: client, Turns: postgres.SpareTurns{Profiles: profiles, Files: writes},
			RefPrefix: refPrefix, Settle: settle, AtOnce: 4, Now: w.now, Jitter: e.Jitter, Log: e.Log,
		},
	}
}

// way leads to the provider over HTTP.
func (w *works) way(t testing.TB) http.Handler {
	t.Helper()
	to, err := url.Parse(w.url)
	if err != nil {
		t.Fatal(err)
	}
	to.Path = ""
	return httputil.NewSingleHostReverseProxy(to)
}

// register takes a registration of the applicant's to its form.
func (w *works) register(t testing.TB, a onboarding.ApplicantID) {
	t.Helper()
	e := w.replicas[0].engine
	reg, err := e.Start(t.Context(), a, companyFlow, "", onboarding.Facts{Name: "Northlight Limited"})
	if err == nil {
		err = e.Advance(t.Context(), reg.ID)
	}
	if err == nil {
		w.company, err = w.store.Registration(t.Context(), reg.ID)
	}
	if err != nil || w.company.Profile == "" {
		t.Fatalf("the company is not registered: %v", err)
	}
}

// entry is one of many who hold two in a thousand of the company each.
func entry(i int) onboarding.NewAssociate {
	return onboarding.NewAssociate{
		ID: onboarding.AssociateID(uuid.Must(uuid.NewV7())), Source: onboarding.SourceAPI, Submit: true,
		Details: onboarding.Details{
			EntityType: onboarding.Individual, Roles: []onboarding.AssociatedRole{onboarding.Director, onboarding.Shareholder},
			GivenNames: []string{"Kim"}, FamilyName: fmt.Sprintf("Number %d", i), Email: fmt.Sprintf("kim%d@associates.example", i),
			Shareholdings: []onboarding.Shareholding{{Class: "ordinary", Percentage: "0.2"}},
		},
	}
}

// enter has so many associates entered, some of them at once, by turns at every replica.
func (w *works) enter(t testing.TB, many, atOnce int, wake func(p *replica)) {
	t.Helper()
	var all sync.WaitGroup
	places := make(chan struct{}, atOnce)
	for i := range many {
		p := w.replicas[i%len(w.replicas)]
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			if _, fresh, err := p.associates.Add(t.Context(), w.company, entry(i)); err != nil || !fresh {
				t.Errorf("entry %d: fresh %v, %v", i, fresh, err)
			}
			wake(p)
		})
	}
	all.Wait()
}

// linked counts the associates that are in all their places.
func (w *works) linked(t testing.TB) (n int) {
	t.Helper()
	st, err := w.store.Structure(context.WithoutCancel(t.Context()), w.company.ID)
	if err != nil {
		t.Fatal(err)
	}
	return len(st.Associates) - len(slices.DeleteFunc(slices.Clone(st.Associates), func(a onboarding.Associate) bool {
		return a.Status == onboarding.AssociateLinked
	}))
}

// wantWhole fails unless each associate has one profile, which is in both of its lists once, and nobody else is there but
// those that strangers have put among the directors.
func (w *works) wantWhole(t testing.TB, many int, strangers []string) {
	t.Helper()
	st, err := w.store.Structure(t.Context(), w.company.ID)
	if err != nil || len(st.Associates) != many {
		t.Fatalf("%d associates are stored, %v; want %d", len(st.Associates), err, many)
	}
	created := map[string]int{}
	for _, e := range w.sandbox.Effects() {
		if e.Kind == effects.ProfileCreate {
			created[e.CustomerRef]++
		}
	}
	expected := map[string][]onboarding.AssociatedRole{}
	for _, a := range st.Associates {
		expected[string(a.Profile)] = a.Details.Roles
		if n := created[refPrefix+a.ID.String()]; n != 1 || a.Status != onboarding.AssociateLinked {
			t.Errorf("an associate is %s and has %d profiles: %s", a.Status, n, a.Cause)
		}
	}
	if len(expected) != many {
		t.Errorf("%d profiles for %d associates", len(expected), many)
	}
	for _, id := range strangers {
		expected[id] = []onboarding.AssociatedRole{onboarding.Director}
	}
	r := &run{sandbox: w.sandbox}
	f := r.fileOf(string(w.company.Profile))
	for role := range arrays {
		f.compare(r, role, expected)
	}
	for _, text := range r.found {
		t.Error(text)
	}
}
