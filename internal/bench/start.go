package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"portal/internal/bench/load"
	"portal/internal/bench/stage"
	"portal/internal/sandbox"
	"portal/internal/sandbox/faults"
)

// addedWithin is what the portal may add to the provider's own answers between the button and the form, at p50.
const addedWithin = 15 * time.Millisecond

// startToForm is the time between the button and the form, beside that of the two calls of the provider that this takes. Both
// are made in turn, one at a time and four at once, with a provider that answers at once and with one that takes its time.
func startToForm(ctx context.Context, r *Run) ([]Row, error) {
	portal, err := r.Portal(ctx, nil)
	if err != nil {
		return nil, err
	}
	var rows []Row
	for _, slow := range []time.Duration{0, 100 * time.Millisecond} {
		if err := r.slowDown(slow); err != nil {
			return nil, err
		}
		for _, atOnce := range []int{1, startsAtOnce} {
			two, err := r.starts(ctx, portal, fmt.Sprintf("%v a call, %d at once", slow, atOnce), atOnce)
			if err != nil {
				return nil, err
			}
			rows = append(rows, two...)
		}
	}
	if err := r.slowDown(0); err != nil {
		return nil, err
	}
	err = r.profile(ctx, "start to form", portal, func(ctx context.Context, during time.Duration) error {
		_, _, err := r.inTurn(ctx, portal, startsAtOnce, during)
		return err
	})
	return rows, errors.Join(err, r.Stop(portal.Process))
}

// startsAtOnce is how many start together, where it is not one.
const startsAtOnce = 4

// slowDown has the provider think before it answers a creating call.
func (r *Run) slowDown(by time.Duration) error {
	r.Sandbox.Faults().Reset()
	if by == 0 {
		return nil
	}
	_, err := r.Sandbox.Faults().Add(faults.Rule{
		Method: http.MethodPost, Path: "/4.0/", When: faults.Before, Kind: faults.Slow, DelayMS: int(by.Milliseconds()),
	})
	return err
}

// starts makes rows of the provider alone, and of starts.
func (r *Run) starts(ctx context.Context, portal *stage.Server, name string, atOnce int) ([]Row, error) {
	if _, _, err := r.inTurn(ctx, portal, atOnce, r.Length/20); err != nil { // warms up
		return nil, err
	}
	c := contestant{name: name, servers: []*stage.Server{portal}}
	before, err := c.spent(ctx)
	if err != nil {
		return nil, err
	}
	alone, through, err := r.inTurn(ctx, portal, atOnce, r.Length/2)
	if err != nil {
		return nil, err
	}
	after, err := c.spent(ctx)
	if err != nil {
		return nil, err
	}
	return startRows(name, alone, through, after.since(before).each(len(through))), nil
}

// inTurn asks the provider alone and the portal in turn, for so long.
func (r *Run) inTurn(ctx context.Context, portal *stage.Server, atOnce int, during time.Duration) (alone, through load.Times, _ error) {
	for until := time.Now().Add(during); time.Now().Before(until); {
		took, err := together(atOnce, func() (time.Duration, error) { return r.providerAlone(ctx) })
		if err != nil {
			return nil, nil, err
		}
		alone = append(alone, took...)
		if took, err = together(atOnce, func() (time.Duration, error) { return r.start(ctx, portal) }); err != nil {
			return nil, nil, err
		}
		through = append(through, took...)
	}
	return alone, through, nil
}

func startRows(name string, alone, through load.Times, cost Figures) []Row {
	cost.P50, cost.P99 = through.Quantile(0.5), through.Quantile(0.99)
	added := cost.P50 - alone.Quantile(0.5)
	portal := Row{Name: "start to form, " + name, Figures: cost, Compared: fmt.Sprintf("%s ms more at p50", milliseconds(added))}
	portal.promise(added <= addedWithin, "≤ %v more", addedWithin)
	provider := Row{Name: "provider alone, " + name, Figures: Figures{P50: alone.Quantile(0.5), P99: alone.Quantile(0.99)}}
	return []Row{provider, portal}
}

// together measures something several times at once.
func together(n int, measure func() (time.Duration, error)) (load.Times, error) {
	took := make(load.Times, n)
	var g errgroup.Group
	for i := range took {
		g.Go(func() (err error) { took[i], err = measure(); return err })
	}
	return took, g.Wait()
}

// start is what the browser of a new applicant waits for, who is signed in before.
func (r *Run) start(ctx context.Context, portal *stage.Server) (time.Duration, error) {
	a, err := r.Applicant(ctx)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	err = stage.StartToForm(ctx, portal, a)
	return time.Since(began), err
}

// providerAlone makes the two calls that the portal makes, with the same bodies.
func (r *Run) providerAlone(ctx context.Context) (time.Duration, error) {
	began := time.Now()
	var profile struct{ ID string }
	err := r.create(ctx, "/4.0/profiles", `{"role":"INDIVIDUAL_CUSTOMER","collected_data":{"entity_type":"INDIVIDUAL","customer_ref":"alone"}}`, &profile)
	if err == nil {
		const flow = `{"type":"FLOW","flow_template":{"alias":"individual-onboarding"},"theme":{"alias":"default"}}`
		err = r.create(ctx, "/4.0/forms/profile/"+profile.ID+"/customer_request", flow, &struct{}{})
	}
	return time.Since(began), err
}

func (r *Run) create(ctx context.Context, path, body string, v any) error {
	answer, err := stage.Call{
		Method: http.MethodPost, URL: r.Provider + path, Body: body,
		Header: http.Header{"Apikey": {sandbox.DefaultMasterKey}, "Content-Type": {"application/json"}},
	}.Make(ctx)
	if err != nil {
		return err
	}
	if answer.Status != http.StatusOK {
		return fmt.Errorf("the provider alone: status %d", answer.Status)
	}
	return json.Unmarshal(answer.Body, v)
}
