package bench

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/bench/load"
	"portal/internal/bench/stage"
	"portal/internal/seeding"
	"portal/migrations"
)

// growthPart is how many times as long a page may take, at p50, when there is much more of everything.
const growthPart = 1.2

// growthVisitors is how many applicants with an open registration are signed in, whatever else there is. They share out the
// flows, and those of two of them begin another registration each.
const growthVisitors = 4000

// grownRounds is in how many turns each page is asked for, so that what else the machine does meets every size.
const grownRounds = 5

// grown is a portal on a database with so many registrations.
type grown struct {
	registrations int
	pool          *pgxpool.Pool
	portal        *stage.Server
	visitors      []seeding.Visitor
}

// Growth measures every page that reads the database, once for each number of registrations that there may be, from the
// smallest. All the databases are there at the same time, and take turns.
func Growth(ctx context.Context, o Options) ([]Row, error) {
	return onStage(ctx, o, func(r *Run) ([]Row, error) {
		var all []*grown
		defer func() {
			for _, g := range all {
				g.pool.Close()
			}
		}()
		for _, n := range slices.Sorted(slices.Values(o.Sizes)) {
			g, err := r.grow(ctx, n)
			if err != nil {
				return nil, fmt.Errorf("%d registrations: %w", n, err)
			}
			all = append(all, g)
		}
		return r.grownPages(ctx, all)
	})
}

// grownPages measures all pages on all databases.
func (r *Run) grownPages(ctx context.Context, all []*grown) (rows []Row, err error) {
	for _, p := range grownPages(r.Stage) {
		if !r.Wants(p.name) {
			continue
		}
		_, _ = fmt.Fprintf(r.Progress, "measuring %s\n", p.name) // for people; the table says all
		more, err := r.grownPage(ctx, p, all)
		if err != nil {
			return rows, fmt.Errorf("%s: %w", p.name, err)
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

// grow fills a database of its own, and starts a portal on it.
func (r *Run) grow(ctx context.Context, registrations int) (*grown, error) {
	name := fmt.Sprintf("portal_%d", registrations)
	if err := r.Cluster.CreateDatabase(ctx, name); err != nil {
		return nil, err
	}
	pool, err := pgxpool.New(ctx, r.Cluster.URL(name))
	if err != nil {
		return nil, err
	}
	g := &grown{registrations: registrations, pool: pool}
	err = r.fill(ctx, g)
	if err == nil {
		g.portal, err = r.Portal(ctx, stage.Settings{"PORTAL_DATABASE_URL": r.Cluster.URL(name)})
	}
	began := time.Now()
	if err == nil {
		err = g.rest(ctx)
	}
	if err != nil {
		pool.Close()
		return nil, err
	}
	_, _ = fmt.Fprintf(r.Progress, "what a portal does at its start took %s\n", time.Since(began).Round(100*time.Millisecond)) // for people
	return g, nil
}

// fill fills the database with registrations.
func (r *Run) fill(ctx context.Context, g *grown) error {
	if _, err := migrations.Up(ctx, g.pool); err != nil {
		return err
	}
	began := time.Now()
	seeded, err := seeding.Fill(ctx, g.pool, seeding.Options{
		Registrations: g.registrations, Visitors: min(growthVisitors, g.registrations), Keys: r.Keys, Now: began, Seed: 1,
	})
	if err != nil {
		return err
	}
	g.visitors = seeded.Visitors
	_, _ = fmt.Fprintf(r.Progress, "seeded %d registrations in %s\n", g.registrations, time.Since(began).Round(time.Second)) // for people
	return nil
}

// restWithin is longer than it takes to look through all that there is, which a portal does once a day and at its start.
const restWithin = 30 * time.Minute

// rest waits until no job is being done.
func (g *grown) rest(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, restWithin)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		var begun, busy bool
		const sql = "select count(*) > 0, count(*) filter (where state in ('available', 'running')) > 0 from river_job"
		if err := g.pool.QueryRow(ctx, sql).Scan(&begun, &busy); err != nil {
			return fmt.Errorf("waiting until no job is being done: %w", err)
		}
		if begun && !busy {
			return nil
		}
		<-tick.C
	}
}

// grownPage measures a page on all databases in turn. Each begins with a turn that does not count.
func (r *Run) grownPage(ctx context.Context, p grownPage, all []*grown) ([]Row, error) {
	asked := make([]func([]byte, int) []byte, len(all))
	results, costs := make([]load.Times, len(all)), make([]spending, len(all))
	for i, g := range all {
		var err error
		if asked[i], err = p.asked(g); err != nil {
			return nil, err
		}
	}
	for round := range grownRounds + 1 {
		for i, g := range all {
			times, cost, err := r.turn(ctx, p, g, asked[i])
			if err != nil {
				return nil, fmt.Errorf("%d registrations: %w", g.registrations, err)
			}
			if round > 0 {
				results[i], costs[i] = append(results[i], times...), costs[i].and(cost)
			}
		}
	}
	return grownRows(p.name, all, results, costs), nil
}

// turn asks a portal for a page by a timetable.
func (r *Run) turn(ctx context.Context, p grownPage, g *grown, asked func([]byte, int) []byte) (load.Times, spending, error) {
	c := contestant{name: p.name, servers: []*stage.Server{g.portal}, request: asked}
	l := c.load()
	l.Status = p.status
	before, err := c.spent(ctx)
	if err != nil {
		return nil, spending{}, err
	}
	result, err := l.Timed(ctx, p.perSecond, r.Length/grownRounds)
	if err == nil {
		err = c.faultless(result)
	}
	if err != nil {
		return nil, spending{}, err
	}
	after, err := c.spent(ctx)
	return result.Times, after.since(before), err
}

// and is what was spent in two turns.
func (s spending) and(other spending) spending {
	other.cpu += s.cpu
	other.allocations += s.allocations
	other.allocated += s.allocated
	return other
}

// grownRows compare every size with the first.
func grownRows(name string, all []*grown, results []load.Times, costs []spending) []Row {
	rows := make([]Row, len(all))
	for i, g := range all {
		f := costs[i].each(len(results[i]))
		f.P50, f.P99 = results[i].Quantile(0.5), results[i].Quantile(0.99)
		rows[i] = Row{Name: fmt.Sprintf("%s: %d registrations", name, g.registrations), Figures: f}
		if i == 0 || rows[0].P50 == 0 || rows[0].P99 == 0 {
			continue
		}
		p50, p99 := float64(f.P50)/float64(rows[0].P50), float64(f.P99)/float64(rows[0].P99)
		rows[i].Compared = fmt.Sprintf("p50 %.2f, p99 %.2f of %d", p50, p99, all[0].registrations)
		rows[i].promise(p50 <= growthPart, "≤ %.1f at p50", growthPart)
	}
	return rows
}

// GrowthFoot is what stands below the table.
func GrowthFoot(length time.Duration) string {
	return fmt.Sprintf("Each page for %v on each database, in %d turns: pages %d times a second, the API %d, what writes %d.\n",
		length, grownRounds, pageRate, apiRate, writeRate)
}
