package bench

import (
	"context"
	"fmt"
	"slices"
	"time"

	"portal/internal/bench/process"
)

// sample is what the portals hold at a moment, together.
type sample struct {
	at             time.Duration // since the beginning
	resident, live float64       // bytes; the latter are what collections of garbage have left alive
	goroutines     float64
	connecting     float64 // connections to Postgres
	handles        float64 // of files, connections among them
}

// sample looks from time to time what the portals hold, until done is closed.
func (k *soak) sample(ctx context.Context, done <-chan struct{}) (list []sample, err error) {
	began, tick := time.Now(), time.NewTicker(sampleEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			s, err := k.measure(ctx)
			if err != nil {
				return list, err
			}
			s.at = time.Since(began)
			list = append(list, s)
		case <-done:
			return list, nil
		case <-ctx.Done():
			return list, ctx.Err()
		}
	}
}

func (k *soak) measure(ctx context.Context) (s sample, err error) {
	for _, portal := range k.portals {
		resident, err := portal.Resident()
		if err != nil {
			return s, err
		}
		m, err := process.ReadMetrics(ctx, portal.Debug)
		if err != nil {
			return s, err
		}
		s.resident += float64(resident)
		s.live += m["go_memstats_next_gc_bytes"] / 2 // a collection begins when there is twice of what the last one has left
		s.goroutines, s.handles = s.goroutines+m["go_goroutines"], s.handles+m["process_open_fds"]
	}
	const connections = "select count(*) from pg_stat_activity where datname = current_database()"
	if err := k.Pool.QueryRow(ctx, connections).Scan(&s.connecting); err != nil {
		return s, fmt.Errorf("counting connections: %w", err)
	}
	s.connecting -= float64(k.Pool.Stat().TotalConns()) // which are our own
	return s, nil
}

// held is something that portals hold, and how much more of it at the end is still flat, where that is more than a part of it.
type held struct {
	name   string
	of     func(s sample) float64
	little float64
	unit   float64
}

// grownBy is the part of it.
const grownBy = 0.05

// What a leak of a megabyte a minute adds between the quarters of an hour, 30 MB, is more than a little; what comes and goes with
// collections is less.
var holdings = []held{
	{"memory MB", func(s sample) float64 { return s.resident }, 24 << 20, 1 << 20},
	{"live heap MB", func(s sample) float64 { return s.live }, 8 << 20, 1 << 20},
	{"goroutines", func(s sample) float64 { return s.goroutines }, 20, 1},
	{"connections", func(s sample) float64 { return s.connecting }, 4, 1},
	{"file handles", func(s sample) float64 { return s.handles }, 20, 1},
}

// fewest is how many samples say something of what grows: with fewer, the second quarter falls into the first minute, in which
// everything is new.
const fewest = 48

// grown compares the last quarter with the second, by their medians. In the first, everything is new.
func (h held) grown(samples []sample) (from, to float64, flat bool) {
	if len(samples) < fewest {
		return 0, 0, true
	}
	quarter := len(samples) / 4
	from, to = h.median(samples[quarter:2*quarter]), h.median(samples[len(samples)-quarter:])
	return from, to, to-from <= max(from*grownBy, h.little)
}

func (h held) median(samples []sample) float64 {
	list := make([]float64, len(samples))
	for i, s := range samples {
		list[i] = h.of(s)
	}
	slices.Sort(list)
	return list[len(list)/2]
}
