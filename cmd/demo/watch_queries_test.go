package main

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const (
	alertsFile    = "../../deploy/prometheus/alerts.yml"
	dashboardFile = "../../deploy/grafana/portal.json"
	runbook       = "docs/operations.md"
)

// alert is a rule of Prometheus's.
type alert struct {
	Alert       string            `yaml:"alert"`
	Expr        string            `yaml:"expr"`
	For         string            `yaml:"for"`
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
}

func alerts(t *testing.T) (all []alert) {
	t.Helper()
	text, err := os.ReadFile(alertsFile)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct{ Rules []alert }
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	for _, g := range file.Groups {
		all = append(all, g.Rules...)
	}
	if len(all) < 10 {
		t.Fatalf("only %d alerts are found", len(all))
	}
	return all
}

// query is an expression, and the labels that are shown of what it gives.
type query struct {
	of, expr string
	shows    []string
}

var (
	ofAlert = regexp.MustCompile(`\$labels\.(\w+)`)
	ofPanel = regexp.MustCompile(`{{\s*(\w+)\s*}}`)
)

// queries are those of the alerts and of the dashboard, with the window that a dashboard leaves open.
func queries(t *testing.T) (all []query) {
	t.Helper()
	for _, a := range alerts(t) {
		all = append(all, query{a.Alert, a.Expr, names(ofAlert, strings.Join(slices.Collect(maps.Values(a.Annotations)), "\n"))})
	}
	text, err := os.ReadFile(dashboardFile)
	if err != nil {
		t.Fatal(err)
	}
	type shown struct{ Name, Expr, TitleFormat, LegendFormat string }
	var board struct {
		Panels []struct {
			Title   string
			Targets []shown
		}
		Annotations struct{ List []shown }
	}
	if err := json.Unmarshal(text, &board); err != nil {
		t.Fatal(err)
	}
	add := func(of string, s shown) {
		all = append(all, query{"panel " + of, strings.ReplaceAll(s.Expr, "$__rate_interval", "5m"), names(ofPanel, s.LegendFormat+s.TitleFormat)})
	}
	for _, s := range board.Annotations.List {
		add(s.Name, s)
	}
	for _, p := range board.Panels {
		for _, s := range p.Targets {
			add(p.Title, s)
		}
	}
	return all
}

func names(pattern *regexp.Regexp, text string) (all []string) {
	for _, found := range pattern.FindAllStringSubmatch(text, -1) {
		all = append(all, found[1])
	}
	return all
}

// series are the values that each label of each metric has.
type series map[string]map[string][]string

var (
	sample   = regexp.MustCompile(`(?m)^([a-z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? \S+$`)
	labelled = regexp.MustCompile(`([a-z_]+)(=~|!~|!=|=)"((?:[^"\\]|\\.)*)"`)
)

func seriesOf(metrics string) series {
	s := series{}
	for _, found := range sample.FindAllStringSubmatch(metrics, -1) {
		if s[found[1]] == nil {
			s[found[1]] = map[string][]string{}
		}
		for _, l := range labelled.FindAllStringSubmatch(found[2], -1) {
			s[found[1]][l[1]] = append(s[found[1]][l[1]], l[3])
		}
	}
	return s
}

var (
	window   = regexp.MustCompile(`\[\w+\]`)
	grouping = regexp.MustCompile(`\b(?:by|on)\s*\(([^)]*)\)`)
	selector = regexp.MustCompile(`[a-zA-Z_:][a-zA-Z0-9_:]*(?:\{[^}]*\})?`)
	words    = strings.Fields("absent and changes count histogram_quantile increase max min or rate sum topk unless vector")
	foreign  = []string{"instance", "job"} // which Prometheus adds
)

// problems are what a query names and the metrics lack.
func (s series) problems(q query) (wrong []string) {
	rest := window.ReplaceAllString(q.expr, "")
	shown := slices.Clone(foreign)
	for _, found := range grouping.FindAllStringSubmatch(rest, -1) {
		for _, label := range strings.Split(found[1], ",") {
			shown = append(shown, strings.TrimSpace(label))
		}
	}
	known := slices.Clone(foreign)
	for _, found := range selector.FindAllString(grouping.ReplaceAllString(rest, ""), -1) {
		name, conditions, _ := strings.Cut(found, "{")
		if slices.Contains(words, name) {
			continue
		}
		labels, ok := s[name]
		if !ok {
			wrong = append(wrong, "there is no metric "+name)
			continue
		}
		known = slices.AppendSeq(known, maps.Keys(labels))
		wrong = append(wrong, unmet(name, labels, conditions)...)
	}
	for _, label := range shown {
		if !slices.Contains(known, label) {
			wrong = append(wrong, "no metric has a label "+label)
		}
	}
	for _, label := range q.shows {
		if !slices.Contains(shown, label) {
			wrong = append(wrong, "nothing is grouped by the label "+label+" that is shown")
		}
	}
	return wrong
}

// unmet are conditions of a selector that no series of a metric could meet, or would fail.
func unmet(name string, labels map[string][]string, conditions string) (wrong []string) {
	for _, c := range labelled.FindAllStringSubmatch(conditions, -1) {
		values, ok := labels[c[1]]
		if !ok {
			wrong = append(wrong, name+" has no label "+c[1])
			continue
		}
		if c[1] == "status" && name == "portal_http_requests_total" {
			continue // a portal that works has no answer of the kind that alerts are about
		}
		value := c[3]
		if !strings.Contains(c[2], "~") {
			value = regexp.QuoteMeta(value)
		}
		if !slices.ContainsFunc(values, regexp.MustCompile("^(?:"+value+")$").MatchString) {
			wrong = append(wrong, name+" has no "+c[0])
		}
	}
	return wrong
}
