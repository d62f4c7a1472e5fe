package load

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTimesCountFromWhenRequestsWereDue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := server{takes: 250 * time.Millisecond}
		result, err := s.load(1).Timed(t.Context(), 10, time.Second/2)
		if err != nil {
			t.Fatal(err)
		}
		var want Times
		for n := range 5 { // one connection answers four a second, ten are due
			due, answered := time.Duration(n)*100*time.Millisecond, time.Duration(n+1)*250*time.Millisecond
			want = append(want, answered-due)
		}
		if diff := cmp.Diff(want, result.Times); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

func TestTimetableDoesNotHurry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := server{takes: time.Millisecond}
		result, err := s.load(4).Timed(t.Context(), 10, 2*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if want := 1900*time.Millisecond + s.takes; len(result.Times) != 20 || result.During != want {
			t.Errorf("%d requests in %v, want 20 in %v", len(result.Times), result.During, want)
		}
	})
}

func TestSaturationKeepsEveryConnectionBusy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := server{takes: 10 * time.Millisecond}
		result, err := s.load(3).Saturate(t.Context(), time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if got := result.PerSecond(); got != 300 {
			t.Errorf("%v requests a second, want 300", got)
		}
	})
}

func TestWrongStatusIsAFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := server{takes: time.Millisecond, fails: func(n int) bool { return n%5 == 1 }}
		result, err := s.load(1).Timed(t.Context(), 10, time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if len(result.Times) != 8 || result.Failed != 2 || result.Cause == nil || !strings.Contains(result.Cause.Error(), "503") {
			t.Errorf("%d answered, %d failed: %v", len(result.Times), result.Failed, result.Cause)
		}
	})
}

func TestNobodyThereIsAnError(t *testing.T) {
	t.Parallel()
	away := errors.New("nobody there")
	l := Load{Addresses: []string{"a"}, Connections: 1, dial: func(context.Context, string, string) (net.Conn, error) { return nil, away }}
	if _, err := l.Saturate(t.Context(), time.Second); !errors.Is(err, away) {
		t.Errorf("got %v", err)
	}
}

func TestConnectionsAreSpreadOverServers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, dialled := server{takes: time.Millisecond}, map[string]int{}
		l := s.load(5)
		l.Addresses = []string{"a", "b"}
		dial := l.dial
		l.dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			dialled[address]++
			return dial(ctx, network, address)
		}
		if _, err := l.Timed(t.Context(), 1, time.Second); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]int{"a": 3, "b": 2}, dialled); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

// server answers each request of a connection after a while.
type server struct {
	takes time.Duration
	fails func(n int) bool // the request with this number; none where it is nil
}

// load asks the server through pipes, in the time of the test.
func (s server) load(connections int) Load {
	return Load{
		Addresses: []string{"server"}, Connections: connections, wait: roughly,
		Request: func(buf []byte, n int) []byte {
			path := "/good"
			if s.fails != nil && s.fails(n) {
				path = "/bad"
			}
			return append(buf, "GET "+path+" HTTP/1.1\r\nHost: server\r\n\r\n"...)
		},
		dial: func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			go s.serve(theirs)
			return ours, nil
		},
	}
}

func (s server) serve(c net.Conn) {
	defer c.Close()
	for in := bufio.NewReader(c); ; {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		time.Sleep(s.takes) // in the time of the test, which does not pass
		answer := "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
		if r.URL.Path == "/bad" {
			answer = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
		}
		if _, err := io.WriteString(c, answer); err != nil {
			return
		}
	}
}
