package onboarding_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"portal/internal/onboarding"
)

// verifier is a provider that checks documents, in memory, by the rules that onboarding.Verifier states: references are
// unique, the same bytes are not taken twice, and a check is asked for once.
type verifier struct {
	mu      sync.Mutex
	trouble map[string][]trouble // what the next calls of a name meet
	calls   []string
	byRef   map[string]onboarding.ProfileID
	people  map[onboarding.ProfileID]*applicantThere
	steps   []onboarding.Step
	images  int
	picky   bool                     // refuses whatever is known of an applicant
	sent    onboarding.ApplicantData // last
	greedy  bool                     // lets nobody take a picture away
	now     func() time.Time
	looked  func() // happens between a look and its answer; may be nil
}

// applicantThere is an applicant there.
type applicantThere struct {
	ref    string
	v      onboarding.Verification
	images map[string]onboarding.Image  // by id
	sets   map[string]string            // of images
	bytes  map[onboarding.Digest]string // image ids
	steps  map[string]onboarding.Review // results
	checks int
}

func newVerifier(now func() time.Time, steps ...onboarding.Step) *verifier {
	return &verifier{
		trouble: map[string][]trouble{}, byRef: map[string]onboarding.ProfileID{}, people: map[onboarding.ProfileID]*applicantThere{},
		steps: steps, now: now,
	}
}

// meet is the trouble of a call. The mutex is held.
func (p *verifier) meet(call string) trouble {
	p.calls = append(p.calls, call)
	list := p.trouble[call]
	if len(list) == 0 {
		return trouble{effect: true}
	}
	p.trouble[call] = list[1:]
	return list[0]
}

func (p *verifier) CreateApplicant(_ context.Context, a onboarding.NewApplicant) (onboarding.ProfileID, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	met := p.meet("create")
	if p.picky && (!a.Facts.Empty() || a.Language != "") {
		return "", &onboarding.Error{Kind: onboarding.Invalid, Err: errors.New("such a name cannot be")}
	}
	if met.effect {
		if _, ok := p.byRef[a.Reference]; !ok {
			id := onboarding.ProfileID(fmt.Sprintf("applicant-%d", len(p.people)+1))
			p.byRef[a.Reference] = id
			p.people[id] = &applicantThere{
				ref: a.Reference, images: map[string]onboarding.Image{}, sets: map[string]string{}, bytes: map[onboarding.Digest]string{},
				steps: map[string]onboarding.Review{},
				v:     onboarding.Verification{Level: a.Level, Inspection: "inspection of " + string(id), Status: onboarding.ReviewInit, Data: onboarding.ApplicantData{}},
			}
		}
	}
	if met.err != nil {
		return "", met.err
	}
	return p.byRef[a.Reference], nil
}

func (p *verifier) FindApplicant(_ context.Context, reference string) (onboarding.ProfileID, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if met := p.meet("find"); met.err != nil {
		return "", met.err
	}
	id, ok := p.byRef[reference]
	if !ok {
		return "", &onboarding.Error{Kind: onboarding.NotFound, Err: errors.New("none")}
	}
	return id, nil
}

func (p *verifier) Reference(_ context.Context, id onboarding.ProfileID) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.people[id].ref, nil
}

func (p *verifier) Verification(_ context.Context, id onboarding.ProfileID) (onboarding.Verification, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if met := p.meet("read"); met.err != nil {
		return onboarding.Verification{}, met.err
	}
	if p.looked != nil {
		defer p.looked()
	}
	return p.seen(p.people[id]), nil
}

// seen is what a read shows. The mutex is held.
func (p *verifier) seen(a *applicantThere) onboarding.Verification {
	v := a.v
	v.ReadAt = p.now()
	v.Steps = nil
	for _, s := range p.steps {
		s.Review = a.steps[s.Set]
		for _, id := range slices.Sorted(mapKeys(a.images)) {
			if a.sets[id] == s.Set {
				s.Images, s.Given = append(s.Images, a.images[id]), true
			}
		}
		v.Steps = append(v.Steps, s)
	}
	return v
}

func mapKeys[K comparable, V any](m map[K]V) func(func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func (p *verifier) AddDocument(_ context.Context, id onboarding.ProfileID, d onboarding.Document, c onboarding.Content) (onboarding.Receipt, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	met := p.meet("add")
	a := p.people[id]
	var image string
	if met.effect {
		if a.v.Status != onboarding.ReviewInit && !(a.v.Status == onboarding.ReviewCompleted && a.v.Review.RejectType == onboarding.Retry) {
			return onboarding.Receipt{}, &onboarding.Error{Kind: onboarding.Conflict, Err: onboarding.ErrClosed}
		}
		content, _ := io.ReadAll(c.Open())
		sum := onboarding.Digest(sha256.Sum256(content))
		if _, ok := a.bytes[sum]; ok {
			return onboarding.Receipt{}, &onboarding.Error{Kind: onboarding.Conflict, Err: onboarding.ErrTwice}
		}
		p.images++
		image = fmt.Sprintf("%04d", p.images)
		a.bytes[sum], a.sets[image] = image, d.Set
		a.images[image] = onboarding.Image{ID: image, Document: d.ID.String(), Type: d.Type, Side: d.Side, Country: d.Country, AddedAt: p.now()}
	}
	if met.err != nil {
		return onboarding.Receipt{}, met.err
	}
	return onboarding.Receipt{Image: image}, nil
}

func (p *verifier) RemoveImage(_ context.Context, _, image string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	met := p.meet("remove")
	if p.greedy {
		return &onboarding.Error{Kind: onboarding.Denied, Err: errors.New("not allowed")}
	}
	for _, a := range p.people {
		if i, ok := a.images[image]; ok && met.effect {
			i.Inactive = true
			a.images[image] = i
		}
	}
	return met.err
}

func (p *verifier) SetData(_ context.Context, id onboarding.ProfileID, d onboarding.ApplicantData) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	met := p.meet("data")
	p.sent = d
	if met.effect {
		for name, value := range d {
			p.people[id].v.Data[name] = value
		}
	}
	return met.err
}

func (p *verifier) RequestCheck(_ context.Context, id onboarding.ProfileID) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	met := p.meet("check")
	if met.effect {
		a := p.people[id]
		switch {
		case a.v.Status == onboarding.ReviewPending:
			return &onboarding.Error{Kind: onboarding.Conflict, Err: onboarding.ErrAsked}
		case a.v.Status == onboarding.ReviewCompleted:
			a.v.Attempt++
		}
		a.v.Status, a.v.Review = onboarding.ReviewPending, onboarding.Review{}
		a.checks++
	}
	return met.err
}

func (p *verifier) AccessToken(context.Context, string, string) (onboarding.SDKToken, time.Duration, error) {
	return "token", time.Minute, nil
}

// decide is what the provider's people do.
func (p *verifier) decide(id onboarding.ProfileID, r onboarding.Review, steps map[string]onboarding.Review, images map[string]onboarding.Review) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a := p.people[id]
	a.v.Status, a.v.Review = onboarding.ReviewCompleted, r
	for set, r := range steps {
		a.steps[set] = r
	}
	for id, i := range a.images {
		if r, ok := images[i.Side]; ok && !i.Inactive {
			i.Review = r
			a.images[id] = i
		}
	}
}

// put sets where the applicant stands.
func (p *verifier) put(id onboarding.ProfileID, change func(v *onboarding.Verification)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.people[id].v)
}

// active counts the images that count at a place.
func (p *verifier) active(id onboarding.ProfileID, set, side string) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for key, i := range p.people[id].images {
		if !i.Inactive && i.Side == side && p.people[id].sets[key] == set {
			n++
		}
	}
	return n
}

// files keeps documents in memory, by the rules that onboarding.Documents states.
type files struct {
	mu   sync.Mutex
	rows []onboarding.Document
}

func (f *files) TakePlace(_ context.Context, d onboarding.Document, _, until time.Time) (onboarding.Document, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, k := range f.rows {
		if k.Status == onboarding.DocumentSending && k.Registration == d.Registration && k.Set == d.Set && k.Side == d.Side {
			return k, errConflict
		}
	}
	d.Until = until
	f.rows = append(f.rows, d)
	return onboarding.Document{}, nil
}

func (f *files) KeepPlace(_ context.Context, d onboarding.Document, until time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.rows {
		if f.rows[i].ID == d.ID && f.rows[i].Status == onboarding.DocumentSending {
			f.rows[i].Until = until
			return nil
		}
	}
	return errConflict
}

func (f *files) SettleDocument(_ context.Context, d onboarding.Document) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.rows {
		if f.rows[i].ID == d.ID && f.rows[i].Status == onboarding.DocumentSending {
			f.rows[i] = d
		}
	}
	return nil
}

func (f *files) DocumentsOf(_ context.Context, id onboarding.RegistrationID) ([]onboarding.Document, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.rows), func(d onboarding.Document) bool { return d.Registration != id }), nil
}

// picture is the content of a file.
type picture string

func (p picture) Size() int64     { return int64(len(p)) }
func (p picture) Open() io.Reader { return bytes.NewReader([]byte(p)) }

// office is a world with a provider that checks documents.
type office struct {
	*world
	*onboarding.Uploads
	there *verifier
	files *files
}

var (
	identityStep = onboarding.Step{Set: "IDENTITY", Types: []string{"PASSPORT", "ID_CARD"}}
	selfieStep   = onboarding.Step{Set: "SELFIE", Types: []string{"SELFIE"}, Video: "disabled"}
	dataStep     = onboarding.Step{Set: "APPLICANT_DATA", Fields: []onboarding.DataField{{Name: "firstName", Required: true}, {Name: "dob", Required: true}}}
)

func newOffice(steps ...onboarding.Step) *office {
	w := newWorld()
	there := newVerifier(w.time, steps...)
	w.Verifier, w.CheckSettle = there, settle
	w.Flows["documents"] = onboarding.Flow{
		Name: "documents", Provider: onboarding.Sumsub, Role: onboarding.IndividualCustomer, Level: "level", Mode: onboarding.ModeAPI,
		ResultMails: onboarding.MailChanges,
	}
	o := &office{world: w, there: there, files: &files{}}
	o.Uploads = &onboarding.Uploads{Engine: w.Engine, Documents: o.files, NewID: func() onboarding.DocumentID { return onboarding.DocumentID(uuid.Must(uuid.NewV7())) }}
	return o
}

// begun is a registration whose documents are asked for.
func (o *office) begun(t failer) onboarding.Registration {
	t.Helper()
	r := o.until(t, o.start(t, "documents").ID)
	if r.Status != onboarding.Open || r.Verification == nil {
		t.Fatalf("begun as %s: %s", r.Status, r.Cause)
	}
	return r
}

// give has a file sent.
func (o *office) give(t failer, set, docType, side, content string) (onboarding.Registration, error) {
	t.Helper()
	r, _, err := o.Add(t.Context(), o.records.only(t), onboarding.Upload{
		Place: onboarding.Place{Set: set, Type: docType, Side: side}, Country: "DEU", Format: onboarding.JPEG,
		Digest: onboarding.Digest(sha256.Sum256([]byte(content))), Content: picture(content),
	})
	return r, err
}

func (o *office) gives(t failer, set, docType, side, content string) onboarding.Registration {
	t.Helper()
	r, err := o.give(t, set, docType, side, content)
	if err != nil {
		t.Fatalf("giving %s: %v", content, err)
	}
	return r
}

// complete gives everything and has it checked.
func (o *office) complete(t failer) onboarding.Registration {
	t.Helper()
	o.begun(t)
	o.gives(t, "IDENTITY", "ID_CARD", onboarding.FrontSide, "front")
	o.gives(t, "IDENTITY", "ID_CARD", onboarding.BackSide, "back")
	return o.check(t, o.gives(t, "SELFIE", "SELFIE", "", "face"))
}

// check has everything checked that was given.
func (o *office) check(t failer, r onboarding.Registration) onboarding.Registration {
	t.Helper()
	r, err := o.RequestCheck(t.Context(), r)
	if err != nil {
		t.Fatalf("requesting the check: %v", err)
	}
	return o.checked(t, r.ID)
}

// checked moves time on until the check was asked for.
func (o *office) checked(t failer, id onboarding.RegistrationID) onboarding.Registration {
	t.Helper()
	for range 600 {
		if r := o.advance(t, id); r.Ask == "" {
			return r
		}
		o.wait(time.Second)
	}
	t.Fatalf("never asked: %+v", o.records.only(t))
	panic("unreachable")
}

// hearAfter has the engine hear of a change after a while.
func (o *office) hearAfter(t failer, d time.Duration) onboarding.Registration {
	t.Helper()
	o.wait(d)
	return o.hear(t)
}

// hear has the engine hear of a change.
func (o *office) hear(t failer) onboarding.Registration {
	t.Helper()
	r := o.records.only(t)
	if err := o.Hear(t.Context(), onboarding.Notice{Profile: r.Profile, Since: o.time()}); err != nil {
		t.Fatalf("hearing: %v", err)
	}
	return o.records.only(t)
}

func green() onboarding.Review { return onboarding.Review{Answer: onboarding.Green} }

func red(kind string, labels ...string) onboarding.Review {
	return onboarding.Review{Answer: onboarding.Red, RejectType: kind, Labels: labels}
}

func standsAs(t *testing.T, r onboarding.Registration, want onboarding.Status) {
	t.Helper()
	if r.Status != want {
		t.Errorf("stands as %s (%s), want %s", r.Status, r.Cause, want)
	}
}
