package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"portal/internal/bench/load"
	"portal/internal/bench/process"
	"portal/internal/bench/stage"
)

// peopleAtOnce is how many register at once: enough for the portal to be busy all the time.
const peopleAtOnce = 8

// registrations is all that it takes to register somebody: see [visitor.register]. What it costs Postgres is told as well, so
// that it can be reckoned what so many a minute need.
func registrations(ctx context.Context, r *Run) ([]Row, error) {
	portal, err := r.Portal(ctx, nil)
	if err != nil {
		return nil, err
	}
	if err := r.hearBack(ctx, portal); err != nil {
		return nil, err
	}
	people := &crowd{atOnce: peopleAtOnce, next: func(ctx context.Context) error { return r.newVisitor(portal).register(ctx) }}
	if err := people.goOn(ctx, r.Length/4); err != nil { // warms up
		return nil, err
	}
	people.took = nil
	before, err := r.paid(ctx, portal)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := people.goOn(ctx, r.Length); err != nil {
		return nil, err
	}
	took := time.Since(began)
	if err := r.handedOn(ctx); err != nil {
		return nil, err
	}
	after, err := r.paid(ctx, portal)
	if err != nil {
		return nil, err
	}
	row := after.since(before).row(people.took, took)
	err = r.profile(ctx, "registration", portal, people.goOn)
	return []Row{row}, r.deaf(ctx, err, portal)
}

// deaf ends the portal, and what the provider sends it.
func (r *Run) deaf(ctx context.Context, wrong error, portal *stage.Server) error {
	if wrong != nil {
		return wrong
	}
	if err := r.tellWebhooksTo(ctx, ""); err != nil {
		return err
	}
	return r.Stop(portal.Process)
}

// hearBack has the provider send its webhooks to a portal.
func (r *Run) hearBack(ctx context.Context, portal *stage.Server) error {
	return r.tellWebhooksTo(ctx, portal.Page("/webhooks/passfort"))
}

func (r *Run) tellWebhooksTo(ctx context.Context, url string) error {
	text, err := json.Marshal(map[string]string{"url": url, "secret": stage.WebhookSecret})
	if err != nil {
		return err
	}
	return r.control(ctx, http.MethodPatch, "/_sandbox/passfort/webhooks/options", string(text))
}

// control has the sandbox do something that only its staff can.
func (r *Run) control(ctx context.Context, method, path, body string) error {
	answer, err := stage.Call{
		Method: method, URL: r.Provider + path, Body: body, Header: http.Header{"Content-Type": {"application/json"}},
	}.Make(ctx)
	if err == nil && answer.Status >= http.StatusBadRequest {
		err = fmt.Errorf("%s: status %d: %s", path, answer.Status, answer.Body)
	}
	return err
}

// payment is what the portal and Postgres have spent so far.
type payment struct {
	spending
	postgres time.Duration // of a processor
	written  int64         // bytes of its log
	kept     int64         // bytes of the database
}

func (r *Run) paid(ctx context.Context, portal *stage.Server) (p payment, err error) {
	if p.spending, err = (contestant{servers: []*stage.Server{portal}}).spent(ctx); err != nil {
		return p, err
	}
	const sql = "select pg_backend_pid(), pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint, pg_database_size(current_database())"
	var pid int
	if err := r.Pool.QueryRow(ctx, sql).Scan(&pid, &p.written, &p.kept); err != nil {
		return p, fmt.Errorf("reading what Postgres has written: %w", err)
	}
	p.postgres, err = process.CPUOfParent(pid)
	return p, err
}

func (p payment) since(before payment) payment {
	p.spending = p.spending.since(before.spending)
	p.postgres, p.written, p.kept = p.postgres-before.postgres, p.written-before.written, p.kept-before.kept
	return p
}

// row is what one registration took, of so many that were made in so long.
func (p payment) row(took load.Times, in time.Duration) Row {
	n := max(len(took), 1)
	row := Row{Name: "a whole registration", Figures: p.each(n)}
	row.PerSecond, row.P50, row.P99 = float64(len(took))/in.Seconds(), took.Quantile(0.5), took.Quantile(0.99)
	row.Compared = fmt.Sprintf("Postgres: %s ms CPU, %d kB of log, %d kB kept",
		milliseconds(p.postgres/time.Duration(n)), p.written/int64(n)>>10, p.kept/int64(n)>>10)
	return row
}
