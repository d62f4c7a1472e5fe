package bench

import (
	"context"
	"fmt"
	"time"

	"portal/internal/bench/load"
	"portal/internal/bench/stage"
)

const (
	connections = 24 // that are in use at once
	rounds      = 3  // of saturation, in turn, so that what else the machine does meets everybody
)

// contestant is one or several servers, and what they are asked for.
type contestant struct {
	name    string
	servers []*stage.Server
	request func(buf []byte, n int) []byte
	// rest waits until nothing is left to do of what a load has brought; nil where that is always so.
	rest func(ctx context.Context) error
}

func (c contestant) load() load.Load {
	l := load.Load{Connections: connections, Request: c.request}
	for _, s := range c.servers {
		l.Addresses = append(l.Addresses, s.Address)
	}
	return l
}

// contest measures contestants in turn, each by itself: what it bears, and what an answer takes and costs at half of that.
func (r *Run) contest(ctx context.Context, all ...contestant) ([]Figures, error) {
	for _, c := range all {
		if _, err := c.saturate(ctx, r.Length/10); err != nil { // warms up
			return nil, err
		}
	}
	figures := make([]Figures, len(all))
	for range rounds {
		for i, c := range all {
			perSecond, err := c.saturate(ctx, r.Length/rounds)
			if err != nil {
				return nil, err
			}
			figures[i].PerSecond += perSecond / rounds
		}
	}
	for i, c := range all {
		if err := r.atHalf(ctx, c, &figures[i]); err != nil {
			return nil, err
		}
	}
	return figures, nil
}

func (c contestant) saturate(ctx context.Context, during time.Duration) (perSecond float64, err error) {
	result, err := c.load().Saturate(ctx, during)
	if err == nil {
		err = c.faultless(result)
	}
	if err == nil && c.rest != nil {
		err = c.rest(ctx)
	}
	return result.PerSecond(), err
}

// saturateFor is saturate for whoever does not care how much was borne.
func (c contestant) saturateFor(ctx context.Context, during time.Duration) error {
	_, err := c.saturate(ctx, during)
	return err
}

// faultless is an error where a request failed: what fails is quick, and must not pass for good.
func (c contestant) faultless(result load.Result) error {
	if result.Failed > 0 {
		return fmt.Errorf("%s: %d of %d requests failed: %w", c.name, result.Failed, result.Failed+len(result.Times), result.Cause)
	}
	return nil
}

// atHalf asks half as often as could be answered, by a timetable.
func (r *Run) atHalf(ctx context.Context, c contestant, f *Figures) error {
	before, err := c.spent(ctx)
	if err != nil {
		return err
	}
	result, err := c.load().Timed(ctx, f.PerSecond/2, r.Length)
	if err != nil {
		return err
	}
	if err := c.faultless(result); err != nil {
		return err
	}
	if c.rest != nil { // what is left to do costs something, too
		if err := c.rest(ctx); err != nil {
			return err
		}
	}
	after, err := c.spent(ctx)
	if err != nil {
		return err
	}
	half := after.since(before).each(len(result.Times))
	half.PerSecond, half.P50, half.P99 = f.PerSecond, result.Times.Quantile(0.5), result.Times.Quantile(0.99)
	*f = half
	return nil
}
