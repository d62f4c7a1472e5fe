package main

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestAlertsAndTheDashboardAreAboutMetricsThatExist has a portal do one of everything that is counted, since some metrics are only
// shown once there was something to count.
func TestAlertsAndTheDashboardAreAboutMetricsThatExist(t *testing.T) {
	t.Parallel()
	w := ownWorld(t)
	v := w.visitor(t)
	v.signIn("watched@example.com")
	v.form(mustStart(t, v))
	if p := v.get("/onboarding/static/none.css"); p.status != http.StatusNotFound {
		t.Fatalf("status %d", p.status)
	}
	w.visitor(t).get("/onboarding/events")
	w.reportCSP(t)
	w.fail(t, troubles[0], "before", profiles)
	for _, who := range []string{"one@example.com", "two@example.com", "three@example.com"} {
		late := w.visitor(t)
		late.signIn(who)
		checkWaiting(t, mustStart(t, late))
	}
	var s series
	eventually(t, "calls are refused, the canary has looked, and the audit trail is verified", func() bool {
		s = seriesOf(w.metrics(t))
		return s["portal_provider_breaker_open"] != nil && s["portal_embed_available"] != nil && s["portal_audit_faults"] != nil
	})
	for _, q := range queries(t) {
		for _, wrong := range s.problems(q) {
			t.Errorf("%s: %s\n    %s", q.of, wrong, q.expr)
		}
	}
}

func (w *world) metrics(t *testing.T) string {
	t.Helper()
	v := w.visitor(t).at("http://" + w.env["PORTAL_DEBUG_LISTEN"])
	return v.get("/metrics").html
}

// reportCSP sends what a browser sends when a policy has kept something out.
func (w *world) reportCSP(t *testing.T) {
	t.Helper()
	report := `{"csp-report":{"document-uri":"` + w.address("/sign-in") + `","violated-directive":"script-src","blocked-uri":"inline"}}`
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.address("/reports/csp"), strings.NewReader(report))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/csp-report")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusNoContent {
		t.Fatalf("a report is answered with %d", answer.StatusCode)
	}
}

// What a rule names that is not there is found: otherwise the test above would promise nothing.
func TestWhatNoMetricHasIsFound(t *testing.T) {
	t.Parallel()
	s := seriesOf("# HELP up\nportal_x{state=\"a\",le=\"0.1\"} 1\nportal_y 0\n")
	for expr, want := range map[string]string{
		`max(portal_x{state="a"}) > 0 and portal_y`:     "",
		`sum by (state, instance) (rate(portal_x[5m]))`: "",
		`max(portal_z)`:                                        "there is no metric portal_z",
		`max(portal_x{colour="a"})`:                            "portal_x has no label colour",
		`max(portal_x{state="b"})`:                             `portal_x has no state="b"`,
		`max(portal_x{state=~"b|c"})`:                          `portal_x has no state=~"b|c"`,
		`max by (colour) (portal_x)`:                           "no metric has a label colour",
		`frobnicate(portal_x)`:                                 "there is no metric frobnicate",
		`portal_x and on (instance, job) portal_build_nothing`: "there is no metric portal_build_nothing",
	} {
		if got := strings.Join(s.problems(query{expr: expr}), "; "); got != want {
			t.Errorf("%s: %q", expr, got)
		}
	}
	if got := s.problems(query{expr: "max by (state) (portal_x)", shows: []string{"le"}}); len(got) != 1 {
		t.Errorf("of a label that is lost: %q", got)
	}
}

var section = regexp.MustCompile(`(?m)^#+ (Portal[A-Z]\w+)$`)

func TestEveryAlertSaysWhatToDo(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("../..", runbook))
	if err != nil {
		t.Fatal(err)
	}
	sections := names(section, string(text))
	var all []string
	for _, a := range alerts(t) {
		all = append(all, a.Alert)
		if a.Labels["severity"] != "critical" && a.Labels["severity"] != "warning" {
			t.Errorf("%s: severity %q", a.Alert, a.Labels["severity"])
		}
		if a.Annotations["summary"] == "" || a.Annotations["description"] == "" || a.Annotations["runbook_url"] != runbook+"#"+strings.ToLower(a.Alert) {
			t.Errorf("%s: %q", a.Alert, a.Annotations)
		}
		if a.For == "" && !strings.Contains(a.Expr, "increase(") {
			t.Errorf("%s: a single look must not be enough", a.Alert)
		}
	}
	if !slices.Equal(slices.Sorted(slices.Values(sections)), slices.Sorted(slices.Values(all))) {
		t.Errorf("%s has sections for %q, and there are the alerts %q", runbook, sections, all)
	}
}

func TestPrometheusUnderstandsAlertsAndTheDashboard(t *testing.T) {
	t.Parallel()
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool, of Debian's package prometheus, is not on this machine")
	}
	var rules []map[string]string
	for _, q := range queries(t) {
		rules = append(rules, map[string]string{"record": "a:query", "expr": q.expr})
	}
	text, err := yaml.Marshal(map[string]any{"groups": []any{map[string]any{"name": "queries", "rules": rules}}})
	if err != nil {
		t.Fatal(err)
	}
	recorded := filepath.Join(t.TempDir(), "queries.yml")
	if err := os.WriteFile(recorded, text, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"check", "rules", alertsFile}, {"check", "rules", "--lint=none", recorded}, {"test", "rules", "../../deploy/prometheus/alerts_test.yml"}} {
		if out, err := exec.Command(promtool, args...).CombinedOutput(); err != nil {
			t.Errorf("promtool %v: %v\n%s", args, err, out)
		}
	}
}
