package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"portal/internal/bench/load"
	"portal/internal/bench/process"
	"portal/internal/bench/stage"
	"portal/internal/onboarding"
	"portal/internal/postgres/query"
	"portal/internal/seeding"
)

// streamsWithin is how much memory a portal may hold with [StreamsPromised] applicants connected.
const (
	streamsWithin   = 400 << 20
	StreamsPromised = 10_000
)

// changes is how many registrations are changed while all are connected, and how far apart, so that each is told by itself.
const (
	changes       = 200
	changeEvery   = 20 * time.Millisecond
	changedWithin = 30 * time.Second // after which an event has got lost
)

// Streams connects so many applicants, each with a registration and a session of their own, to the live status of one portal,
// changes some of the registrations in the database, and measures how long the events take and how much memory the portal holds.
func Streams(ctx context.Context, o Options, n int) (rows []Row, err error) {
	s, err := stage.Open(ctx, o.Options)
	if err != nil {
		return nil, err
	}
	r := &Run{Options: o, Stage: s}
	rows, err = r.streams(ctx, n)
	return rows, errors.Join(err, s.Close())
}

func (r *Run) streams(ctx context.Context, n int) ([]Row, error) {
	seeded, err := seeding.Fill(ctx, r.Pool, seeding.Options{Registrations: n, Visitors: n, Keys: r.Keys, Now: time.Now(), Seed: 1})
	if err != nil {
		return nil, err
	}
	portal, err := r.Portal(ctx, nil)
	if err != nil {
		return nil, err
	}
	before, err := portal.Resident()
	if err != nil {
		return nil, err
	}
	followers, first, err := r.connect(ctx, portal, seeded.Visitors)
	if err != nil {
		return nil, err
	}
	defer followers.hangUp()
	connected, err := portal.Resident()
	if err != nil {
		return nil, err
	}
	told, err := r.change(ctx, followers, seeded.Visitors)
	if err != nil {
		return nil, err
	}
	return r.streamRows(ctx, portal, n, before, connected, first, told)
}

// connect connects everybody and waits until each has had the first event.
func (r *Run) connect(ctx context.Context, portal *stage.Server, visitors []seeding.Visitor) (*followers, load.Times, error) {
	requests := make([][]byte, len(visitors))
	for i, v := range visitors {
		cookie, err := r.Cookies.Cookie(v.Session)
		if err != nil {
			return nil, nil, err
		}
		requests[i] = get("/onboarding/events?flow="+v.Flow, with(http.Header{
			"Accept": {"text/event-stream"}, "Cache-Control": {"no-cache"}, "Sec-Fetch-Site": {"same-origin"}, "Accept-Encoding": {codings},
			"User-Agent": {browser("").Get("User-Agent")},
		}, cookie))
	}
	_, _ = fmt.Fprintf(r.Progress, "connecting %d applicants\n", len(visitors)) // for people
	f := newFollowers(portal.Address, requests)
	times, err := f.connect(ctx)
	if err != nil {
		f.hangUp()
		return nil, nil, err
	}
	return f, times, nil
}

// change ends some registrations, spread over all, one after the other, and returns how long it took until each applicant
// was told.
func (r *Run) change(ctx context.Context, f *followers, visitors []seeding.Visitor) (load.Times, error) {
	_, _ = fmt.Fprintf(r.Progress, "changing %d registrations\n", min(changes, len(visitors))) // for people
	var told load.Times
	step := max(len(visitors)/changes, 1)
	tick := time.NewTicker(changeEvery)
	defer tick.Stop()
	for i := 0; i < len(visitors) && len(told) < changes; i += step {
		began := time.Now()
		if err := r.become(ctx, visitors[i].Registration, onboarding.Completed); err != nil {
			return nil, err
		}
		if err := f.await(ctx, i, changedWithin); err != nil {
			return nil, fmt.Errorf("%d changes were told, then one was not: %w", len(told), err)
		}
		told = append(told, time.Since(began))
		<-tick.C
	}
	return told, nil
}

// become changes a registration's status, and tells of it, as another portal would; but for the trail, which nobody reads here.
func (r *Run) become(ctx context.Context, id onboarding.RegistrationID, to onboarding.Status) error {
	const sql = `
update registrations
set status = $2,
    read_at = case when $2 = 'open' then now() + interval '1 day' end,
    version = version + 1
where id = $1`
	if _, err := r.Pool.Exec(ctx, sql, [16]byte(id), string(to)); err != nil {
		return fmt.Errorf("changing a registration: %w", err)
	}
	if err := query.New().TellOfRegistrations(ctx, r.Pool, []uuid.UUID{uuid.UUID(id)}); err != nil {
		return fmt.Errorf("telling of a registration: %w", err)
	}
	return nil
}

func (r *Run) streamRows(ctx context.Context, portal *stage.Server, n int, before, connected int64, first, told load.Times) ([]Row, error) {
	if err := r.heapProfile(ctx, "streams", portal); err != nil {
		return nil, err
	}
	m, err := process.ReadMetrics(ctx, portal.Debug)
	if err != nil {
		return nil, err
	}
	after, err := portal.Resident()
	if err != nil {
		return nil, err
	}
	most := Row{Name: "until told of a change", Figures: Figures{P50: told.Quantile(0.5), P99: told.Quantile(0.99), Resident: max(connected, after)}}
	most.Compared = fmt.Sprintf("%.1f KB a stream", float64(most.Resident-before)/float64(n)/(1<<10))
	if n >= StreamsPromised {
		most.promise(most.Resident < streamsWithin, "%d streams in < %d MB", n, streamsWithin>>20)
	}
	return []Row{
		{Name: "before anybody is connected", Figures: Figures{Resident: before}},
		{Name: fmt.Sprintf("%d connected, until the first event", n), Figures: Figures{P50: first.Quantile(0.5), P99: first.Quantile(0.99), Resident: connected}},
		most,
		{Name: "heap in use after a collection", Figures: Figures{Resident: int64(m["go_memstats_heap_inuse_bytes"])}},
		{Name: "stacks in use", Figures: Figures{Resident: int64(m["go_memstats_stack_inuse_bytes"])}},
	}, nil
}

// heapProfile has a portal collect its garbage and writes a profile of what is left: for whoever wants profiles, else for nobody.
func (r *Run) heapProfile(ctx context.Context, name string, portal *stage.Server) error {
	folder := cmp.Or(r.Profiles, r.Dir)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	return save(ctx, filepath.Join(folder, name+"-heap.pprof"), "http://"+portal.Debug+"/debug/pprof/heap?gc=1")
}
