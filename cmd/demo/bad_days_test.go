package main

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/browsertest"
	"portal/internal/localpg"
)

// trouble is a way the provider fails, and what the log must then say of it.
type trouble struct {
	name   string
	kind   string
	status int
	cause  string
}

var troubles = []trouble{
	{"an internal error", "status", 500, "HTTP 500"},
	{"a refused key", "status", 401, "HTTP 401"},
	{"too many calls", "status", 429, "HTTP 429"},
	{"garbage", "garbage", 0, "not the JSON it should be"},
	{"a broken connection", "reset", 0, "connection reset"},
	{"no answer", "hang", 0, "no whole answer"},
}

// The provider's calls that create something.
const (
	profiles = "/4.0/profiles"
	requests = "/4.0/forms/profile/"
)

func (w *world) fail(t *testing.T, tr trouble, when, path string) {
	t.Helper()
	w.order(t, fault{Method: http.MethodPost, Path: path, When: when, Kind: tr.kind, Status: tr.status})
}

func TestTheProvidersBadDaysOnlyMakeApplicantsWait(t *testing.T) {
	t.Parallel()
	for _, tr := range troubles {
		t.Run(tr.name, func(t *testing.T) {
			t.Parallel()
			w := ownWorld(t)
			halfway, early := w.visitor(t), w.visitor(t)
			halfway.signIn("halfway@example.com")
			early.signIn("early@example.com")

			w.fail(t, tr, "before", requests)
			checkWaiting(t, mustStart(t, halfway))
			w.fail(t, tr, "before", profiles)
			checkWaiting(t, mustStart(t, early))
			w.endFaults(t)

			for _, v := range []*visitor{halfway, early} {
				eventually(t, "the form is ready", func() bool { return v.status() == "open" })
				v.form(v.get("/onboarding"))
			}
			checkOnceEach(t, w, 2)
			checkCauses(t, w.stderr.String(), tr.cause, "POST /profiles:", "/customer_request:")
		})
	}
}

func TestAWaitingPageMovesOnByItself(t *testing.T) {
	t.Parallel()
	w := ownWorld(t)
	w.fail(t, troubles[0], "before", profiles)
	p := browsertest.New(t).Page(t)
	p.Open(w.address("/sign-in?flow=individual"))
	w.signIn(t, p, "watching@example.com")
	p.See("Your place is kept")
	w.endFaults(t)
	p.Frame(w.collection() + "/collect").See("Your details")
	checkOnceEach(t, w, 1)
}

func TestWhatAnUnansweredCallCreatedIsNotCreatedAgain(t *testing.T) {
	t.Parallel()
	for _, tr := range troubles {
		if tr.status == http.StatusUnauthorized || tr.status == http.StatusTooManyRequests {
			continue // such an answer says that nothing was created
		}
		t.Run(tr.name, func(t *testing.T) {
			t.Parallel()
			w := ownWorld(t)
			v := w.visitor(t)
			v.signIn("unlucky@example.com")
			w.fail(t, tr, "after", profiles)
			w.fail(t, tr, "after", requests)
			p := mustStart(t, v)
			if tr.kind == "hang" {
				checkWaiting(t, p)
				w.endFaults(t)
			}
			v.form(p)
			checkOnceEach(t, w, 1)
			checkCauses(t, w.stderr.String(), tr.cause, "POST /profiles:")
		})
	}
}

func mustStart(t *testing.T, v *visitor) view {
	t.Helper()
	p, err := v.start("individual")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// alien is what only the provider's errors say.
var alien = regexp.MustCompile(`(?i)\b(500|401|429|503)\b|passfort|http\b|fault|error|json|key`)

// checkWaiting checks that a page is calm, says that the place is kept, and goes on by itself.
func checkWaiting(t *testing.T, p view) {
	t.Helper()
	text := p.text()
	if p.status != http.StatusOK || !strings.Contains(text, "Your place is kept") {
		t.Errorf("status %d: %s", p.status, text)
	}
	if p.goesOn() == "" {
		t.Error("the page does not move on")
	}
	if found := alien.FindString(text); found != "" {
		t.Errorf("the page says %q: %s", found, text)
	}
}

// checkOnceEach checks that everything was created once for each of so many customers, and nothing else.
func checkOnceEach(t *testing.T, w *world, customers int) {
	t.Helper()
	created := w.created(t)
	if len(created) != customers {
		t.Errorf("created for %d customers, want %d: %v", len(created), customers, created)
	}
	for ref, counts := range created {
		if diff := cmp.Diff(once, counts); diff != "" || ref == "" {
			t.Errorf("created for %q (-want +got):\n%s", ref, diff)
		}
	}
}

// checkCauses checks that the log says for each of the calls what was wrong.
func checkCauses(t *testing.T, log, cause string, calls ...string) {
	t.Helper()
	for _, call := range calls {
		said := false
		for line := range strings.Lines(log) {
			said = said || strings.Contains(line, call) && strings.Contains(line, cause) && strings.Contains(line, "registration_id")
		}
		if !said {
			t.Errorf("no line of the log says %q of %s:\n%s", cause, call, log)
		}
	}
}

func TestThePortalOutlivesItsDatabasesAbsence(t *testing.T) {
	t.Parallel()
	cluster := localpg.NewCluster(t)
	w := newWorld(t, cluster.URL("portal"))
	v := w.visitor(t)
	v.signIn("patient@example.com")
	pair := v.form(mustStart(t, v))

	if err := cluster.Halt(); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	p := v.get("/onboarding")
	if took := time.Since(began); took > 6*time.Second {
		t.Errorf("the applicant waited %s", took)
	}
	if p.status != http.StatusServiceUnavailable || !strings.Contains(p.text(), "We will be back in a moment") {
		t.Errorf("status %d: %s", p.status, p.text())
	}
	if found := alien.FindString(p.text()); found != "" {
		t.Errorf("the page says %q: %s", found, p.text())
	}
	if answers(t.Context(), "http://"+w.env["PORTAL_DEBUG_LISTEN"]+"/readyz") {
		t.Error("the portal calls itself ready")
	}
	if link := w.visitor(t).get("/onboarding?request_id=a&apikey=b"); link.status != http.StatusOK {
		t.Errorf("links of e-mails need the database: %d", link.status)
	}

	if err := cluster.Resume(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the portal is ready again", func() bool {
		return answers(t.Context(), "http://"+w.env["PORTAL_DEBUG_LISTEN"]+"/readyz")
	})
	if again := v.form(v.get("/onboarding")); again != pair {
		t.Error("the applicant is shown another form")
	}
}
