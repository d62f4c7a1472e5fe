package telemetry

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Canary shows what a process has last seen of the provider's front. Only one process looks at a time, so that what it saw
// is not shown any more once it is old: another may have looked since.
type Canary struct {
	now   func() time.Time
	fresh time.Duration

	mu   sync.Mutex
	last map[string]bool
	at   time.Time
}

var canaryGauge = gauge("portal_embed_available", "Whether the provider's script is served, and does not refuse to be framed.", "part")

// WatchCanary shows what is noted of the provider's front, for as long as that is fresh.
func (m *Metrics) WatchCanary(fresh time.Duration, now func() time.Time) *Canary {
	c := &Canary{now: now, fresh: fresh}
	m.registry.MustRegister(c)
	return c
}

// Note keeps what was seen, by part, and says whether it differs from what was seen before, or is the first.
func (c *Canary) Note(seen map[string]bool) (changed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for part, good := range seen {
		if before, ok := c.last[part]; !ok || before != good {
			changed = true
		}
	}
	c.last, c.at = seen, c.now()
	return changed
}

// Describe is part of prometheus.Collector.
func (c *Canary) Describe(to chan<- *prometheus.Desc) { to <- canaryGauge }

// Collect is part of prometheus.Collector.
func (c *Canary) Collect(to chan<- prometheus.Metric) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now().Sub(c.at) > c.fresh {
		return
	}
	for part, good := range c.last {
		value := 0.0
		if good {
			value = 1
		}
		to <- prometheus.MustNewConstMetric(canaryGauge, prometheus.GaugeValue, value, part)
	}
}
