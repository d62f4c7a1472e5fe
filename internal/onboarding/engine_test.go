package onboarding_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"portal/internal/onboarding"
)

// records keeps registrations in memory, by the rules that onboarding.Registrations states.
type records struct {
	mu       sync.Mutex
	rows     map[onboarding.RegistrationID]onboarding.Registration
	claimed  map[onboarding.RegistrationID]time.Time
	requests map[onboarding.RequestID]onboarding.CustomerRequest // all that were saved, whoever's version it was
	profiles map[onboarding.RegistrationID][]onboarding.KnownProfile
	trail    map[onboarding.RegistrationID][]onboarding.Entry
	facts    map[onboarding.RegistrationID]onboarding.Facts
	unsealed bool // the seal of facts does not open
	mails    []onboarding.Mail
	away     int // saves that fail because the store cannot be reached
}

func newRecords() *records {
	return &records{
		rows:     map[onboarding.RegistrationID]onboarding.Registration{},
		claimed:  map[onboarding.RegistrationID]time.Time{},
		requests: map[onboarding.RequestID]onboarding.CustomerRequest{},
		profiles: map[onboarding.RegistrationID][]onboarding.KnownProfile{},
		trail:    map[onboarding.RegistrationID][]onboarding.Entry{},
		facts:    map[onboarding.RegistrationID]onboarding.Facts{},
	}
}

var errConflict = &onboarding.Error{Kind: onboarding.Conflict, Err: errors.New("moved on")}

func (s *records) Begin(_ context.Context, r onboarding.Registration) (onboarding.Registration, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, row := range s.rows {
		if row.Applicant == r.Applicant && row.Flow == r.Flow && row.Case == r.Case {
			row.TouchedAt = r.TouchedAt
			s.rows[id] = row
			return row, nil
		}
	}
	r.Version = 1
	if !r.Facts.Empty() {
		s.facts[r.ID] = r.Facts
	}
	r.Facts = onboarding.Facts{}
	s.rows[r.ID] = s.entered(r)
	return s.rows[r.ID], nil
}

// entered is r with its new entries in the trail. The mutex is held.
func (s *records) entered(r onboarding.Registration) onboarding.Registration {
	s.trail[r.ID] = append(s.trail[r.ID], r.Trail.Add...)
	r.Trail, _ = r.Trail.Extended(r.ID)
	return r
}

func (s *records) Claim(_ context.Context, id onboarding.RegistrationID, now, until time.Time) (onboarding.Registration, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	row := s.rows[id]
	if row.DueAt.IsZero() || row.DueAt.After(now) || s.claimed[id].After(now) {
		return onboarding.Registration{}, errConflict
	}
	row.Version++
	s.rows[id], s.claimed[id] = row, until
	if facts, ok := s.facts[id]; ok && row.Profile == "" {
		row.Facts, row.FactsVoid = facts, s.unsealed
	}
	if s.unsealed {
		row.Facts = onboarding.Facts{}
	}
	return row, nil
}

func (s *records) Extend(_ context.Context, r onboarding.Registration, until time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rows[r.ID].Version != r.Version {
		return errConflict
	}
	s.claimed[r.ID] = until
	return nil
}

func (s *records) Save(_ context.Context, r onboarding.Registration, until time.Time) (onboarding.Registration, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away > 0 {
		s.away--
		return onboarding.Registration{}, &onboarding.Error{Kind: onboarding.Busy, Err: errors.New("store away")}
	}
	if r.Request != nil {
		s.requests[r.Request.ID] = *r.Request
	}
	s.know(r.ID, r.Profile, "portal")
	if s.rows[r.ID].Version != r.Version {
		return onboarding.Registration{}, errConflict
	}
	if r.Profile != "" || r.FactsVoid {
		delete(s.facts, r.ID)
	}
	r.Version++
	if r.Mail != "" {
		s.mails = append(s.mails, r.Mail)
	}
	r.FactsVoid, r.Mail = false, ""
	r = s.entered(r)
	stored := r
	stored.Facts = onboarding.Facts{}
	s.rows[r.ID], s.claimed[r.ID] = stored, until
	for i, p := range s.profiles[r.ID] {
		s.profiles[r.ID][i].Orphaned = p.Orphaned || r.Profile != "" && p.ID != r.Profile
	}
	return r, nil
}

// know keeps a profile that carries the registration's reference. The mutex is held.
func (s *records) know(r onboarding.RegistrationID, id onboarding.ProfileID, source string) (orphaned bool) {
	if id == "" || slices.ContainsFunc(s.profiles[r], func(p onboarding.KnownProfile) bool { return p.ID == id }) {
		return false
	}
	own := s.rows[r].Profile
	orphaned = source == "webhook" && own != "" && own != id
	s.profiles[r] = append(s.profiles[r], onboarding.KnownProfile{ID: id, Source: source, Orphaned: orphaned})
	return orphaned
}

func (s *records) OfProfile(_ context.Context, id onboarding.ProfileID) (onboarding.Registration, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, row := range s.rows {
		if row.Profile == id {
			return row, nil
		}
	}
	return onboarding.Registration{}, &onboarding.Error{Kind: onboarding.NotFound}
}

func (s *records) KnownProfiles(_ context.Context, r onboarding.RegistrationID) ([]onboarding.KnownProfile, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.profiles[r]), nil
}

func (s *records) NoteProfile(_ context.Context, r onboarding.RegistrationID, id onboarding.ProfileID, source string, now time.Time) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if row := s.rows[r]; row.Profile == "" && !row.DueAt.IsZero() {
		if row.DueAt.After(now) {
			row.DueAt = now
		}
		if row.Status == onboarding.Unclear {
			row.Version++
		}
		s.rows[r] = row
	}
	return s.know(r, id, source), nil
}

func (s *records) Taken(_ context.Context, r onboarding.RegistrationID, ids []onboarding.ProfileID) (taken []onboarding.ProfileID, _ error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for owner, known := range s.profiles {
		for _, p := range known {
			if slices.Contains(ids, p.ID) && (owner != r || p.GivenUp) {
				taken = append(taken, p.ID)
			}
		}
	}
	return taken, nil
}

func (s *records) GiveUp(_ context.Context, r onboarding.RegistrationID, id onboarding.ProfileID, _ time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.know(r, id, "portal")
	for i, p := range s.profiles[r] {
		if p.ID == id {
			s.profiles[r][i].GivenUp, s.profiles[r][i].Orphaned, s.profiles[r][i].Acknowledged = true, true, true
		}
	}
	return nil
}

func (s *records) Acknowledge(_ context.Context, r onboarding.RegistrationID, _ time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.profiles[r] {
		s.profiles[r][i].Acknowledged = s.profiles[r][i].Orphaned
	}
	return nil
}

func (s *records) Silent(_ context.Context, now time.Time, limit int) ([]onboarding.RegistrationID, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []onboarding.RegistrationID
	for id, row := range s.rows {
		if !row.ReadAt.IsZero() && !row.ReadAt.After(now) && len(ids) < limit {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

func (s *records) Due(_ context.Context, now time.Time, limit int) ([]onboarding.RegistrationID, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []onboarding.RegistrationID
	for id, row := range s.rows {
		if !row.DueAt.IsZero() && !row.DueAt.After(now) && !s.claimed[id].After(now) && len(ids) < limit {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

func (s *records) Registration(_ context.Context, id onboarding.RegistrationID) (onboarding.Registration, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	row, ok := s.rows[id]
	if !ok {
		return row, &onboarding.Error{Kind: onboarding.NotFound}
	}
	return row, nil
}

// turns lets everybody go, unless waits are on their way.
type turns struct {
	waits []time.Duration
	back  int // turns that were given back
}

func (t *turns) GiveBack(context.Context) error { t.back++; return nil }

func (t *turns) Take(context.Context, onboarding.Registration, time.Time) (time.Duration, error) {
	if len(t.waits) == 0 {
		return 0, nil
	}
	wait := t.waits[0]
	t.waits = t.waits[1:]
	return wait, nil
}

func (s *records) Request(_ context.Context, _ onboarding.RegistrationID, q onboarding.RequestID) (onboarding.CustomerRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept, ok := s.requests[q]
	if !ok {
		return kept, &onboarding.Error{Kind: onboarding.NotFound}
	}
	return kept, nil
}

// failer is what helpers need of a test, be it testing's or rapid's.
type failer interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Context() context.Context
}

// only is the one registration there is.
func (s *records) only(t failer) onboarding.Registration {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.rows) != 1 {
		t.Fatalf("%d registrations, want one", len(s.rows))
	}
	for _, row := range s.rows {
		return row
	}
	panic("unreachable")
}

// trouble is what becomes of one call: whether it takes effect, and how it seems to have ended.
type trouble struct {
	effect bool
	err    error
}

// provider creates what it is asked for, except where trouble is on its way.
type provider struct {
	mu       sync.Mutex
	profiles []string             // customer references, by index
	requests map[string][]request // by profile
	trouble  map[string][]trouble // by call, used up in order
	hideKey  bool                 // reads do not repeat the key
	calls    []string
	stubs    []onboarding.StubProfile // that were asked for
}

type request struct {
	id   onboarding.RequestID
	over bool
}

func newProvider() *provider {
	return &provider{requests: map[string][]request{}, trouble: map[string][]trouble{}}
}

// next is the trouble of this call. Its mutex is held.
func (p *provider) next(call string) trouble {
	p.calls = append(p.calls, call)
	if len(p.trouble[call]) == 0 {
		return trouble{effect: true}
	}
	t := p.trouble[call][0]
	p.trouble[call] = p.trouble[call][1:]
	return t
}

func (p *provider) CreateProfile(_ context.Context, stub onboarding.StubProfile) (onboarding.ProfileID, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.next("create profile")
	p.stubs = append(p.stubs, stub)
	if t.effect {
		p.profiles = append(p.profiles, stub.CustomerRef)
	}
	return onboarding.ProfileID(stub.CustomerRef), t.err
}

func (p *provider) FindProfile(ctx context.Context, stub onboarding.StubProfile, _ time.Time, taken onboarding.Taken) (onboarding.ProfileID, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if t := p.next("find profile"); t.err != nil {
		return "", t.err
	}
	others, err := taken(ctx, []onboarding.ProfileID{onboarding.ProfileID(stub.CustomerRef)})
	if err != nil {
		return "", err
	}
	if slices.Contains(p.profiles, stub.CustomerRef) && len(others) == 0 {
		return onboarding.ProfileID(stub.CustomerRef), nil
	}
	return "", &onboarding.Error{Kind: onboarding.NotFound}
}

func (p *provider) CustomerRef(_ context.Context, id onboarding.ProfileID) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if t := p.next("customer ref"); t.err != nil {
		return "", t.err
	}
	ref, _, _ := strings.Cut(string(id), "#") // a second profile of a reference is ref#2
	if !slices.Contains(p.profiles, ref) {
		return "", &onboarding.Error{Kind: onboarding.NotFound}
	}
	return ref, nil
}

func (p *provider) CreateRequest(_ context.Context, id onboarding.ProfileID, _ onboarding.Forms) (onboarding.CustomerRequest, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.next("create request")
	have := p.requests[string(id)]
	if n := len(have); n > 0 && !have[n-1].over {
		return onboarding.CustomerRequest{}, &onboarding.Error{Kind: onboarding.Conflict, Err: errors.New("one is active")}
	}
	q := request{id: onboarding.RequestID(uuid.NewString())}
	if t.effect {
		p.requests[string(id)] = append(have, q)
	}
	return onboarding.CustomerRequest{ID: q.id, Key: keyOf(q)}, t.err
}

func (p *provider) LatestRequest(_ context.Context, id onboarding.ProfileID) (onboarding.Sighting, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if t := p.next("latest request"); t.err != nil {
		return onboarding.Sighting{}, t.err
	}
	have := p.requests[string(id)]
	if len(have) == 0 {
		return onboarding.Sighting{}, &onboarding.Error{Kind: onboarding.NotFound}
	}
	q := have[len(have)-1]
	s := onboarding.Sighting{ID: q.id, Key: keyOf(q), Completed: q.over}
	if p.hideKey {
		s.Key = ""
	}
	return s, nil
}

func keyOf(q request) onboarding.RequestKey { return onboarding.RequestKey("key of " + q.id) }

func (p *provider) finish(t *testing.T, r onboarding.Registration) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	have := p.requests[string(r.Profile)]
	have[len(have)-1].over = true
}

// world is an engine whose time stands still until it is moved.
type world struct {
	*onboarding.Engine
	records  *records
	provider *provider
	turns    *turns

	mu  sync.Mutex
	now time.Time
}

const settle = time.Minute

func newWorld() *world {
	w := &world{records: newRecords(), provider: newProvider(), turns: &turns{}, now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	w.Engine = &onboarding.Engine{
		Flows: map[string]onboarding.Flow{
			"individual": {Name: "individual", Provider: onboarding.PassFort, Role: onboarding.IndividualCustomer},
			"careful":    {Name: "careful", Provider: onboarding.PassFort, Role: onboarding.IndividualCustomer, HoldUnclear: true},
			"many":       {Name: "many", Provider: onboarding.PassFort, Role: onboarding.CompanyCustomer, Repeatable: true},
		},
		Registrations: w.records, Profiles: w.records, Turns: w.turns, Provider: w.provider, RefPrefix: "test-", Settle: settle, Now: w.time,
		NewID:  func() onboarding.RegistrationID { return onboarding.RegistrationID(uuid.New()) },
		Jitter: func() float64 { return 0.5 },
		Log:    slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	return w
}

func (w *world) time() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) wait(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

var someone = onboarding.ApplicantID(uuid.New())

// start starts a registration and takes it as far as it goes at once.
func (w *world) start(t failer, flow string) onboarding.Registration {
	t.Helper()
	r, err := w.Start(t.Context(), someone, flow, "", onboarding.Facts{})
	if err != nil {
		t.Fatal(err)
	}
	return w.advance(t, r.ID)
}

func (w *world) advance(t failer, id onboarding.RegistrationID) onboarding.Registration {
	t.Helper()
	if err := w.Advance(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	return w.records.only(t)
}

// until moves time on in small steps until the registration no longer moves by itself.
func (w *world) until(t failer, id onboarding.RegistrationID) onboarding.Registration {
	t.Helper()
	for range 600 {
		if r := w.advance(t, id); !r.Moving() {
			return r
		}
		w.wait(time.Second)
	}
	t.Fatalf("still moving after ten minutes: %+v", w.records.only(t))
	panic("unreachable")
}

func wantStatus(t failer, r onboarding.Registration, want onboarding.Status) {
	t.Helper()
	if r.Status != want {
		t.Fatalf("status %s (%s), want %s", r.Status, r.Cause, want)
	}
}

func TestStartLeadsToAnOpenForm(t *testing.T) {
	t.Parallel()
	w := newWorld()
	r := w.start(t, "individual")
	wantStatus(t, r, onboarding.Open)
	if want := onboarding.ProfileID("test-" + r.ID.String()); r.Profile != want {
		t.Errorf("profile %s, want %s: its reference is the registration's id", r.Profile, want)
	}
	if r.Request == nil || r.Request.Key.Reveal() != "key of "+string(r.Request.ID) {
		t.Errorf("request %+v", r.Request)
	}
}

func TestStartTwiceMakesOneProfile(t *testing.T) {
	t.Parallel()
	w := newWorld()
	first := w.start(t, "individual")
	w.wait(time.Hour)
	second := w.start(t, "individual")
	if first.ID != second.ID || len(w.provider.profiles) != 1 || len(w.provider.requests[string(first.Profile)]) != 1 {
		t.Errorf("profiles %v, requests %v", w.provider.profiles, w.provider.requests)
	}
	if !second.TouchedAt.After(first.TouchedAt) {
		t.Error("coming back does not make it the one last touched")
	}
}

func TestManyAtOnceMakeOneProfile(t *testing.T) {
	t.Parallel()
	w := newWorld()
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			r, err := w.Start(t.Context(), someone, "individual", "", onboarding.Facts{})
			if err != nil {
				t.Error(err)
				return
			}
			if err := w.Advance(t.Context(), r.ID); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	r := w.records.only(t)
	wantStatus(t, r, onboarding.Open)
	if len(w.provider.profiles) != 1 || len(w.provider.requests[string(r.Profile)]) != 1 {
		t.Errorf("calls %v", w.provider.calls)
	}
}

func TestFlowsAndCasesAreChecked(t *testing.T) {
	t.Parallel()
	w := newWorld()
	for _, c := range []struct {
		flow, name string
		want       onboarding.Kind
	}{
		{"unknown", "", onboarding.NotFound},
		{"individual", "second", onboarding.Invalid},
		{"many", "a b", onboarding.Invalid},
		{"many", "second", ""},
	} {
		_, err := w.Start(t.Context(), someone, c.flow, c.name, onboarding.Facts{})
		if got := onboarding.KindOf(err); got != c.want {
			t.Errorf("%s/%s: %v, want kind %q", c.flow, c.name, err, c.want)
		}
	}
}

// fate is how a creating call may end for us, whatever happened at the provider.
var fates = map[string]trouble{
	"refused as busy":               {err: &onboarding.Error{Kind: onboarding.Busy, RetryAfter: 3 * time.Second}},
	"refused as denied":             {err: &onboarding.Error{Kind: onboarding.Denied}},
	"refused as invalid":            {err: &onboarding.Error{Kind: onboarding.Invalid}},
	"unanswered and without effect": {err: &onboarding.Error{Kind: onboarding.Unanswered}},
	"unanswered and with effect":    {effect: true, err: &onboarding.Error{Kind: onboarding.Unanswered}},
	"of no kind":                    {effect: true, err: errors.New("strange")},
}

func TestEveryFateOfACallEndsAtOneForm(t *testing.T) {
	t.Parallel()
	for name, fate := range fates {
		for _, call := range []string{"create profile", "create request"} {
			for _, hide := range []bool{false, true} {
				t.Run(call+" "+name, func(t *testing.T) {
					t.Parallel()
					w := newWorld()
					w.provider.trouble[call], w.provider.hideKey = []trouble{fate}, hide
					r := w.until(t, w.start(t, "individual").ID)
					if hide && call == "create request" && fate.effect {
						wantStatus(t, r, onboarding.NeedsAttention) // its key is lost for good
						return
					}
					wantStatus(t, r, onboarding.Open)
					if len(w.provider.profiles) != 1 || len(w.provider.requests[string(r.Profile)]) != 1 {
						t.Errorf("calls %v", w.provider.calls)
					}
				})
			}
		}
	}
}

func TestAbsenceCountsOnlyAfterTheSettleTime(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.provider.trouble["create profile"] = []trouble{{err: &onboarding.Error{Kind: onboarding.Unanswered}}}
	r := w.start(t, "individual")
	wantStatus(t, r, onboarding.Unclear)
	w.wait(settle - time.Second)
	r = w.advance(t, r.ID)
	wantStatus(t, r, onboarding.Unclear)
	// The call takes effect at last.
	w.provider.mu.Lock()
	w.provider.profiles = append(w.provider.profiles, r.CustomerRef("test-"))
	w.provider.mu.Unlock()
	r = w.until(t, r.ID)
	wantStatus(t, r, onboarding.Open)
	if len(w.provider.profiles) != 1 || r.StubMayExist {
		t.Errorf("profiles %v, stub may exist: %v", w.provider.profiles, r.StubMayExist)
	}
}

func TestASecondCreationIsFlagged(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.provider.trouble["create profile"] = []trouble{{err: &onboarding.Error{Kind: onboarding.Unanswered}}}
	r := w.until(t, w.start(t, "individual").ID)
	wantStatus(t, r, onboarding.Open)
	if !r.StubMayExist {
		t.Error("nobody is told that a stub may exist")
	}
}

func TestHoldingFlowsWaitForAPerson(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.provider.trouble["create profile"] = []trouble{{err: &onboarding.Error{Kind: onboarding.Unanswered}}}
	wantStatus(t, w.until(t, w.start(t, "careful").ID), onboarding.NeedsAttention)
}

func TestAFailedLookUpIsNotAnAbsence(t *testing.T) {
	t.Parallel()
	w := newWorld()
	busy := trouble{err: &onboarding.Error{Kind: onboarding.Busy}}
	w.provider.trouble["create profile"] = []trouble{{effect: true, err: &onboarding.Error{Kind: onboarding.Unanswered}}}
	w.provider.trouble["find profile"] = []trouble{busy, busy, busy}
	r := w.start(t, "individual")
	w.wait(2 * settle)
	r = w.until(t, r.ID)
	wantStatus(t, r, onboarding.Open)
	if len(w.provider.profiles) != 1 {
		t.Errorf("calls %v", w.provider.calls)
	}
}

func TestADeadProcessLeavesAnUnclearCall(t *testing.T) {
	t.Parallel()
	w := newWorld()
	r, err := w.Start(t.Context(), someone, "individual", "", onboarding.Facts{})
	if err != nil {
		t.Fatal(err)
	}
	// A process has claimed it, stored that it will ask, asked, and died.
	claimed, err := w.records.Claim(t.Context(), r.ID, w.time(), w.time().Add(4*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	claimed.Ask = onboarding.AskProfile
	if _, err := w.records.Save(t.Context(), claimed, w.time().Add(4*time.Second)); err != nil {
		t.Fatal(err)
	}
	w.provider.profiles = append(w.provider.profiles, r.CustomerRef("test-"))
	if r := w.advance(t, r.ID); r.Status != onboarding.Starting {
		t.Errorf("somebody else's claim was taken: %s", r.Status)
	}
	w.wait(5 * time.Second)
	wantStatus(t, w.advance(t, r.ID), onboarding.Open)
	if slices.Contains(w.provider.calls, "create profile") {
		t.Errorf("the profile was created again: %v", w.provider.calls)
	}
}

func TestWhatWillBeAskedIsStoredFirst(t *testing.T) {
	t.Parallel()
	w := newWorld()
	hook := &askedBefore{provider: w.provider, records: w.records}
	w.Provider = hook
	wantStatus(t, w.start(t, "individual"), onboarding.Open)
	if hook.stored != onboarding.AskProfile {
		t.Errorf("stored when the provider is asked: %q", hook.stored)
	}
}

// askedBefore notes what is stored at the moment the provider is asked.
type askedBefore struct {
	*provider
	records *records
	stored  onboarding.Ask
}

func (p *askedBefore) CreateProfile(ctx context.Context, stub onboarding.StubProfile) (onboarding.ProfileID, error) {
	p.records.mu.Lock()
	for _, row := range p.records.rows {
		p.stored = row.Ask
	}
	p.records.mu.Unlock()
	return p.provider.CreateProfile(ctx, stub)
}

func TestAnAnswerThatComesAfterTheClaimWasLostIsFoundAgain(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.provider.hideKey = true
	w.Provider = &overtaken{provider: w.provider, world: w}
	r, err := w.Start(t.Context(), someone, "individual", "", onboarding.Facts{})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Advance(t.Context(), r.ID); onboarding.KindOf(err) != onboarding.Conflict {
		t.Fatalf("the claim was not lost: %v", err)
	}
	w.wait(time.Hour)
	wantStatus(t, w.until(t, r.ID), onboarding.Open)
	if len(w.provider.requests[string(r.CustomerRef("test-"))]) != 1 {
		t.Errorf("calls %v", w.provider.calls)
	}
}

// overtaken loses the claim to another process while the provider creates the request.
type overtaken struct {
	*provider
	world *world
}

func (p *overtaken) CreateRequest(ctx context.Context, id onboarding.ProfileID, f onboarding.Forms) (onboarding.CustomerRequest, error) {
	q, err := p.provider.CreateRequest(ctx, id, f)
	for r := range p.world.records.rows {
		p.world.wait(time.Minute)
		if _, err := p.world.records.Claim(ctx, r, p.world.time(), p.world.time().Add(time.Second)); err != nil {
			return q, err
		}
	}
	return q, err
}

func TestARegistrationOfAnUnknownFlowIsLeftAlone(t *testing.T) {
	t.Parallel()
	w := newWorld()
	r, err := w.Start(t.Context(), someone, "individual", "", onboarding.Facts{})
	if err != nil {
		t.Fatal(err)
	}
	known := w.Flows
	w.Flows = nil
	wantStatus(t, w.advance(t, r.ID), onboarding.Starting)
	w.Flows = known
	wantStatus(t, w.until(t, r.ID), onboarding.Open)
}

func TestAnAnswerIsKeptWhileTheStoreIsAway(t *testing.T) {
	t.Parallel()
	w := newWorld()
	r, err := w.Start(t.Context(), someone, "individual", "", onboarding.Facts{})
	if err != nil {
		t.Fatal(err)
	}
	w.provider.trouble["create profile"] = nil
	hook := &awayAfterAnswer{provider: w.provider, records: w.records}
	w.Provider = hook
	wantStatus(t, w.advance(t, r.ID), onboarding.Open)
	if len(w.provider.profiles) != 1 {
		t.Errorf("calls %v", w.provider.calls)
	}
}

// awayAfterAnswer takes the store away while the provider answers.
type awayAfterAnswer struct {
	*provider
	records *records
}

func (p *awayAfterAnswer) CreateProfile(ctx context.Context, stub onboarding.StubProfile) (onboarding.ProfileID, error) {
	id, err := p.provider.CreateProfile(ctx, stub)
	p.records.mu.Lock()
	p.records.away = 3
	p.records.mu.Unlock()
	return id, err
}

func TestConfirmBelievesTheProviderOnly(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		finished, back bool
		age            time.Duration
		newer          bool
		want           onboarding.Status
	}{
		"not finished":                        {back: true, want: onboarding.Open},
		"finished, back from the form":        {finished: true, back: true, want: onboarding.Completed},
		"finished, but nobody came back":      {finished: true, want: onboarding.Open},
		"over at its end":                     {finished: true, age: onboarding.RequestValidity, want: onboarding.Expired},
		"over at its end, back from the form": {finished: true, back: true, age: onboarding.RequestValidity, want: onboarding.Expired},
		"old, but not over":                   {age: 2 * onboarding.RequestValidity, want: onboarding.Open},
		"a newer one":                         {finished: true, newer: true, back: true, want: onboarding.Superseded},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			r := w.start(t, "individual")
			if c.finished {
				w.provider.finish(t, r)
			}
			if c.newer {
				if _, err := w.provider.CreateRequest(t.Context(), r.Profile, onboarding.Forms{}); err != nil {
					t.Fatal(err)
				}
			}
			w.wait(c.age)
			got, err := w.Confirm(t.Context(), r, c.back)
			if err != nil {
				t.Fatal(err)
			}
			wantStatus(t, got, c.want)
			wantStatus(t, w.records.only(t), c.want)
		})
	}
}

func TestAnExpiredRegistrationGetsAFreshRequestOnItsProfile(t *testing.T) {
	t.Parallel()
	w := newWorld()
	old := w.start(t, "individual")
	w.provider.finish(t, old)
	w.wait(onboarding.RequestValidity)
	expired, err := w.Confirm(t.Context(), old, false)
	if err != nil {
		t.Fatal(err)
	}
	wantStatus(t, expired, onboarding.Expired)
	fresh := w.start(t, "individual")
	wantStatus(t, fresh, onboarding.Open)
	if fresh.Request.ID == old.Request.ID || fresh.Profile != old.Profile || len(w.provider.profiles) != 1 {
		t.Errorf("old %+v, fresh %+v", old, fresh)
	}
}
