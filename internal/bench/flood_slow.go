package bench

import (
	"context"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// slowBeginnings are what slow clients send at once, each kind in turn; the rest comes by the byte. The last of them takes the
// answer by the byte.
var slowBeginnings = []string{
	"GET /onboarding HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
	"POST /onboarding/sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 4000\r\n\r\n",
	"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x40\x00", // and a frame whose rest does not come
	"GET " + linkPath + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
}

// slow is clients that do everything by the byte, one a second. Whoever is hung up on comes again.
type slow struct {
	address   string
	most      int
	connected atomic.Int64 // for the first time
	hungUp    atomic.Int64
}

func newSlow(address string, most int) *slow { return &slow{address: address, most: most} }

// run has them all at it until ctx ends.
func (s *slow) run(ctx context.Context) {
	var all sync.WaitGroup
	for i := range s.most {
		all.Go(func() {
			for first := true; ctx.Err() == nil; first = false {
				s.dribble(ctx, slowBeginnings[i%len(slowBeginnings)], first)
			}
		})
	}
	all.Wait()
}

// awaitAll waits until all are connected.
func (s *slow) awaitAll(ctx context.Context) error {
	for s.connected.Load() < int64(s.most) {
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// dribble is one connection, from its beginning until one side hangs up.
func (s *slow) dribble(ctx context.Context, beginning string, first bool) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.address)
	if err != nil {
		_ = pause(ctx, time.Second)
		return
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	if first {
		s.connected.Add(1)
	}
	_, err = io.WriteString(conn, beginning)
	one := make([]byte, 1)
	for err == nil && ctx.Err() == nil {
		if pause(ctx, time.Second) != nil {
			return
		}
		_ = conn.SetReadDeadline(time.Now().Add(time.Millisecond)) // most have nothing to read until the end
		if _, read := conn.Read(one); read != nil && !isTimeout(read) {
			err = read
			break
		}
		_, err = io.WriteString(conn, "x")
	}
	if ctx.Err() == nil {
		s.hungUp.Add(1)
	}
}

func isTimeout(err error) bool {
	timeout, ok := err.(net.Error)
	return ok && timeout.Timeout()
}

// pause waits, unless ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
