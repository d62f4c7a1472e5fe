package passfort_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/onboarding"
	"portal/internal/passfort"
	"portal/internal/sandbox"
	"portal/internal/sandbox/faults"
	provider "portal/internal/sandbox/passfort"
)

// business creates a company with its application and tasks.
func business(t *testing.T, c *passfort.Client) onboarding.ProfileID {
	t.Helper()
	known := stub
	known.Product, known.Facts = "business-account", facts
	id, err := c.CreateProfile(t.Context(), known)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// associate creates an associate's profile and returns its placement in roles.
func associate(t *testing.T, c *passfort.Client, p onboarding.AssociateProfile, roles ...onboarding.AssociatedRole) onboarding.Placement {
	t.Helper()
	p.Details.Roles = roles
	id, err := c.CreateAssociate(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return onboarding.Placement{Profile: id, Details: p.Details}
}

func read(t *testing.T, c *passfort.Client, company onboarding.ProfileID) onboarding.CompanyFile {
	t.Helper()
	f, err := c.CompanyFile(t.Context(), company)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// put places associates in a file and writes it.
func put(t *testing.T, c *passfort.Client, f onboarding.CompanyFile, placements ...onboarding.Placement) (onboarding.CompanyFile, error) {
	t.Helper()
	f, changed, err := c.Placed(f, placements)
	if err != nil || !changed {
		t.Fatalf("changed %t, %v", changed, err)
	}
	return c.ReplaceCompanyFile(t.Context(), f)
}

func mustPut(t *testing.T, c *passfort.Client, f onboarding.CompanyFile, placements ...onboarding.Placement) onboarding.CompanyFile {
	t.Helper()
	f, err := put(t, c, f, placements...)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// appliesAs are the roles in which each profile of a file applies for something, sorted.
func appliesAs(t *testing.T, c *passfort.Client, f onboarding.CompanyFile) map[onboarding.ProfileID][]string {
	t.Helper()
	view, err := c.Behind(f)
	if err != nil {
		t.Fatal(err)
	}
	found := map[onboarding.ProfileID][]string{}
	for _, a := range view.Associates {
		found[a.Profile] = []string{}
		for _, app := range a.Applications {
			found[a.Profile] = append(found[a.Profile], app.Role)
		}
		slices.Sort(found[a.Profile])
	}
	return found
}

func TestSandboxLinksAssociatesInTheirRoles(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]provider.Options{
		"likeliest": {AppearDelayMS: -1}, "created": {AppearDelayMS: -1, CreateStatus: http.StatusCreated},
		"other names": {AppearDelayMS: -1, ControllersKey: "controllers", UltimatesKey: "ultimates"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sandbox.New(sandbox.Options{MasterKey: masterKey, PassFort: o})
			t.Cleanup(func() { _ = s.Close() })
			c := clientWith(t, s.Handler(), passfort.Options{ControllersKey: o.ControllersKey, UltimatesKey: o.UltimatesKey})
			company := business(t, c)
			someone := associate(t, c, director, onboarding.AssociatedRoles...)
			someone.Details.Shareholdings = []onboarding.Shareholding{{Class: "A", Amount: "10", Percentage: "12.5"}}
			above := associate(t, c, partner, onboarding.ControllingShareholder, onboarding.GlobalUltimateOwner)
			written := mustPut(t, c, read(t, c, company), someone, above)
			if again, changed, err := c.Placed(written, []onboarding.Placement{someone, above}); err != nil || changed || again.Version == "" {
				t.Errorf("again: changed %t, %v", changed, err)
			}
			want := map[onboarding.ProfileID][]string{
				someone.Profile: {
					"AUTHORIZED_PERSON", "BENEFICIAL_OWNER", "CONTROLLING_SHAREHOLDER", "DIRECTOR", "GLOBAL_ULTIMATE_OWNER",
					"PARTNER", "SHAREHOLDER", "TRUSTEE",
				},
				above.Profile: {"CONTROLLING_SHAREHOLDER", "GLOBAL_ULTIMATE_OWNER"},
			}
			if diff := cmp.Diff(want, appliesAs(t, c, read(t, c, company))); diff != "" {
				t.Error("(-want +got):", diff)
			}
			view, err := c.Behind(written)
			if err != nil || view.Own.Name != facts.Name || view.Own.Number != facts.Number || view.Own.Country != facts.Country {
				t.Errorf("the company is not told as it was written: %v", err)
			}
		})
	}
}

func TestSandboxTakesExpandedFilesBack(t *testing.T) {
	t.Parallel()
	_, c := world(t, provider.Options{AppearDelayMS: -1})
	company := business(t, c)
	mustPut(t, c, read(t, c, company), associate(t, c, director, onboarding.Director))
	below := associate(t, c, partner, onboarding.Partner)
	mustPut(t, c, read(t, c, company), below)
	mustPut(t, c, read(t, c, below.Profile), associate(t, c, director, onboarding.Director, onboarding.Shareholder))
	f := read(t, c, company)
	back, err := c.ReplaceCompanyFile(t.Context(), f)
	if err != nil || back.Version == f.Version {
		t.Fatalf("version %s, %v", back.Version, err)
	}
	if diff := cmp.Diff(meaning(t, string(f.Text)), meaning(t, string(back.Text))); diff != "" {
		t.Error("the file has changed:", diff)
	}
	if n := len(appliesAs(t, c, back)); n != 3 {
		t.Errorf("%d behind the company, want 3", n)
	}
}

func TestSandboxWriteThatComesTooLateGoesOnFromTheRivals(t *testing.T) {
	t.Parallel()
	_, c := world(t, provider.Options{AppearDelayMS: -1})
	company := business(t, c)
	ours, theirs := associate(t, c, director, onboarding.Director), associate(t, c, director, onboarding.Director)
	f := read(t, c, company)
	rivals := f
	rivals.Text = []byte(strings.Replace(string(f.Text), `{`, `{"of_theirs":{"number":1.50},`, 1))
	rivals = mustPut(t, c, rivals, theirs)
	seen, err := put(t, c, f, ours)
	wantKind(t, err, onboarding.Conflict)
	if seen.Version != rivals.Version || string(seen.Text) != string(rivals.Text) {
		t.Fatalf("what came is not the rival's: %s, want %s", seen.Version, rivals.Version)
	}
	mustPut(t, c, seen, ours)
	last := read(t, c, company)
	if all := appliesAs(t, c, last); all[ours.Profile] == nil || all[theirs.Profile] == nil {
		t.Errorf("behind it are %v", all)
	}
	if diff := cmp.Diff(map[string]any{"number": meaning(t, "1.50")}, meaning(t, string(last.Text)).(map[string]any)["of_theirs"]); diff != "" {
		t.Error("what is theirs is lost:", diff)
	}
}

func TestSandboxPutsNobodyOnListsThatAreNotNamed(t *testing.T) {
	t.Parallel()
	_, c := world(t, provider.Options{AppearDelayMS: -1, ManualLists: true})
	company := business(t, c)
	someone := associate(t, c, director, onboarding.Director, onboarding.CompanySecretary)
	unlisted := mustPut(t, c, read(t, c, company), someone)
	if diff := cmp.Diff(map[onboarding.ProfileID][]string{someone.Profile: {}}, appliesAs(t, c, unlisted)); diff != "" {
		t.Error("without ids (-want +got):", diff)
	}
	view, err := c.ReadProfile(t.Context(), company)
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range view.Applications[0].RequiredTasks {
		if task.Type == "COMPANY_IDENTIFY_OFFICERS" {
			someone.Lists = map[onboarding.AssociatedRole][]string{onboarding.Director: {task.ID}, onboarding.CompanySecretary: {task.ID}}
		}
	}
	mustPut(t, c, unlisted, someone)
	want := map[onboarding.ProfileID][]string{someone.Profile: {"COMPANY_SECRETARY", "DIRECTOR"}}
	if diff := cmp.Diff(want, appliesAs(t, c, read(t, c, company))); diff != "" {
		t.Error("with ids (-want +got):", diff)
	}
}

func TestSandboxNeverMovesAnAssociate(t *testing.T) {
	t.Parallel()
	for _, o := range []provider.Options{{}, {ErrorsAs200: true}} {
		_, c := world(t, o)
		someone := associate(t, c, director, onboarding.Director)
		mustPut(t, c, read(t, c, business(t, c)), someone)
		_, err := put(t, c, read(t, c, business(t, c)), someone)
		if wantKind(t, err, onboarding.Invalid); strings.Contains(err.Error(), string(someone.Profile)) {
			t.Error("the profile is named:", err)
		}
	}
	_, c := world(t, provider.Options{})
	_, err := c.CompanyFile(t.Context(), "nobody")
	wantKind(t, err, onboarding.NotFound)
}

func TestSandboxFaultsOfWritesAreJudgedByWhatMayHaveHappened(t *testing.T) {
	t.Parallel()
	for _, kind := range []faults.Kind{faults.Status, faults.Reset, faults.Garbage} {
		for _, when := range []faults.When{faults.Before, faults.After} {
			s, c := world(t, provider.Options{})
			company, someone := business(t, c), associate(t, c, director, onboarding.Director)
			f := read(t, c, company)
			order(t, s, faults.Rule{Method: http.MethodPost, Path: "/4.0/profiles/", When: when, Kind: kind, Count: 1})
			_, err := put(t, c, f, someone)
			wantKind(t, err, onboarding.Unanswered)
			if there := appliesAs(t, c, read(t, c, company))[someone.Profile] != nil; there != (when == faults.After) {
				t.Errorf("%s %s: it is there: %t", when, kind, there)
			}
		}
	}
}

// measured counts the bytes of a handler's bodies.
type measured struct {
	http.Handler
	mu             sync.Mutex
	asked, answers int // the greatest
}

func (m *measured) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	kept := httptest.NewRecorder()
	m.Handler.ServeHTTP(kept, r)
	m.mu.Lock()
	m.asked, m.answers = max(m.asked, len(body)), max(m.answers, kept.Body.Len())
	m.mu.Unlock()
	for name, values := range kept.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(kept.Code)
	_, _ = w.Write(kept.Body.Bytes())
}

// TestSandboxCompanyWithFiveHundredAssociates holds that what is written stays below the megabyte that the sandbox takes,
// although what is read is expanded, and that both stay far below the limits of the client.
func TestSandboxCompanyWithFiveHundredAssociates(t *testing.T) {
	t.Parallel()
	s := sandbox.New(sandbox.Options{MasterKey: masterKey, PassFort: provider.Options{RatePerHour: -1, AppearDelayMS: -1}})
	t.Cleanup(func() { _ = s.Close() })
	m := &measured{Handler: s.Handler()}
	c := clientWith(t, m, passfort.Options{})
	company := business(t, c)
	var all []onboarding.Placement
	for i := range 500 {
		p := director
		p.CustomerRef = fmt.Sprintf("portal-%d", i)
		someone := associate(t, c, p, onboarding.Director, onboarding.Shareholder)
		someone.Details.Shareholdings = []onboarding.Shareholding{{Class: "Ordinary", Amount: "1000", Percentage: "0.2"}}
		all = append(all, someone)
	}
	mustPut(t, c, read(t, c, company), all[:499]...)
	f := mustPut(t, c, read(t, c, company), all[499:]...) // the read is expanded
	if n := len(appliesAs(t, c, f)); n != 500 {
		t.Errorf("%d behind the company, want 500", n)
	}
	t.Logf("the greatest body read has %d bytes, the greatest written %d", m.answers, m.asked)
	if m.asked > 1<<20 || m.answers > 16<<20 {
		t.Error("bodies are too large")
	}
}
