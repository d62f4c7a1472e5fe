package load

import (
	"context"
	"fmt"
	"time"
)

// sender is one connection, and what came of its requests.
type sender struct {
	load    Load
	address string

	conn   *conn // nil after a failure
	buf    []byte
	took   Times
	failed int
	cause  error
}

func (s *sender) connect(ctx context.Context) error {
	c, err := s.load.dial(ctx, "tcp", s.address)
	if err != nil {
		return err
	}
	s.conn = newConn(c)
	return nil
}

func (s *sender) hangUp() {
	if s.conn != nil {
		_ = s.conn.Close()
		s.conn = nil
	}
}

// send makes a request, on a new connection where the last one failed.
func (s *sender) send(ctx context.Context, b beat) {
	if err := s.exchange(ctx, b.n); err != nil {
		s.hangUp()
		s.failed++
		if s.cause == nil {
			s.cause = err
		}
		return
	}
	s.took = append(s.took, time.Since(b.at))
}

func (s *sender) exchange(ctx context.Context, n int) error {
	if s.conn == nil {
		if err := s.connect(ctx); err != nil {
			return err
		}
	}
	s.buf = s.load.Request(s.buf[:0], n)
	status, err := s.conn.exchange(s.buf)
	if err == nil && status != s.load.Status {
		err = fmt.Errorf("answered with status %d", status)
	}
	return err
}
