package bench

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"portal/internal/bench/load"
	"portal/internal/bench/process"
)

// sample is what the portals hold at a moment, together.
type sample struct {
	at                     time.Duration // since the beginning
	resident, heap         float64       // bytes
	goroutines, connecting float64       // the latter are connections to Postgres, of everybody
}

// sample looks from time to time what the portals hold, until done is closed.
func (k *soak) sample(ctx context.Context, done <-chan struct{}) (list []sample, err error) {
	began, tick := time.Now(), time.NewTicker(sampleEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			s, err := k.look(ctx)
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

func (k *soak) look(ctx context.Context) (s sample, err error) {
	for _, portal := range k.portals {
		resident, err := portal.Resident()
		if err != nil {
			return s, err
		}
		m, err := process.ReadMetrics(ctx, portal.Debug)
		if err != nil {
			return s, err
		}
		s.resident, s.heap = s.resident+float64(resident), s.heap+m["go_memstats_heap_inuse_bytes"]
		s.goroutines += m["go_goroutines"]
	}
	const connections = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
	if err := k.Pool.QueryRow(ctx, connections).Scan(&s.connecting); err != nil {
		return s, fmt.Errorf("counting connections: %w", err)
	}
	return s, nil
}

// held is something that portals hold, and by how much it may be more at the end: some of it, and a little.
type held struct {
	name   string
	of     func(s sample) float64
	little float64
	unit   float64
}

// grownBy is which part more is still flat.
const grownBy = 0.05

var holdings = []held{
	{"memory MB", func(s sample) float64 { return s.resident }, 8 << 20, 1 << 20},
	{"heap MB", func(s sample) float64 { return s.heap }, 8 << 20, 1 << 20},
	{"goroutines", func(s sample) float64 { return s.goroutines }, 20, 1},
	{"connections", func(s sample) float64 { return s.connecting }, 4, 1},
}

// grown compares the last quarter with the second, by their medians. In the first, everything is new.
func (h held) grown(samples []sample) (from, to float64, flat bool) {
	quarter := len(samples) / 4
	if quarter == 0 {
		return 0, 0, true
	}
	from, to = h.median(samples[quarter:2*quarter]), h.median(samples[len(samples)-quarter:])
	return from, to, to <= from*(1+grownBy)+h.little
}

func (h held) median(samples []sample) float64 {
	list := make([]float64, len(samples))
	for i, s := range samples {
		list[i] = h.of(s)
	}
	slices.Sort(list)
	return list[len(list)/2]
}

// soakReport is what came of a soak.
type soakReport struct {
	length           time.Duration
	requests, failed int
	cause            error // of the first failure
	times            load.Times
	samples          []sample
}

// verdict is an error where something failed, or is not flat.
func (r soakReport) verdict() error {
	if r.failed > 0 {
		return fmt.Errorf("%d of %d requests failed: %w", r.failed, r.requests, r.cause)
	}
	for _, h := range holdings {
		if _, _, flat := h.grown(r.samples); !flat {
			return errNotFlat
		}
	}
	return nil
}

// soakLines is how many lines the table over time has at most.
const soakLines = 12

// write writes a small table over time and what it means.
func (r soakReport) write(w io.Writer) error {
	text := fmt.Sprintf("%10s", "after")
	for _, h := range holdings {
		text += fmt.Sprintf("%14s", h.name)
	}
	text += "\n"
	every := (len(r.samples) + soakLines - 1) / soakLines
	for i := every - 1; i >= 0 && i < len(r.samples); i += every {
		text += fmt.Sprintf("%10s", r.samples[i].at.Round(time.Second))
		for _, h := range holdings {
			text += fmt.Sprintf("%14.1f", h.of(r.samples[i])/h.unit)
		}
		text += "\n"
	}
	text += fmt.Sprintf("\nof both portals together; %d requests in %s, %d failed; pages p50 %s ms, p99 %s ms\n", r.requests, r.length, r.failed,
		milliseconds(r.times.Quantile(0.5)), milliseconds(r.times.Quantile(0.99)))
	for _, h := range holdings {
		from, to, flat := h.grown(r.samples)
		text += fmt.Sprintf("%s: %.1f in the second quarter, %.1f in the last: %s\n", h.name, from/h.unit, to/h.unit, map[bool]string{true: "flat", false: "NOT FLAT"}[flat])
	}
	_, err := io.WriteString(w, text)
	return err
}
