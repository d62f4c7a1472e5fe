package web_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// pipes is a listener whose connections hold nothing: what is written waits for whoever reads it.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), closed: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (*pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// raw is a client that speaks for itself, to a server that it reaches by a pipe.
func (w *world) raw() net.Conn {
	w.t.Helper()
	l := newPipes()
	server := &http.Server{Handler: w.web, ReadTimeout: time.Minute, WriteTimeout: time.Minute}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(l) }) // until it is closed
	near, far := net.Pipe()
	w.t.Cleanup(func() {
		w.web.Stop()
		_ = errors.Join(near.Close(), server.Close())
		serving.Wait()
	})
	l.conns <- far
	return near
}

// asks is a request for the stream as somebody who is signed in makes it.
func (b *browser) asks(protocol, more string) string {
	b.w.t.Helper()
	var cookies []string
	for _, c := range b.client.Jar.Cookies(b.w.url) {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	return "GET /onboarding" + ofIndividual + " " + protocol + "\r\nHost: www.example.com\r\nCookie: " + strings.Join(cookies, "; ") + "\r\n" + more + "\r\n"
}

// says sends a text, and nothing else.
func says(t *testing.T, c net.Conn, text string) {
	t.Helper()
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
}

// theirs is what comes on a connection until a line that begins so, or until the end.
func theirs(t *testing.T, r *bufio.Reader, last string) (all string) {
	t.Helper()
	for {
		line, err := r.ReadString('\n')
		all += line
		if last != "" && strings.HasPrefix(line, last) || last == "" && err != nil {
			return all
		}
		if err != nil {
			t.Fatalf("%v after %q", err, all)
		}
	}
}

func TestStrictClientsCanReadAStream(t *testing.T) {
	t.Parallel()
	for _, protocol := range []string{"HTTP/1.1", "HTTP/1.0"} {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, wanted{live: true})
			b := w.browser().signIn("ada@example.com")
			if _, err := w.sandbox.Advance(3 * time.Minute); err != nil {
				t.Fatal(err)
			}
			c := w.raw()
			says(t, c, b.asks(protocol, "Connection: keep-alive\r\n"))
			all := theirs(t, bufio.NewReader(c), "data: ")
			head, body, _ := strings.Cut(all, "\r\n\r\n")
			if strings.Count(head, "\n") != strings.Count(head, "\r\n") || strings.Contains(body, "\r") {
				t.Errorf("the ends of lines are not what they should be in %q", all)
			}
			answer, err := http.ReadResponse(bufio.NewReader(strings.NewReader(all)), nil)
			if err != nil {
				t.Fatal(err)
			}
			if answer.StatusCode != http.StatusOK || !answer.Close || answer.ContentLength != -1 || len(answer.TransferEncoding) != 0 {
				t.Errorf("answered %+v", answer)
			}
			if at, err := http.ParseTime(answer.Header.Get("Date")); err != nil || at.Before(time.Now().Add(2*time.Minute)) {
				t.Errorf("it is dated %v (%v), which is not by the portal's clock", at, err)
			}
			if !strings.HasPrefix(body, "retry: ") {
				t.Errorf("it begins with %q", body)
			}
		})
	}
}

func TestAStreamSaysOnceThatItsConnectionEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{live: true})
	b := w.browser().signIn("ada@example.com")
	server := httptest.NewServer(http.HandlerFunc(func(to http.ResponseWriter, r *http.Request) {
		to.Header().Set("Connection", "close") // as a process does that is about to stop
		w.web.ServeHTTP(to, r)
	}))
	t.Cleanup(server.Close)
	t.Cleanup(w.web.Stop)
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	says(t, c, b.asks("HTTP/1.1", ""))
	if all := theirs(t, bufio.NewReader(c), "\r\n"); strings.Count(all, "Connection: close") != 1 {
		t.Errorf("the header is %q", all)
	}
}

func TestAConnectionOfAStreamAnswersNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{live: true})
	b := w.browser().signIn("ada@example.com")
	c := w.raw()
	request := b.asks("HTTP/1.1", "")
	says(t, c, request+request) // at once
	from := bufio.NewReader(c)
	theirs(t, from, "data: ")
	says(t, c, "G") // and something later, which ends it
	if rest := theirs(t, from, ""); strings.Contains(rest, "HTTP/1.1") {
		t.Errorf("answered %q after the stream", rest)
	}
	eventually(t, "the end of the stream", func() bool { return w.hub.Streams() == 0 })
}

func TestAClientThatReadsNothingIsGivenUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{live: true})
	b := w.browser().signIn("ada@example.com")
	says(t, w.raw(), b.asks("HTTP/1.1", ""))
	eventually(t, "the stream", func() bool { return w.hub.Streams() == 1 })
	eventually(t, "its end", func() bool { return w.hub.Streams() == 0 })
}

func TestAStopWaitsForNoClientThatReadsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{live: true})
	b := w.browser().signIn("ada@example.com")
	says(t, w.raw(), b.asks("HTTP/1.1", ""))
	eventually(t, "the stream", func() bool { return w.hub.Streams() == 1 })
	w.stopsInTime()
}
