package bench

import (
	"context"
	"slices"
	"time"
)

const (
	starts      = 5 // of which the median counts
	readyWithin = 200 * time.Millisecond

	idleFor    = 5 * time.Second
	idleMemory = 40 << 20
)

// coldStart is the time from the start of the process until it says that it is ready, where Postgres is there.
func coldStart(ctx context.Context, r *Run) ([]Row, error) {
	var took []time.Duration
	for range starts {
		began := time.Now()
		portal, err := r.Portal(ctx, nil)
		if err != nil {
			return nil, err
		}
		took = append(took, time.Since(began))
		if err := r.Stop(portal.Process); err != nil {
			return nil, err
		}
	}
	slices.Sort(took)
	median := took[len(took)/2]
	row := Row{Name: "cold start until ready", Figures: Figures{P50: median}}
	row.promise(median < readyWithin, "< %v", readyWithin)
	return []Row{row}, nil
}

// idle is the memory of a portal that nobody has asked for anything.
func idle(ctx context.Context, r *Run) ([]Row, error) {
	portal, err := r.Portal(ctx, nil)
	if err != nil {
		return nil, err
	}
	select {
	case <-time.After(idleFor):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	resident, err := portal.Resident()
	if err != nil {
		return nil, err
	}
	row := Row{Name: "idle portal", Figures: Figures{Resident: resident}}
	row.promise(resident < idleMemory, "< %d MB", idleMemory>>20)
	return []Row{row}, r.Stop(portal.Process)
}
