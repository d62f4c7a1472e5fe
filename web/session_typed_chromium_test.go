package web_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"portal/internal/browsertest"
	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/web"
)

// aged are visits whose sessions have shown no sign of life for a while longer than they say.
type aged struct {
	web.Visits
	by    atomic.Int64
	stays atomic.Bool // the next sign of life counts, as it does for a session that is as old as it says
}

func (a *aged) Visit(ctx context.Context, t identity.Token, l identity.Limits, now time.Time) (identity.Session, []onboarding.Registration, error) {
	a.alive()
	who, begun, err := a.Visits.Visit(ctx, t, l, now)
	return a.older(who), begun, err
}

func (a *aged) Look(ctx context.Context, t identity.Token, l identity.Limits, now time.Time) (identity.Session, []onboarding.Registration, error) {
	who, begun, err := a.Visits.Look(ctx, t, l, now)
	return a.older(who), begun, err
}

func (a *aged) VisitCompany(ctx context.Context, v identity.Visitor, of onboarding.Pick) (identity.Session, []onboarding.Registration, onboarding.Structure, error) {
	if !v.Unattended {
		a.alive()
	}
	who, begun, st, err := a.Visits.VisitCompany(ctx, v, of)
	return a.older(who), begun, st, err
}

func (a *aged) VisitDocuments(ctx context.Context, v identity.Visitor, of onboarding.Pick) (identity.Session, []onboarding.Registration, []onboarding.Document, error) {
	if !v.Unattended {
		a.alive()
	}
	who, begun, list, err := a.Visits.VisitDocuments(ctx, v, of)
	return a.older(who), begun, list, err
}

// alive is a sign of life.
func (a *aged) alive() {
	if a.stays.Load() {
		a.by.Store(0)
	}
}

func (a *aged) older(who identity.Session) identity.Session {
	who.SeenAt = who.SeenAt.Add(-time.Duration(a.by.Load()))
	return who
}

// soon is how long after the page is opened the warning is due.
const soon = 2 * time.Second

// typing is a browser that has typed something on a page which will soon warn that the session ends. From then on it looks
// once a minute how the session stands, or hurries.
func typing(t *testing.T, hurries bool) (w *world, p *browsertest.Page, seen *aged) {
	t.Helper()
	seen = &aged{}
	w = newWorld(t, wanted{url: "http://127.0.0.1/onboarding", visits: func(v web.Visits) web.Visits {
		seen.Visits = v
		return seen
	}})
	address := w.server.URL + "/onboarding"
	p = browsertest.New(t).Page(t)
	if hurries {
		p.Hurry(time.Minute, 300)
	}
	for _, expected := range []string{"collection.example.net", "net::ERR", "401", "422"} {
		p.Allow(expected) // the provider is not there, the session will have ended, and the form lacks something
	}
	w.signInAt(p, address, "ada@example.com")
	p.Press("Start: Open a business account")
	p.See("The form does not appear")
	seen.by.Store(int64(limits.Idle - identity.SessionWarning - soon))
	p.Open(address + "/associates/new?type=INDIVIDUAL")
	p.Fill("Family name", "Wolter")
	return w, p, seen
}

const (
	leaving   = "For your protection you will be signed out within 5 minutes, unless you press the button."
	signedOut = "To send it, sign in again in another tab."
)

// isStillTyped sends the form, which lacks something, and looks for what was typed in what comes back.
func isStillTyped(t *testing.T, p *browsertest.Page) {
	t.Helper()
	p.Press(say("en", "associates.save"))
	p.See(say("en", "layout.summary"))
	if !strings.Contains(p.HTML(), `value="Wolter"`) {
		t.Errorf("what was typed is gone:\n%s", p.HTML())
	}
}

func TestWhoTypesIsWarnedAndStaysInOnePress(t *testing.T) {
	t.Parallel()
	_, p, seen := typing(t, false)
	p.See(leaving)
	if got := p.Focused(); got != "Family name" {
		t.Errorf("the warning has taken the focus to %q", got)
	}
	seen.stays.Store(true)
	p.Press("Stay signed in")
	eventually(t, "the warning to go", func() bool { return !p.Sees(leaving) })
	if got := p.Focused(); got != "Family name" {
		t.Errorf("the focus has gone to %q", got)
	}
	isStillTyped(t, p)
}

func TestWhoTypedTooLongIsToldHowNothingIsLost(t *testing.T) {
	t.Parallel()
	w, p, seen := typing(t, true)
	p.See(leaving)
	w.endAll("now()")
	p.See(signedOut)
	if p.Sees(leaving) {
		t.Error("the page still offers to stay")
	}
	seen.by.Store(0)
	w.endAll("null") // as if they had signed in again in another tab
	eventually(t, "the notice to go", func() bool { return !p.Sees(signedOut) })
	isStillTyped(t, p)
}

func TestWarningGoesWhenTheSessionWentOnInAnotherTab(t *testing.T) {
	t.Parallel()
	_, p, seen := typing(t, true)
	p.See(leaving)
	seen.by.Store(0)
	eventually(t, "the warning to go", func() bool { return !p.Sees(leaving) })
	isStillTyped(t, p)
}

func TestWhoTypesAtTheSessionsLastEndIsToldSo(t *testing.T) {
	t.Parallel()
	w, p, seen := typing(t, true)
	p.See(leaving)
	ends := w.sandbox.Now().Add(identity.SessionWarning - limits.Absolute)
	if _, err := w.pool.Exec(t.Context(), "update sessions set created_at = $1", ends); err != nil {
		t.Fatal(err)
	}
	seen.by.Store(0)
	p.See("You signed in a long time ago. For your protection you will be signed out within 5 minutes.")
	if p.Sees("Stay signed in") {
		t.Error("the page offers what does not help")
	}
	isStillTyped(t, p)
}
