package doctor_test

import (
	"context"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"portal/internal/doctor"
)

// says wants a finding of that state with such words, and none that is worse.
func says(t *testing.T, found []doctor.Finding, state doctor.State, words string) {
	t.Helper()
	ok := false
	for _, f := range found {
		ok = ok || f.State == state && strings.Contains(f.What+" "+f.Fix, words)
		if (f.Fix == "") != (f.State == doctor.Fine) {
			t.Errorf("%q says what to do: %q", f.What, f.Fix)
		}
	}
	if !ok {
		t.Errorf("%v, want a finding of %q with %q", found, state, words)
	}
}

func parsed(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestACheckThatDoesNotMindItsDeadlineIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	never := make(chan struct{})
	t.Cleanup(func() { close(never) })
	results := doctor.Run(t.Context(), []doctor.Check{
		{Name: "deaf", Look: func(context.Context) []doctor.Finding { <-never; return nil }},
		{Name: "quick", Look: func(context.Context) []doctor.Finding { return []doctor.Finding{doctor.OK("well")} }},
	}, 10*time.Millisecond)
	says(t, results[0].Findings, doctor.Trouble, "--timeout")
	if results[1].State != doctor.Fine || doctor.Worst(results) != doctor.Trouble {
		t.Errorf("%v", results)
	}
}

func TestWhatIsMisspeltIsNotedWithWhatIsMeant(t *testing.T) {
	t.Parallel()
	known := []string{"PORTAL_BASE_URL", "PORTAL_TRUSTED_PROXIES", "PASSFORT_API_KEY", "PASSFORT_API_KEY_FILE"}
	environ := []string{"PORTAL_TRUSTED_PROXY=10.0.0.0/8", "PORTAL_BASE_URL=x", "PASSFORT_ACCOUNT=x", "HOME=/root", "PORTAL_BASE_UR=secret"}
	found := doctor.Unknown(environ, known, []string{"PORTAL_", "PASSFORT_"})
	if len(found) != 3 {
		t.Errorf("%v", found)
	}
	says(t, found, doctor.Doubt, "if you mean PORTAL_TRUSTED_PROXIES")
	says(t, found, doctor.Doubt, "if you mean PORTAL_BASE_URL")
	says(t, found, doctor.Doubt, "does not read it")
}

func TestClocksMayDifferBySoMuch(t *testing.T) {
	t.Parallel()
	for ahead, want := range map[time.Duration]doctor.State{
		0: doctor.Fine, -time.Second: doctor.Fine, 3 * time.Second: doctor.Doubt, -3 * time.Second: doctor.Doubt, time.Minute: doctor.Trouble,
	} {
		if f := doctor.Skew("Postgres", ahead, 100*time.Millisecond); f.State != want {
			t.Errorf("%s: %v", ahead, f)
		}
	}
}

func TestProxiesAreJudgedByWhomTheyTakeIn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		public, trusted string
		want            doctor.State
	}{
		{"https://www.example.com/onboarding", "", doctor.Doubt},
		{"http://127.0.0.1:8080/", "", doctor.Fine},
		{"https://www.example.com/onboarding", "10.0.0.0/8", doctor.Fine},
		{"https://www.example.com/onboarding", "0.0.0.0/0", doctor.Trouble},
		{"https://www.example.com/onboarding", "::/0", doctor.Trouble},
	} {
		var trusted []netip.Prefix
		if c.trusted != "" {
			trusted = append(trusted, netip.MustParsePrefix(c.trusted))
		}
		if f := doctor.Proxies(parsed(t, c.public), trusted); f.State != c.want {
			t.Errorf("%s, %s: %v", c.public, c.trusted, f)
		}
	}
}

func TestAPrivateListenerMustNotBePublic(t *testing.T) {
	t.Parallel()
	public := parsed(t, "https://portal.invalid/")
	says(t, doctor.Private(t.Context(), "127.0.0.1:8081", public), doctor.Fine, "this machine alone")
	says(t, doctor.Private(t.Context(), "203.0.113.7:8081", public), doctor.Trouble, "PORTAL_DEBUG_LISTEN")
	says(t, doctor.Private(t.Context(), "8081", public), doctor.Trouble, "host:port")
}

func TestTheReportIsAlignedFoldedAndWithoutSecrets(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("word ", 40)
	results := doctor.Mask([]doctor.Result{
		{Name: "a", State: doctor.Fine, Findings: []doctor.Finding{doctor.OK("well")}},
		{Name: "longer", State: doctor.Trouble, Findings: []doctor.Finding{doctor.Problem("set it", "the key is hunter2hunter2: %s", long)}},
	}, []string{"", "hunter2", "hunter2hunter2"})
	var out strings.Builder
	if err := doctor.Print(&out, results); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(out.String(), "ok       a       well\nproblem  longer  the key is [secret]: word") {
		t.Errorf("\n%s", out.String())
	}
	for line := range strings.SplitSeq(out.String(), "\n") {
		if len(line) > 112 || strings.Contains(line, "hunter2") {
			t.Errorf("%q", line)
		}
	}
}
