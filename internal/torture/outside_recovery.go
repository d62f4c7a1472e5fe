package torture

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// recoversWithin is the promise: what a killed process was working on moves on so soon after a replica is up.
const recoversWithin = 5 * time.Second

// recoveryWatch follows what killed processes have left.
type recoveryWatch struct {
	ordeal   *ordeal
	watching sync.WaitGroup

	mu    sync.Mutex
	times []time.Duration
}

// begin watches the registrations that were being worked on when a process was killed, whoever of the replicas it was
// that did.
func (w *recoveryWatch) begin(ctx context.Context, killed time.Time, left []version) {
	if len(left) == 0 {
		return
	}
	w.watching.Go(func() { w.follow(ctx, killed, left) })
}

func (w *recoveryWatch) follow(ctx context.Context, killed time.Time, left []version) {
	for len(left) > 0 && linger(ctx, 10*time.Millisecond) {
		able := w.ordeal.fleet.ableSince()
		if able.IsZero() {
			continue
		}
		if able.Before(killed) {
			able = killed
		}
		waited := time.Since(able)
		moved, err := w.moved(ctx, left)
		if err != nil {
			continue // the database went away just now
		}
		left = slices.DeleteFunc(left, func(v version) bool { return slices.Contains(moved, v.ID) })
		for range moved {
			w.note(waited)
		}
		if waited > recoversWithin && len(left) > 0 {
			w.ordeal.violated("registration %s stands still %v after a kill", left[0].ID, waited.Round(time.Millisecond))
			return
		}
	}
}

// moved are the registrations that have a newer version by now.
func (w *recoveryWatch) moved(ctx context.Context, left []version) (moved []string, err error) {
	then := map[string]int64{}
	for _, v := range left {
		then[v.ID] = v.Version
	}
	present, err := w.ordeal.records.versions(ctx, slices.Collect(maps.Keys(then)))
	if err != nil {
		return nil, err
	}
	for _, now := range present {
		if now.Version > then[now.ID] {
			moved = append(moved, now.ID)
		}
	}
	return moved, nil
}

func (w *recoveryWatch) note(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.times = append(w.times, d)
}

// wait returns when all watches have ended.
func (w *recoveryWatch) wait() { w.watching.Wait() }

func (w *recoveryWatch) all() []time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.times)
}
