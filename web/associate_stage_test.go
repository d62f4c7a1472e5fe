package web_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"portal/internal/identity"
)

// becomes has all entries stand as that, sent so long ago.
func (e entering) becomes(status string, ago time.Duration) {
	e.w.t.Helper()
	at := e.w.sandbox.Now().Add(-ago)
	if _, err := e.w.pool.Exec(e.w.t.Context(), "update associates set status = $1, submitted_at = $2, profile_id = id", status, at); err != nil {
		e.w.t.Fatal(err)
	}
}

func TestListStopsLookingAgainWhenItTakesLong(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	e.enter("family_name", "Hopper", "roles", "DIRECTOR")
	e.becomes("starting", 4*time.Minute)
	e.get(e.about("")).shows(http.StatusOK, "associates.watch", "associates.stage_moving").near(15*time.Second, e.about("", "page", "1")+"&unattended=1")
	e.becomes("starting", 6*time.Minute)
	e.get(e.about("")).shows(http.StatusOK, "associates.stage_slow").saysNot(say("en", "associates.watch")).
		near(limits.Idle-identity.SessionWarning, "/session?"+url.Values{"to": {"/onboarding" + e.about("")}}.Encode())
}

func TestWhoWaitsForACompanyInAttentionIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	holding := e.enter("type", "COMPANY", "name", "Beta Holding", "roles", "SHAREHOLDER")
	inner := e.enter("of", holding, "type", "COMPANY", "name", "Gamma", "roles", "SHAREHOLDER")
	e.enter("of", inner, "family_name", "Hopper", "roles", "DIRECTOR")
	e.becomes("created", time.Minute)
	if _, err := e.w.pool.Exec(t.Context(), "update associates set status = 'needs_attention' where id = $1", holding); err != nil {
		t.Fatal(err)
	}
	e.get(e.about("")).shows(http.StatusOK, "associates.stage_looking").saysNot(say("en", "associates.watch"))
}

func TestWhatIsNoLongerListedIsNotSaidToBePassedOn(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	id := e.enter("family_name", "Hopper", "roles", "DIRECTOR")
	e.becomes("removed", time.Hour)
	e.get(e.about("")).shows(http.StatusOK, "associates.stage_removed").says("help@northlight.example").saysNot(say("en", "associates.stage_passed"))
	e.get(e.about("/"+id)).shows(http.StatusOK, "associates.removed_next").saysNot(say("en", "associates.sent_next"))
}

func TestFormIsOfferedOnlyWhereThereIsOne(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	for status, key := range map[string]string{
		"open": "associates.go_on", "expired": "associates.go_renew", "needs_attention": "associates.go_back", "closed": "associates.go_back", "superseded": "associates.go_back",
	} {
		if _, err := e.w.pool.Exec(t.Context(), "update registrations set status = $1", status); err != nil {
			t.Fatal(err)
		}
		p := e.get(e.about("")).shows(http.StatusOK, key, "associates.stage_empty")
		if status != "open" {
			p.saysNot("o on to the form")
		}
		if len(p.elements("a").with("href", "/onboarding?flow=company")) != 1 {
			t.Errorf("%s: no way on", status)
		}
	}
}
