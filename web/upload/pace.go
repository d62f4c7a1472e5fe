package upload

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// paceStep is how many bytes the deadline is moved on for at a time: two seconds' worth of the slowest sender that is borne.
const paceStep = 64 << 10

// paced is a body that must keep its pace from the start. Were the whole time only due at the end, a few senders of great files
// that send next to nothing would hold all memory for minutes. What came quickly is credit for what comes later, but not while
// others wait: from then on it must come at a better pace.
type paced struct {
	r      io.Reader
	limits Limits
	began  time.Time
	length int64                    // of the whole body
	until  func(at time.Time) error // sets the deadline for reading

	mu        sync.Mutex
	came, due int64     // bytes that have come, and that must have come by the deadline
	queues    int       // in which somebody waits
	since     time.Time // somebody does
	before    int64     // bytes that had come until then
}

// Read implements [io.Reader].
func (p *paced) Read(b []byte) (int, error) {
	if err := p.step(); err != nil {
		return 0, fmt.Errorf("moving the deadline of an upload: %w", err)
	}
	n, err := p.r.Read(b)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.came += int64(n)
	return n, err
}

// step moves the deadline on where what was due by it has come.
func (p *paced) step() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.came < p.due {
		return nil
	}
	p.due = min(p.came+paceStep, p.length)
	return p.until(p.deadline())
}

func (p *paced) deadline() time.Time {
	at := p.began.Add(p.limits.reading(p.due))
	if p.queues == 0 {
		return at
	}
	if soon := p.since.Add(p.limits.at(p.limits.hurried(p.length), p.due-p.before)); soon.Before(at) {
		return soon
	}
	return at
}

// hurry moves the deadline because somebody waits in one queue more or less.
func (p *paced) hurry(more int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.queues == 0 {
		p.since, p.before = time.Now(), p.came
	}
	p.queues += more
	_ = p.until(p.deadline()) // the next step says it if there are no deadlines
}
