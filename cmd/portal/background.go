package main

import (
	"context"
	"log/slog"
	"sync"

	"portal/internal/jobs"
)

// background does what goes on besides the requests, until ctx ends: registrations that pages have asked for, and the news
// for pages. What is under way then may wait for answers until calls ends. It returns when all of that has ended.
func (p *parts) background(ctx, calls context.Context) {
	if p.runner == nil {
		return
	}
	var all sync.WaitGroup
	all.Go(func() { p.runner.Run(ctx, calls) })
	all.Go(func() { p.linking.Run(ctx, calls) })
	all.Go(func() { p.teller.Run(ctx) })
	if p.listener != nil {
		all.Go(func() { p.listener.Run(ctx, p.live.Hub) })
	}
	all.Wait()
}

// backgroundWithJobs does what is due and what is queued as well.
func (p *parts) backgroundWithJobs(ctx, calls context.Context) {
	if p.runner == nil {
		return
	}
	var all sync.WaitGroup
	all.Go(func() { p.background(ctx, calls) })
	all.Go(func() { p.runner.Sweep(ctx) })
	all.Go(func() { p.linking.Sweep(ctx) })
	all.Go(func() { p.inbox.Run(ctx, calls) })
	all.Go(func() { p.outbox.Run(ctx, calls) })
	all.Go(func() { p.jobs.Run(ctx, calls) })
	all.Go(func() { p.atStart(ctx) })
	all.Wait()
}

// newJobs has jobs go through the runner, so that a page and a job of this process that are after the same registration
// share one step: were the page to find it claimed, its applicant would be asked to wait.
func newJobs(p *parts, periodic []jobs.Periodic, results *resultMails, log *slog.Logger) (*jobs.Worker, error) {
	return jobs.New(jobs.Options{
		Pool: p.pool, Sessions: p.sessions, Periodic: periodic, Log: log,
		Advance: p.runner.Advance, Mail: results.send,
	})
}
