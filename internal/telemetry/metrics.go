package telemetry

import (
	"log/slog"
	"net/http"
	"runtime"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Buckets in seconds. Pages are quick; a provider may work on a call for a minute.
var (
	pageBuckets     = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
	providerBuckets = []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}
)

// Metrics counts what the portal does:
//
//	portal_http_requests_total{method,route,status}          requests answered; status 0: the client was cut off
//	portal_http_request_duration_seconds{route}              how long that took
//	portal_provider_requests_total{provider,call,outcome}    calls to providers; outcome is "ok" or the kind of error
//	portal_provider_request_duration_seconds{provider,call}  how long they took
//	portal_provider_breaker_open{provider,call}              1 while calls are refused at once after a row of failures
//	portal_notices_total{outcome}                            turns of notices to the company's back end: delivered, failed or given_up
//	portal_mails_total{outcome}                              e-mails: accepted, refused, unreachable, or bounced later
//	portal_audit_faults                                      what this process last found wrong with the audit trail, if it has verified it
//	portal_embed_failures_total{page,cause}                  forms that did not come up, as browsers report
//	portal_csp_violations_total{directive,blocked}           what pages' policies kept out, as browsers report
//	portal_build_info{version,goversion}                     always 1
//
// With [Metrics.WatchStreams] also portal_streams: pages that are told at once when something changes.
//
// With [Metrics.WatchCanary] also portal_embed_available{part}: 1 where the provider's script is served ("script") and does
// not refuse to be framed ("frame").
//
// With [Metrics.WatchStanding] also what stands still in the database, the same in every process:
//
//	portal_registrations{status}                 registrations in a status that should not last
//	portal_registrations_waiting                 those waiting for their turn at the provider
//	portal_registrations_stub_may_exist          those that may have left a stub profile behind, not acknowledged
//	portal_profiles_orphaned                     profiles of ours that no registration uses, not acknowledged
//	portal_registrations_oldest_due_seconds      how overdue the most overdue registration is
//	portal_webhooks{state}                       webhooks that are pending, quarantined or forwarding
//	portal_webhooks_oldest_pending_seconds       age of the oldest webhook not processed yet
//	portal_webhooks_oldest_forwarding_seconds    age of the oldest webhook not handed on yet
//	portal_notices{state}                        notices to the company's back end that are pending or given_up
//	portal_notices_oldest_pending_seconds        how long the oldest of them has waited to be delivered
//	portal_mails_failed                          e-mails of the last 24 hours that failed, by then or later
//
// Routes are patterns, so that the number of series is bounded.
type Metrics struct {
	registry          *prometheus.Registry
	requests          *prometheus.CounterVec
	requestDurations  *prometheus.HistogramVec
	provider          *prometheus.CounterVec
	providerDurations *prometheus.HistogramVec
	breakers          *prometheus.GaugeVec
	notices           *prometheus.CounterVec
	mails             *prometheus.CounterVec
	auditFaults       *prometheus.GaugeVec // without labels: not shown before it is set
	reports           reports
}

// NewMetrics returns metrics of a program of that version, all at zero.
func NewMetrics(version string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "portal_http_requests_total", Help: "Requests answered, by route pattern.",
		}, []string{"method", "route", "status"}),
		requestDurations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "portal_http_request_duration_seconds", Help: "Time taken to answer requests.", Buckets: pageBuckets,
		}, []string{"route"}),
		provider: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "portal_provider_requests_total", Help: "Calls to providers, by what came of them.",
		}, []string{"provider", "call", "outcome"}),
		providerDurations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "portal_provider_request_duration_seconds", Help: "Time taken by calls to providers.", Buckets: providerBuckets,
		}, []string{"provider", "call"}),
		breakers: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "portal_provider_breaker_open", Help: "Whether calls to a provider are refused at once after a row of failures.",
		}, []string{"provider", "call"}),
		notices: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "portal_notices_total", Help: "Turns of notices to the company's own back end, by what came of them.",
		}, []string{"outcome"}),
		mails: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "portal_mails_total", Help: "E-mails, by what came of them.",
		}, []string{"outcome"}),
		auditFaults: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "portal_audit_faults", Help: "Faults that the last verification of the audit trail by this process has found.",
		}, nil),
		reports: newReports(),
	}
	for _, outcome := range []string{"delivered", "failed", "given_up"} {
		m.notices.WithLabelValues(outcome) // so that an alert sees the first one, too
	}
	for _, outcome := range []string{"accepted", "refused", "unreachable", "bounced"} {
		m.mails.WithLabelValues(outcome)
	}
	m.registry.MustRegister(m.requests, m.requestDurations, m.provider, m.providerDurations, m.breakers, m.notices, m.mails, m.auditFaults,
		m.reports.embed, m.reports.csp,
		buildInfo(version), collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func buildInfo(version string) prometheus.Collector {
	g := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "portal_build_info", Help: "The program that runs; always 1.",
		ConstLabels: prometheus.Labels{"version": version, "goversion": runtime.Version()},
	})
	g.Set(1)
	return g
}

// Request counts a request answered.
func (m *Metrics) Request(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	m.requestDurations.WithLabelValues(route).Observe(took.Seconds())
}

// Provider returns what counts the calls to one provider.
func (m *Metrics) Provider(name string) func(call, outcome string, took time.Duration) {
	return func(call, outcome string, took time.Duration) {
		m.provider.WithLabelValues(name, call, outcome).Inc()
		m.providerDurations.WithLabelValues(name, call).Observe(took.Seconds())
	}
}

// Breaker returns what notes how the breakers of one provider's calls stand. One that has never opened is not shown.
func (m *Metrics) Breaker(provider string) func(call string, open bool) {
	return func(call string, open bool) {
		state := 0.0
		if open {
			state = 1
		}
		m.breakers.WithLabelValues(provider, call).Set(state)
	}
}

// Notice counts a notice's turn by what came of it.
func (m *Metrics) Notice(outcome string) { m.notices.WithLabelValues(outcome).Inc() }

// Mail counts an e-mail by what came of it.
func (m *Metrics) Mail(outcome string) { m.mails.WithLabelValues(outcome).Inc() }

// AuditVerified notes how many faults a verification of the audit trail has found. One process verifies at a time, so that
// another may go on showing what it found earlier.
func (m *Metrics) AuditVerified(faults int) { m.auditFaults.WithLabelValues().Set(float64(faults)) }

// WatchStreams shows how many pages are told of changes, which count says.
func (m *Metrics) WatchStreams(count func() int) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "portal_streams", Help: "Pages that are told of changes at once, by a stream of events.",
	}, func() float64 { return float64(count()) }))
}

// handler shows the metrics to Prometheus. What cannot be had is left out, and the log says why.
func (m *Metrics) handler(log *slog.Logger) http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		Registry: m.registry, ErrorHandling: promhttp.ContinueOnError, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	})
}
