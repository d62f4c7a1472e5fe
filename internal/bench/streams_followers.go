package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"portal/internal/bench/load"
)

// followers are connections on which events come. One goroutine reads each.
type followers struct {
	address  string
	requests [][]byte
	conns    []net.Conn
	events   []chan struct{} // an element for an event that nobody has waited for yet
	over     []chan struct{} // closed when its connection has ended
	reading  sync.WaitGroup
}

func newFollowers(address string, requests [][]byte) *followers {
	f := &followers{
		address: address, requests: requests, conns: make([]net.Conn, len(requests)), events: make([]chan struct{}, len(requests)),
		over: make([]chan struct{}, len(requests)),
	}
	for i := range requests {
		f.events[i], f.over[i] = make(chan struct{}, 16), make(chan struct{})
	}
	return f
}

// connectAtOnce is how many connect at once, and firstWithin how long one waits for the first event.
const (
	connectAtOnce = 32
	firstWithin   = 30 * time.Second
)

// connect connects all and returns how long each waited for the first event.
func (f *followers) connect(ctx context.Context) (load.Times, error) {
	took := make(load.Times, len(f.requests))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(connectAtOnce)
	for i := range f.requests {
		g.Go(func() error {
			began := time.Now()
			if err := f.follow(ctx, i); err != nil {
				return err
			}
			took[i] = time.Since(began)
			return nil
		})
	}
	return took, g.Wait()
}

// follow connects one and waits for the first event.
func (f *followers) follow(ctx context.Context, i int) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", f.address)
	if err != nil {
		return fmt.Errorf("connecting: %w", err)
	}
	f.conns[i] = conn
	if _, err := conn.Write(f.requests[i]); err != nil {
		return fmt.Errorf("asking for events: %w", err)
	}
	lines := bufio.NewScanner(conn)
	lines.Buffer(make([]byte, 0, 1<<10), 16<<10) // so that thousands are cheap
	if !lines.Scan() || !strings.HasPrefix(lines.Text(), "HTTP/1.1 200 ") {
		return fmt.Errorf("asking for events: answered %q", lines.Text())
	}
	f.reading.Go(func() {
		defer close(f.over[i])
		for lines.Scan() && lines.Text() != lastChunk {
			if strings.HasPrefix(lines.Text(), "data: ") { // a beat has none
				f.note(i)
			}
		}
	})
	return f.await(ctx, i, firstWithin)
}

// lastChunk is how an answer in chunks ends; its connection may go on.
const lastChunk = "0"

// note notes an event; what nobody waits for for long is not counted any more.
func (f *followers) note(i int) {
	select {
	case f.events[i] <- struct{}{}:
	default:
	}
}

var (
	errNoEvent = errors.New("no event came in time")
	errEnded   = errors.New("the stream has ended")
)

// await waits for the next event of one.
func (f *followers) await(ctx context.Context, i int, within time.Duration) error {
	timer := time.NewTimer(within)
	defer timer.Stop()
	select {
	case <-f.events[i]:
		return nil
	case <-f.over[i]:
		return errEnded
	case <-timer.C:
		return errNoEvent
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ended counts the streams that have ended by themselves.
func (f *followers) ended() (n int) {
	for _, over := range f.over {
		select {
		case <-over:
			n++
		default:
		}
	}
	return n
}

// hangUp ends all connections and waits for their readers.
func (f *followers) hangUp() {
	for _, c := range f.conns {
		if c != nil {
			_ = c.Close()
		}
	}
	f.reading.Wait()
}
