package torture

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// diary is what is done and seen in a run, with times, and what is wrong with it.
type diary struct {
	began time.Time

	mu    sync.Mutex
	lines []string
	wrong []string
}

func newDiary() *diary { return &diary{began: time.Now()} }

// tell writes down what somebody does or sees.
func (d *diary) tell(who, format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, fmt.Sprintf("%8.3f  %-10s %s", time.Since(d.began).Seconds(), who, fmt.Sprintf(format, args...)))
}

// violated writes down that a promise was broken.
func (d *diary) violated(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	d.tell("violation", "%s", text)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wrong = append(d.wrong, text)
}

func (d *diary) story() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.lines)
}

func (d *diary) violations() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.wrong)
}
