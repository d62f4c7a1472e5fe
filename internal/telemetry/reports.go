package telemetry

import "github.com/prometheus/client_golang/prometheus"

// reports counts what browsers report of the portal's pages.
type reports struct {
	embed *prometheus.CounterVec
	csp   *prometheus.CounterVec
}

func newReports() reports {
	r := reports{
		embed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "portal_embed_failures_total", Help: "Forms of a provider that did not come up in a browser, by the page and why.",
		}, []string{"page", "cause"}),
		csp: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "portal_csp_violations_total", Help: "What the content security policies of pages kept out, by directive.",
		}, []string{"directive", "blocked"}),
	}
	for _, page := range []string{"link", "form", "sdk"} {
		for _, cause := range []string{"script_blocked", "frame_refused", "network", "script_error", "slow", "silent", "other"} {
			r.embed.WithLabelValues(page, cause) // so that an alert sees the first one, too
		}
	}
	return r
}

// EmbedFailure counts a form that did not come up on a page of a kind.
func (m *Metrics) EmbedFailure(page, cause string) {
	m.reports.embed.WithLabelValues(page, cause).Inc()
}

// CSPViolation counts something that a page's policy kept out.
func (m *Metrics) CSPViolation(directive, blocked string) {
	m.reports.csp.WithLabelValues(directive, blocked).Inc()
}
