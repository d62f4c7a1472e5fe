package postgres_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/identity"
	"portal/internal/postgres"
)

// limits are those of the tests' sessions.
var limits = identity.Limits{Idle: time.Hour, Absolute: 3 * time.Hour}

func visit(t *testing.T, s *postgres.Store, session identity.Token) identity.Session {
	t.Helper()
	who, _, err := s.Visit(t.Context(), session, limits, now)
	if err != nil {
		t.Fatal(err)
	}
	return who
}

// open opens a session for a person and returns it as a visit shows it.
func open(t *testing.T, s *postgres.Store, p identity.Person, o identity.Opening) identity.Session {
	t.Helper()
	if err := s.OpenSession(t.Context(), p, o, now); err != nil {
		t.Fatal(err)
	}
	return visit(t, s, o.Session)
}

// alive says whether the session goes on.
func alive(t *testing.T, s *postgres.Store, session identity.Token, at time.Time) bool {
	t.Helper()
	_, _, err := s.Visit(t.Context(), session, limits, at)
	if err != nil && !errors.Is(err, identity.ErrNobody) {
		t.Fatal(err)
	}
	return err == nil
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	idle, _ := signIn(t, s, "idle@example.com")
	if alive(t, s, idle, now.Add(limits.Idle)) {
		t.Error("idle for too long")
	}
	busy, _ := signIn(t, s, "busy@example.com")
	for after := time.Duration(0); after < limits.Absolute; after += 50 * time.Minute {
		if !alive(t, s, busy, now.Add(after)) {
			t.Errorf("busy, and ended after %s", after)
		}
	}
	if alive(t, s, busy, now.Add(limits.Absolute)) {
		t.Error("beyond its absolute end")
	}
	gone, _ := signIn(t, s, "gone@example.com")
	if _, err := s.EndSession(t.Context(), gone, now); err != nil {
		t.Fatal(err)
	}
	if _, err := s.EndSession(t.Context(), gone, now); !errors.Is(err, identity.ErrNobody) {
		t.Errorf("ended twice: %v", err)
	}
	if alive(t, s, gone, now) || alive(t, s, identity.NewToken(), now) {
		t.Error("signed out, or a made-up token")
	}
}

func TestASessionsEndTellsHowItBegan(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	o, p := opening(), identity.Person{Issuer: "https://id.example.com", Subject: "1", Email: "a@example.com", Name: "Ada"}
	o.Provider = identity.ProviderSession{Name: "staff", ID: "sid", IDToken: "the id token"}
	who := open(t, s, p, o)
	if who.Email != p.Email || who.Name != p.Name || who.Provider.Name != "staff" || who.Provider.IDToken != "" {
		t.Errorf("%+v", who)
	}
	if found := grep(t, pool, "sessions", "the id token"); found {
		t.Error("the ID token is stored in clear")
	}
	ended, err := s.EndSession(t.Context(), o.Session, now)
	if err != nil || ended.Provider != o.Provider || ended.Issuer != p.Issuer || ended.Subject != p.Subject || ended.ID != who.ID {
		t.Errorf("%+v, %v", ended, err)
	}
}

func TestANewSessionEndsTheBrowsersFormerOne(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	former, _ := signIn(t, s, "a@example.com")
	elsewhere, _ := signIn(t, s, "a@example.com")
	o, in := opening(), putCode(t, s, "b@example.com")
	o.Replaces = former
	if _, err := s.TakeCode(t.Context(), in.Browser, []byte("wrong"), here, o, now); err == nil || !alive(t, s, former, now) {
		t.Errorf("a wrong code ended the session: %v", err)
	}
	if _, err := s.TakeCode(t.Context(), in.Browser, []byte("right"), here, o, now); err != nil {
		t.Fatal(err)
	}
	if alive(t, s, former, now) || !alive(t, s, elsewhere, now) || !alive(t, s, o.Session, now) {
		t.Error("the former one goes on, or others do not")
	}
	again := opening()
	again.Replaces = former // which has ended already
	open(t, s, identity.Person{Issuer: identity.LinkIssuer, Subject: "7"}, again)
}

// Ada has two sessions by e-mail and one by a linked identity; Eve has hers.
func adaAndEve(t *testing.T, s *postgres.Store) (own []identity.Token, ada identity.ApplicantID, eve identity.Token) {
	t.Helper()
	linked := opening()
	first, a := signIn(t, s, "ada@example.com")
	second, _ := signIn(t, s, "ada@example.com")
	open(t, s, identity.Person{Issuer: "https://id.example.com", Subject: "1", Email: "ada@example.com", Linked: true}, linked)
	eve, _ = signIn(t, s, "eve@example.com")
	return []identity.Token{first, second, linked.Session}, identity.ApplicantID(a), eve
}

func TestOwnSessionsAreListedTheLastSeenFirst(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	own, _, _ := adaAndEve(t, s)
	ended, _ := signIn(t, s, "ada@example.com")
	if _, err := s.EndSession(t.Context(), ended, now); err != nil {
		t.Fatal(err)
	}
	for i, token := range own {
		if !alive(t, s, token, now.Add(time.Duration(10+i)*time.Minute)) {
			t.Fatal("a session has ended")
		}
	}
	looking := visitor(own[1], now.Add(30*time.Minute))
	looking.Unattended = true
	_, _, list, err := s.VisitSessions(t.Context(), looking)
	if err != nil {
		t.Fatal(err)
	}
	var got []identity.SessionID
	for _, session := range list {
		got = append(got, session.ID)
	}
	want := []identity.SessionID{idOf(own[2]), idOf(own[1]), idOf(own[0])}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("listed (-want +got):\n%s", diff)
	}
	_, _, late, err := s.VisitSessions(t.Context(), visitor(own[1], now.Add(10*time.Minute+limits.Idle)))
	if err != nil || len(late) != 2 {
		t.Errorf("%d listed when the first has been idle for too long, %v", len(late), err)
	}
}

func idOf(t identity.Token) identity.SessionID { return identity.SessionIDOf(t.Hash()) }

func TestApplicantsEndOnlyTheirOwnSessions(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	own, ada, eve := adaAndEve(t, s)
	for _, id := range []identity.SessionID{idOf(eve), "", "0000000000000000"} {
		if err := s.EndOwn(t.Context(), ada, id, now); err != nil {
			t.Fatal(err)
		}
	}
	if !alive(t, s, eve, now) || !alive(t, s, own[0], now) {
		t.Error("a session that was not named has ended, or another applicant's")
	}
	if err := s.EndOwn(t.Context(), ada, idOf(own[2]), now); err != nil {
		t.Fatal(err)
	}
	if alive(t, s, own[2], now) || !alive(t, s, own[0], now) || !alive(t, s, own[1], now) {
		t.Error("the one that was named goes on, or another has ended")
	}
	if err := s.EndOthers(t.Context(), ada, own[0], now); err != nil {
		t.Fatal(err)
	}
	if alive(t, s, own[1], now) || !alive(t, s, own[0], now) || !alive(t, s, eve, now) {
		t.Error("the others go on, or the one that was kept has ended, or another applicant's")
	}
}

func TestEndingAllOthersWithAnothersTokenSparesNothingOfTheirs(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	own, ada, eve := adaAndEve(t, s)
	if err := s.EndOthers(t.Context(), ada, eve, now); err != nil {
		t.Fatal(err)
	}
	for i, token := range own {
		if alive(t, s, token, now) {
			t.Errorf("session %d goes on", i)
		}
	}
	if !alive(t, s, eve, now) {
		t.Error("another applicant's session has ended")
	}
}
