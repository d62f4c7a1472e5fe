package load

import (
	"context"
	"syscall"
	"time"
)

// keepTo hands out so many requests at equal distances of time, each when it is due or as soon after that as a connection is
// free; the time at which it was due goes with it. One goroutine keeps the time for all connections: if each waited by itself,
// many threads would wait for a processor that the servers want, too.
func (l Load) keepTo(ctx context.Context, perSecond float64, total int, due chan<- beat) {
	defer close(due)
	began, distance := time.Now(), float64(time.Second)/perSecond
	for n := range total {
		at := began.Add(time.Duration(float64(n) * distance))
		if left := time.Until(at); left > 0 {
			l.wait(ctx, left)
		}
		select {
		case due <- beat{n, at}:
		case <-ctx.Done():
			return
		}
	}
}

// coarse is how late a timer of Go's may be where there is nothing else to do: it waits for whole milliseconds.
const coarse = 2 * time.Millisecond

// precisely waits to within the kernel's own slack of some 50 µs. The times of requests count from when they were due, and
// would show the lateness of timers where answers take less than that.
func precisely(ctx context.Context, left time.Duration) {
	until := time.Now().Add(left)
	if left > coarse {
		roughly(ctx, left-coarse)
	}
	rest := syscall.NsecToTimespec(max(time.Until(until), 0).Nanoseconds())
	_ = syscall.Nanosleep(&rest, nil) // a signal may end it early
}

// roughly waits by a timer.
func roughly(ctx context.Context, left time.Duration) {
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
