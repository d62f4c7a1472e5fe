package telemetry

import (
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
//	portal_build_info{version,goversion}                     always 1
//
// Routes are patterns, so that the number of series is bounded.
type Metrics struct {
	registry          *prometheus.Registry
	requests          *prometheus.CounterVec
	requestDurations  *prometheus.HistogramVec
	provider          *prometheus.CounterVec
	providerDurations *prometheus.HistogramVec
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
	}
	m.registry.MustRegister(m.requests, m.requestDurations, m.provider, m.providerDurations, buildInfo(version),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
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

// handler shows the metrics to Prometheus.
func (m *Metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry})
}
