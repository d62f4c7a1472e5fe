package upload

import (
	"fmt"
	"io"
	"time"
)

// paceStep is how many bytes the deadline is moved on for at a time: two seconds' worth of the slowest sender that is borne.
const paceStep = 64 << 10

// paced is a body that must keep its pace from the start. Were the whole time only due at the end, a few senders of great files
// that send next to nothing would hold all memory for minutes. What came quickly is credit for what comes later.
type paced struct {
	r      io.Reader
	limits Limits
	began  time.Time
	length int64                    // of the whole body
	until  func(at time.Time) error // sets the deadline for reading

	came, due int64 // bytes that have come, and that must have come by the deadline
}

// Read implements [io.Reader].
func (p *paced) Read(b []byte) (int, error) {
	if p.came >= p.due {
		p.due = min(p.came+paceStep, p.length)
		if err := p.until(p.began.Add(p.limits.reading(p.due))); err != nil {
			return 0, fmt.Errorf("moving the deadline of an upload: %w", err)
		}
	}
	n, err := p.r.Read(b)
	p.came += int64(n)
	return n, err
}
