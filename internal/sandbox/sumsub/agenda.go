package sumsub

import (
	"container/heap"
	"time"
)

// The things that happen by themselves.
const (
	dueQueue   = "queue"   // a check goes from pending to queued
	dueDecide  = "decide"  // a check ends, if something says how
	dueVerdict = "verdict" // a verdict that was ordered for later
)

// due is something that happens by itself to an applicant at a certain time.
type due struct {
	At      time.Time `json:"at"`
	Order   int64     `json:"order"` // among what is due at the same time
	What    string    `json:"what"`
	ID      string    `json:"id"`                // of the applicant
	Attempt string    `json:"attempt,omitempty"` // that the check belongs to; another one is not concerned
	Verdict *Verdict  `json:"verdict,omitempty"`
}

// agenda is a heap of what is due, the earliest on top.
type agenda []due

// Len is part of heap.Interface.
func (a agenda) Len() int { return len(a) }

// Less is part of heap.Interface.
func (a agenda) Less(i, j int) bool {
	if a[i].At.Equal(a[j].At) {
		return a[i].Order < a[j].Order
	}
	return a[i].At.Before(a[j].At)
}

// Swap is part of heap.Interface.
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }

// Push is part of heap.Interface.
func (a *agenda) Push(d any) { *a = append(*a, d.(due)) }

// Pop is part of heap.Interface.
func (a *agenda) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}

// schedule lets something happen after a while, or at once if there is no delay. The lock is held.
func (p *Provider) schedule(after time.Duration, d due) {
	d.At = p.now().Add(after)
	if after <= 0 {
		p.perform(d)
		return
	}
	p.state.Scheduled++
	d.Order = p.state.Scheduled
	heap.Push(&p.state.Agenda, d)
}

// settle lets everything happen that is due, in order; nothing does any more once the provider is closed. The lock is
// held.
func (p *Provider) settle() {
	for !p.closed && len(p.state.Agenda) > 0 && !p.state.Agenda[0].At.After(p.now()) {
		p.perform(heap.Pop(&p.state.Agenda).(due))
	}
}

func (p *Provider) perform(d due) {
	a := p.index.applicants[d.ID]
	switch d.What {
	case dueQueue:
		p.queue(a, d.Attempt)
	case dueDecide:
		p.decide(a, d.Attempt)
	case dueVerdict:
		p.apply(a, *d.Verdict)
	}
}

// setTimer wakes the provider when the next thing is due. The lock is held.
func (p *Provider) setTimer() {
	if p.closed || len(p.state.Agenda) == 0 {
		return
	}
	// Never at once: a clock that stands still must not keep the processor busy.
	wait := max(p.state.Agenda[0].At.Sub(p.now()), time.Millisecond)
	if p.timer == nil {
		p.timer = time.AfterFunc(wait, p.Wake)
		return
	}
	p.timer.Reset(wait)
}

// stopTimer is the opposite of setTimer. The lock is held.
func (p *Provider) stopTimer() {
	if p.timer != nil {
		p.timer.Stop()
	}
}
