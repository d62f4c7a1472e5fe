package postgres_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/onboarding"
	"portal/internal/postgres"
)

// read is what was read of an applicant, with data that nobody may find in clear.
func read() *onboarding.Verification {
	return &onboarding.Verification{
		Level: "id-and-selfie", Inspection: "i-1", Status: onboarding.ReviewCompleted, Attempt: 2,
		Review: onboarding.Review{Answer: onboarding.Red, RejectType: onboarding.Retry, Comment: "Dear Lovelace, too dark", Labels: []string{"LOW_QUALITY"}},
		Steps: []onboarding.Step{{
			Set: "IDENTITY", Types: []string{"PASSPORT"}, Given: true,
			Images: []onboarding.Image{{ID: "1", Type: "PASSPORT", Country: "GBR", AddedAt: now, Review: onboarding.Review{Answer: onboarding.Red}}},
		}},
		Language: "en", Data: onboarding.ApplicantData{"lastName": "Lovelace"}, ReadAt: now, Judged: []string{"1"}, Corrected: true, Decided: onboarding.MailRetry,
	}
}

// examined is a registration whose documents are asked for.
func examined(t *testing.T, s *postgres.Store, name string) onboarding.Registration {
	t.Helper()
	wanted := intent(applicant(t, s, name))
	wanted.Provider, wanted.Flow = onboarding.Sumsub, "documents"
	r, err := s.Begin(t.Context(), wanted)
	if err != nil {
		t.Fatal(err)
	}
	r.Status, r.Profile, r.Verification, r.DueAt, r.ReadAt = onboarding.Open, onboarding.ProfileID("applicant of "+name), read(), time.Time{}, now.Add(time.Hour)
	if r, err = s.Save(t.Context(), r, time.Time{}); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAVerificationIsKeptSealedWithItsRegistration(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	r := examined(t, s, "a")
	for name, get := range map[string]func() (onboarding.Registration, error){
		"by id":      func() (onboarding.Registration, error) { return s.Registration(t.Context(), r.ID) },
		"by profile": func() (onboarding.Registration, error) { return s.OfProfile(t.Context(), r.Profile) },
	} {
		got, err := get()
		if err != nil || got.Provider != onboarding.Sumsub || got.Request != nil {
			t.Fatalf("%s: %v %+v", name, err, got)
		}
		if diff := cmp.Diff(read(), got.Verification); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if found := inClear(t, pool, "verifications", "Lovelace"); found {
		t.Error("personal data is kept in clear")
	}
	if got, err := postgres.New(pool, newKeys(t), postgres.NoJobs).Registration(t.Context(), r.ID); err != nil || got.Verification != nil {
		t.Errorf("with other keys: %v, %+v", err, got.Verification)
	}
}

// inClear says whether a text stands anywhere in a table.
func inClear(t *testing.T, pool *pgxpool.Pool, table, text string) bool {
	t.Helper()
	var rows string
	if err := pool.QueryRow(t.Context(), "select coalesce(string_agg(t::text, ''), '') from "+table+" t").Scan(&rows); err != nil {
		t.Fatal(err)
	}
	return strings.Contains(rows, text)
}

func TestAVerificationIsBoundToItsRegistration(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	a, b := examined(t, s, "a"), examined(t, s, "b")
	_, err := pool.Exec(t.Context(), "update verifications set sealed = (select sealed from verifications where registration_id = $1) where registration_id = $2",
		uuid.UUID(a.ID), uuid.UUID(b.ID))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.Registration(t.Context(), b.ID); err != nil || got.Verification != nil {
		t.Errorf("another's verification is taken: %v, %+v", err, got.Verification)
	}
}

func TestOnlyASecondProviderNeedsNoCustomerRequest(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	r, err := s.Begin(t.Context(), intent(applicant(t, s, "a")))
	if err != nil {
		t.Fatal(err)
	}
	r.Status, r.Profile, r.DueAt = onboarding.Open, "p", time.Time{}
	if _, err := s.Save(t.Context(), r, time.Time{}); err == nil || onboarding.KindOf(err) == onboarding.Conflict {
		t.Errorf("a form without a request is stored: %v", err)
	}
}

func TestACheckThatIsWantedIsDue(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	r := examined(t, s, "a")
	r.Status, r.Ask, r.DueAt = onboarding.Checking, onboarding.AskCheck, now
	r, err := s.Save(t.Context(), r, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	due, err := s.Due(t.Context(), now, 5)
	if err != nil || len(due) != 1 || due[0] != r.ID {
		t.Fatalf("due are %v, %v", due, err)
	}
	got, err := s.Claim(t.Context(), r.ID, now, now.Add(time.Minute))
	if err != nil || got.Verification == nil || got.Ask != onboarding.AskCheck {
		t.Errorf("claimed %+v, %v", got, err)
	}
	got.Status, got.Ask, got.DueAt, got.ReadAt = onboarding.Completed, "", now, time.Time{}
	if _, err := s.Save(t.Context(), got, time.Time{}); err == nil {
		t.Error("what is decided is stored as due")
	}
}

func TestReadingGoesOnWhileSomethingMayChange(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	r := examined(t, s, "a")
	for _, status := range []onboarding.Status{onboarding.Open, onboarding.Checking, onboarding.Completed, onboarding.Rejected} {
		r.Status = status
		var err error
		if r, err = s.Save(t.Context(), r, time.Time{}); err != nil {
			t.Fatal(err)
		}
		silent, err := s.Silent(t.Context(), now.Add(2*time.Hour), 5)
		if want := status == onboarding.Open || status == onboarding.Checking; err != nil || len(silent) == 1 != want {
			t.Errorf("%s: to be read are %v, %v", status, silent, err)
		}
	}
}

// file is a document on its way to a place.
func file(r onboarding.Registration, side string) onboarding.Document {
	return onboarding.Document{
		ID: onboarding.DocumentID(uuid.New()), Registration: r.ID, Place: onboarding.Place{Set: "IDENTITY", Type: "ID_CARD", Side: side},
		Country: "GBR", Format: onboarding.JPEG, Digest: onboarding.Digest{1, 2, 3}, Status: onboarding.DocumentSending,
	}
}

func TestOneDocumentAtMostIsOnItsWayToAPlace(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	r := examined(t, s, "a")
	var mu sync.Mutex
	var taken []onboarding.Document
	var all sync.WaitGroup
	for range 20 {
		d := file(r, onboarding.FrontSide)
		all.Go(func() {
			inTheWay, err := s.TakePlace(t.Context(), d, now, now.Add(time.Minute))
			mu.Lock()
			defer mu.Unlock()
			switch onboarding.KindOf(err) {
			case onboarding.Conflict:
				if inTheWay.ID == d.ID || !inTheWay.Until.Equal(now.Add(time.Minute)) {
					t.Errorf("in the way is %+v", inTheWay)
				}
			case "":
				taken = append(taken, d)
			}
		})
	}
	all.Wait()
	if len(taken) != 1 {
		t.Fatalf("%d are on their way", len(taken))
	}
	if _, err := s.TakePlace(t.Context(), file(r, onboarding.BackSide), now, now); err != nil {
		t.Errorf("the other side: %v", err)
	}
	d := taken[0]
	d.Status, d.Image, d.Advice, d.Until = onboarding.DocumentSent, "77", []string{"badSelfie"}, now
	if err := s.SettleDocument(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if _, err := s.TakePlace(t.Context(), file(r, onboarding.FrontSide), now, now); err != nil {
		t.Errorf("the next one: %v", err)
	}
	if err := s.KeepPlace(t.Context(), d, now); onboarding.KindOf(err) != onboarding.Conflict {
		t.Errorf("what has arrived is kept on its way: %v", err)
	}
	list, err := s.DocumentsOf(t.Context(), r.ID)
	d.Until = time.Time{}
	if err != nil || len(list) != 3 || !cmp.Equal(find(list, d.ID), d) {
		t.Errorf("listed are %+v, %v; want among them %+v", list, err, d)
	}
}

func find(list []onboarding.Document, id onboarding.DocumentID) onboarding.Document {
	for _, d := range list {
		if d.ID == id {
			return d
		}
	}
	return onboarding.Document{}
}

func TestADocumentIsSettledOnce(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	d := file(examined(t, s, "a"), onboarding.FrontSide)
	if _, err := s.TakePlace(t.Context(), d, now, now); err != nil {
		t.Fatal(err)
	}
	d.Until = now
	if err := s.SettleDocument(t.Context(), d); err != nil { // its fate is not known yet
		t.Fatal(err)
	}
	sent, late := d, d
	sent.Status, sent.Image = onboarding.DocumentSent, "77"
	late.Status, late.Cause = onboarding.DocumentLost, "who is late does not know"
	for _, d := range []onboarding.Document{sent, late} {
		if err := s.SettleDocument(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	if list, err := s.DocumentsOf(t.Context(), d.Registration); err != nil || list[0].Status != onboarding.DocumentSent || list[0].Image != "77" {
		t.Errorf("it is %+v, %v", list, err)
	}
}

func TestADecisionAndItsEMailAreStoredTogether(t *testing.T) {
	t.Parallel()
	s, w := newWaking(t)
	r := examined(t, s, "a")
	r.Mail = onboarding.MailRejected
	stale := r
	r, err := s.Save(t.Context(), r, time.Time{})
	if err != nil || r.Mail != "" || len(w.mails) != 1 || w.mails[0] != onboarding.MailRejected {
		t.Fatalf("mailed %v, %v", w.mails, err)
	}
	if _, err := s.Save(t.Context(), stale, time.Time{}); onboarding.KindOf(err) != onboarding.Conflict || len(w.mails) != 1 {
		t.Errorf("what is not stored is mailed: %v, %v", w.mails, err)
	}
	r.Mail = onboarding.MailApproved
	w.refuse = errors.New("no queue")
	if _, err := s.Save(t.Context(), r, time.Time{}); err == nil {
		t.Error("stored without its e-mail")
	}
	if got, err := s.Registration(t.Context(), r.ID); err != nil || got.Version != r.Version {
		t.Errorf("stored without its e-mail: version %d, %v", got.Version, err)
	}
}

func TestReplicasKeepOnePaceTogether(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	_, one := s.SumsubPaces()
	_, other := postgres.New(pool, nil, postgres.NoJobs).SumsubPaces()
	took := func(from, until time.Duration) (n int) {
		for at := from; at < until; at += 10 * time.Millisecond {
			for _, p := range []*postgres.Pace{one, other} {
				wait, err := p.Take(context.Background(), now.Add(at))
				if err != nil {
					t.Fatal(err)
				}
				if wait == 0 {
					n++
				}
			}
		}
		return n
	}
	if n := took(0, 5*time.Second); n < 40 || n > 46 {
		t.Errorf("%d writes in the first five seconds", n)
	}
	if n := took(5*time.Second, 10*time.Second); n < 32 || n > 46 {
		t.Errorf("%d writes in the next", n)
	}
}
