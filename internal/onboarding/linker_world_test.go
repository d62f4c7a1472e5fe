package onboarding_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"portal/internal/onboarding"
)

// drawer keeps one structure in memory.
type drawer struct {
	mu    sync.Mutex
	st    onboarding.Structure
	reg   onboarding.Registration
	due   time.Time
	known map[onboarding.AssociateID][]onboarding.ProfileID
}

var errLost = &onboarding.Error{Kind: onboarding.Conflict, Err: errors.New("lost")}

func (d *drawer) ClaimStructure(_ context.Context, _ onboarding.RegistrationID, now, _ time.Time) (onboarding.Structure, onboarding.Registration, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.due.IsZero() || d.due.After(now) {
		return onboarding.Structure{}, onboarding.Registration{}, errLost
	}
	d.st.Fence++
	st := d.st
	st.Associates = slices.Clone(st.Associates)
	return st, d.reg, nil
}

func (d *drawer) ExtendStructure(context.Context, onboarding.Structure, time.Time) error { return nil }

func (d *drawer) SaveAssociate(_ context.Context, st onboarding.Structure, a onboarding.Associate, _ time.Time) (onboarding.Associate, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if a.Profile != "" && !slices.Contains(d.known[a.ID], a.Profile) {
		d.known[a.ID] = append(d.known[a.ID], a.Profile)
	}
	i := slices.IndexFunc(d.st.Associates, func(b onboarding.Associate) bool { return b.ID == a.ID })
	switch {
	case st.Fence != d.st.Fence:
		return a, errLost
	case d.st.Associates[i].Version != a.Version:
		return a, &onboarding.Error{Kind: onboarding.Conflict, Err: onboarding.ErrEdited}
	}
	a.Version++
	d.st.Associates[i] = a
	return a, nil
}

func (d *drawer) Associate(_ context.Context, id onboarding.AssociateID) (onboarding.Associate, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.st.Find(id)
}

func (d *drawer) SaveStructure(_ context.Context, st onboarding.Structure, due, _ time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.st.Ending, d.st.Attention, d.st.Acknowledged, d.st.ReadAt, d.st.Own = st.Ending, st.Attention, st.Acknowledged, st.ReadAt, st.Own
	d.st.Company, d.due = st.Company, due
	return nil
}

func (d *drawer) DueStructures(context.Context, time.Time, int) ([]onboarding.RegistrationID, error) {
	return nil, nil
}

func (d *drawer) KnownAssociateProfiles(_ context.Context, a onboarding.AssociateID) ([]onboarding.ProfileID, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.known[a], nil
}

func (d *drawer) NoteAssociateProfile(_ context.Context, a onboarding.AssociateID, id onboarding.ProfileID, _ time.Time) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.known[a] = append(d.known[a], id)
	return false, nil
}

func (d *drawer) TakenByAssociates(context.Context, onboarding.AssociateID, []onboarding.ProfileID) ([]onboarding.ProfileID, error) {
	return nil, nil
}

func (d *drawer) ReadStructureOf(_ context.Context, _ onboarding.ProfileID, due time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.st.ReadAt, d.due = due, due
	return nil
}

// registry is a provider in memory. A company's file is the list of the profiles in it.
type registry struct {
	mu       sync.Mutex
	profiles map[onboarding.ProfileID]string // their references
	files    map[onboarding.ProfileID]*filed
	view     onboarding.ProfileView
	running  bool
	own      map[onboarding.ProfileID][]onboarding.Application // as they are read alone
	noWrites int                                               // how often there is no turn at writing
	lists    map[onboarding.ProfileID]string

	answer  func(d onboarding.Details) error                     // to a creation; nil creates
	rival   func(company onboarding.ProfileID)                   // is quicker; nil for none
	refuses func(company onboarding.ProfileID, in []string) bool // a file
	writes  int
	noTurns int // asked for
	turns   int // left; negative for ever
}

type filed struct {
	version int
	in      []string
}

func (r *registry) CreateAssociate(_ context.Context, p onboarding.AssociateProfile) (onboarding.ProfileID, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var err error
	if r.answer != nil {
		err = r.answer(p.Details)
	}
	if k := onboarding.KindOf(err); err != nil && k != onboarding.Unanswered {
		return "", err
	}
	id := onboarding.ProfileID(fmt.Sprintf("%s-%d", p.Details.DisplayName(), len(r.profiles)))
	r.profiles[id], r.files[id] = p.CustomerRef, &filed{}
	return id, err
}

func (r *registry) FindProfile(_ context.Context, p onboarding.StubProfile, _ time.Time, _ onboarding.Taken) (onboarding.ProfileID, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, ref := range r.profiles {
		if ref == p.CustomerRef {
			return id, nil
		}
	}
	return "", &onboarding.Error{Kind: onboarding.NotFound, Err: errors.New("none")}
}

func (r *registry) CustomerRef(_ context.Context, id onboarding.ProfileID) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.profiles[id], nil
}

func (r *registry) ReadProfile(_ context.Context, id onboarding.ProfileID) (onboarding.ProfileView, error) {
	if apps, ok := r.own[id]; ok {
		return onboarding.ProfileView{Applications: apps}, nil
	}
	if _, associate := r.profiles[id]; associate {
		return onboarding.ProfileView{}, nil
	}
	return r.view, nil
}

func (r *registry) CompanyFile(_ context.Context, company onboarding.ProfileID) (onboarding.CompanyFile, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.read(company), nil
}

func (r *registry) read(company onboarding.ProfileID) onboarding.CompanyFile {
	text, _ := json.Marshal(r.files[company].in)
	return onboarding.CompanyFile{Profile: company, Version: fmt.Sprint(r.files[company].version), Text: text}
}

func inFile(f onboarding.CompanyFile) (list []string) {
	_ = json.Unmarshal([]byte(f.Text), &list)
	return list
}

func (r *registry) Placed(f onboarding.CompanyFile, placements []onboarding.Placement) (onboarding.CompanyFile, bool, error) {
	list, changed := inFile(f), false
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range placements {
		for _, role := range p.Details.Roles {
			entry := fmt.Sprintf("%s as %s", p.Profile, role)
			if !slices.Contains(list, entry) {
				list, changed = append(list, entry), true
			}
			if named := strings.Join(p.Lists[role], ","); named != r.lists[p.Profile] {
				r.lists[p.Profile], changed = named, true
			}
		}
	}
	f.Text, _ = json.Marshal(list)
	return f, changed, nil
}

func (r *registry) ReplaceCompanyFile(_ context.Context, f onboarding.CompanyFile) (onboarding.CompanyFile, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.rival != nil {
		r.rival(f.Profile)
	}
	there := r.files[f.Profile]
	if f.Version != fmt.Sprint(there.version) {
		return r.read(f.Profile), &onboarding.Error{Kind: onboarding.Conflict, Err: errors.New("412")}
	}
	if r.refuses != nil && r.refuses(f.Profile, inFile(f)) {
		return f, &onboarding.Error{Kind: onboarding.Invalid, Err: errors.New("400")}
	}
	r.writes++
	there.version++
	there.in = inFile(f)
	return r.read(f.Profile), nil
}

func (r *registry) Behind(f onboarding.CompanyFile) (view onboarding.BehindView, err error) {
	for _, entry := range inFile(f) {
		id, _, _ := strings.Cut(entry, " as ")
		v := onboarding.AssociateView{Profile: onboarding.ProfileID(id)}
		for _, other := range inFile(f) {
			if of, role, _ := strings.Cut(other, " as "); of == id {
				v.Roles = append(v.Roles, onboarding.AssociatedRole(role))
			}
		}
		if r.running {
			v.Applications = []onboarding.Application{{Status: "APPLIED"}}
		}
		view.Associates = append(view.Associates, v)
	}
	return view, nil
}

func (r *registry) TakeSpare(context.Context, time.Time) (time.Duration, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.turns == 0 {
		r.noTurns++
		return time.Second, nil
	}
	r.turns--
	return 0, nil
}

func (r *registry) GiveBack(context.Context) error { return nil }

func (r *registry) TakeWrite(context.Context, time.Time) (time.Duration, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.noWrites > 0 {
		r.noWrites--
		return time.Minute, nil
	}
	return 0, nil
}

// links is a linker with its world, whose clock stands still unless it is set.
type links struct {
	*onboarding.Linker
	drawer   *drawer
	provider *registry
	now      time.Time
}

func newLinks(t *testing.T, f onboarding.Flow, submitted ...onboarding.NewAssociate) *links {
	t.Helper()
	reg := onboarding.Registration{ID: onboarding.RegistrationID(uuid.MustParse("00000000-0000-7000-8000-00000000aaaa")), Flow: f.Name, Profile: "root"}
	l := &links{
		now:    today,
		drawer: &drawer{reg: reg, due: today, known: map[onboarding.AssociateID][]onboarding.ProfileID{}},
		provider: &registry{
			profiles: map[onboarding.ProfileID]string{}, files: map[onboarding.ProfileID]*filed{"root": {}},
			lists: map[onboarding.ProfileID]string{}, turns: -1,
		},
	}
	for _, n := range submitted {
		n.Submit, n.Distinct = true, true
		e, _, err := l.drawer.st.Add(n, f, today)
		if err != nil {
			t.Fatal(err)
		}
		l.drawer.st = applied(l.drawer.st, e)
	}
	l.Linker = &onboarding.Linker{
		Flows: map[string]onboarding.Flow{f.Name: f}, Links: l.drawer, Profiles: l.provider, Files: l.provider, Turns: l.provider,
		RefPrefix: "p-", Settle: time.Minute, AtOnce: 1, Now: func() time.Time { return l.now }, Jitter: func() float64 { return 0.5 },
		Log: slog.New(slog.DiscardHandler),
	}
	return l
}

// advance lets the linker do what is due, again and again until nothing is due now.
func (l *links) advance(t *testing.T) {
	t.Helper()
	for range 100 {
		if l.drawer.due.IsZero() || l.drawer.due.After(l.now) {
			return
		}
		if err := l.Advance(t.Context(), l.drawer.reg.ID); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatal("it never comes to rest")
}

func (l *links) associate(t *testing.T, n int) onboarding.Associate {
	t.Helper()
	a, err := l.drawer.st.Find(associateID(n))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// entries are what a company's file holds, by names and roles alone.
func (l *links) entries(company onboarding.ProfileID) (list []string) {
	for _, entry := range l.provider.files[company].in {
		id, role, _ := strings.Cut(entry, " as ")
		name, _, _ := strings.Cut(id, "-")
		list = append(list, name+" "+role)
	}
	return list
}
