package bench

import (
	"context"
	"time"

	"portal/internal/bench/process"
)

// spending is what servers have spent so far, together.
type spending struct {
	cpu                    time.Duration
	allocations, allocated float64
	resident               int64
}

func (c contestant) spent(ctx context.Context) (total spending, err error) {
	for _, s := range c.servers {
		cpu, err := s.CPU()
		if err != nil {
			return total, err
		}
		resident, err := s.Resident()
		if err != nil {
			return total, err
		}
		total.cpu, total.resident = total.cpu+cpu, total.resident+resident
		if s.Debug == "" {
			continue
		}
		m, err := process.ReadMetrics(ctx, s.Debug)
		if err != nil {
			return total, err
		}
		total.allocations, total.allocated = total.allocations+m.Allocations(), total.allocated+m.Allocated()
	}
	return total, nil
}

// since is what was spent since before.
func (s spending) since(before spending) spending {
	s.cpu -= before.cpu
	s.allocations -= before.allocations
	s.allocated -= before.allocated
	return s
}

// each is what that is for each of n requests.
func (s spending) each(n int) Figures {
	of := float64(max(n, 1))
	return Figures{CPU: time.Duration(float64(s.cpu) / of), Allocations: s.allocations / of, Allocated: s.allocated / of, Resident: s.resident}
}

// of says how much of another's requests per second these are.
func (f Figures) of(other Figures) float64 {
	if other.PerSecond == 0 {
		return 0
	}
	return f.PerSecond / other.PerSecond
}
