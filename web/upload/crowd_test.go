package upload_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"portal/internal/onboarding"
	"portal/web/upload"
)

func TestCrowdOfUploadsStaysInTheBudget(t *testing.T) {
	t.Parallel()
	const crowd, budget = 200, 4 << 20
	var held, most atomic.Int64
	b := upload.New(budget)
	s := serve(t, taker{budget: b, limits: limits(), with: func(_ *http.Request, u *upload.Upload) {
		now := held.Add(u.Size())
		defer held.Add(-u.Size())
		for last := most.Load(); now > last && !most.CompareAndSwap(last, now); last = most.Load() {
		}
		_, _ = io.Copy(io.Discard, u.Open())
	}})
	body, contentType := formOf(chosen(document(1 << 20)))
	var all sync.WaitGroup
	for range crowd {
		all.Go(func() {
			if status, err := send(t.Context(), s.Client(), s.URL, bytes.NewReader(body), contentType); status != http.StatusOK || err != nil {
				t.Errorf("got %d and %v", status, err)
			}
		})
	}
	all.Wait()
	if got := upload.Made(b); got > budget {
		t.Errorf("%d bytes of memory were made of %d", got, budget)
	}
	if most.Load() > budget {
		t.Errorf("%d bytes were held at once", most.Load())
	}
	if got := upload.Free(b); got != upload.Made(b) {
		t.Errorf("%d of %d bytes came back", got, upload.Made(b))
	}
}

// half sends the beginning of an upload and returns its connection.
func half(t *testing.T, address string, body []byte, contentType string) net.Conn {
	t.Helper()
	c, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_, err = fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", address, contentType, len(body), body[:len(body)/2])
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBrokenOffUploadsGiveTheirMemoryBack(t *testing.T) {
	t.Parallel()
	h := taker{budget: upload.New(1 << 20), limits: limits(), errs: make(chan error, 1)}
	s := serve(t, h)
	body, contentType := formOf(chosen(document(900 << 10)))
	for range 3 {
		_ = half(t, s.Listener.Addr().String(), body, contentType).Close()
		if err := <-h.errs; upload.Status(err) != http.StatusBadRequest || keyOf(err) != "error.upload_broken_off" {
			t.Errorf("got %v", err)
		}
	}
	if got := post(t, s.Client(), s.URL, body, contentType); got != http.StatusOK {
		t.Errorf("got %d after that", got)
	}
}

func TestSlowSendersLoseTheirMemory(t *testing.T) {
	t.Parallel()
	h := taker{budget: upload.New(1 << 20), limits: limits(), errs: make(chan error, 1)}
	h.limits.Grace, h.limits.Pace = 50*time.Millisecond, 1<<30
	s := serve(t, h)
	body, contentType := formOf(chosen(document(900 << 10)))
	c := half(t, s.Listener.Addr().String(), body, contentType)
	var err error
	select {
	case err = <-h.errs:
	case <-time.After(10 * time.Second):
		t.Fatal("a sender that has stopped keeps its memory")
	}
	if keyOf(err) != "error.upload_broken_off" || strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("got %v", err)
	}
	_ = c.Close()
	if upload.Free(h.budget) != upload.Made(h.budget) {
		t.Error("the memory did not come back")
	}
}

// trickle sends the rest of an upload in small pieces until nobody takes them any more.
func trickle(c net.Conn, rest []byte, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for ; len(rest) > 0; rest = rest[1:] {
		if _, err := c.Write(rest[:1]); err != nil {
			return
		}
		<-tick.C
	}
}

func TestSendersWhoTrickleLoseTheirMemoryLongBeforeTheEnd(t *testing.T) {
	t.Parallel()
	h := taker{budget: upload.New(52 << 20), limits: limits(), errs: make(chan error, 1)}
	h.limits.File, h.limits.Grace, h.limits.Pace = 50<<20, 200*time.Millisecond, 1<<20
	s := serve(t, h)
	body, contentType := formOf(chosen(document(50 << 20))) // which may take 50 seconds
	c, err := new(net.Dialer).DialContext(t.Context(), "tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if _, err := fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", contentType, len(body)); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { defer close(done); trickle(c, body, time.Millisecond) }()
	t.Cleanup(func() { _ = c.Close(); <-done })
	if err := <-h.errs; keyOf(err) != "error.upload_broken_off" || time.Since(began) > 20*time.Second {
		t.Errorf("after %v: %v", time.Since(began), err)
	}
	if upload.Free(h.budget) != upload.Made(h.budget) {
		t.Error("the memory did not come back")
	}
}

func keyOf(err error) string {
	if e, ok := errors.AsType[*onboarding.Error](err); ok {
		return e.Key
	}
	return ""
}

// A browser sends everything before it looks for an answer.
func TestRefusedBrowsersHearTheAnswer(t *testing.T) {
	t.Parallel()
	s := serve(t, taker{budget: upload.New(1 << 20), limits: limits()})
	address := s.Listener.Addr().String()
	body, contentType := formOf(chosen(document(30 << 20)))
	c := half(t, address, body, contentType)
	if _, err := c.Write(body[len(body)/2:]); err != nil {
		t.Fatalf("the connection was cut: %v", err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil || answer.StatusCode != http.StatusRequestEntityTooLarge {
		t.Fatalf("got %v and %v", answer, err)
	}
	_ = answer.Body.Close()
}

func TestUploadsTouchNoDisk(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	s := serve(t, taker{budget: upload.New(96 << 20), limits: upload.Usual(), with: func(r *http.Request, u *upload.Upload) {
		if entries, err := os.ReadDir(folder); len(entries) > 0 || err != nil {
			t.Errorf("%v and %v while %d bytes are held", entries, err, u.Size())
		}
		if err := r.ParseMultipartForm(1); err == nil && r.MultipartForm != nil && len(r.MultipartForm.File) > 0 {
			t.Error("there is something left to read")
		}
	}})
	body, contentType := formOf(chosen(document(40 << 20)))
	if got := post(t, s.Client(), s.URL, body, contentType); got != http.StatusOK {
		t.Errorf("got %d", got)
	}
	if entries, err := os.ReadDir(folder); len(entries) > 0 || err != nil {
		t.Errorf("%v and %v after that", entries, err)
	}
}

// strict is a server with limits that no upload keeps.
func strict(t *testing.T, h http.Handler, configure func(s *http.Server)) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	s := &http.Server{Handler: h, Protocols: &protocols, HTTP2: upload.HTTP2()}
	configure(s)
	done := make(chan struct{})
	go func() { defer close(done); _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close(); <-done })
	return "http://" + l.Addr().String()
}

// clientOf speaks one version of HTTP over one connection where that has streams.
func clientOf(t *testing.T, version int) *http.Client {
	t.Helper()
	var protocols http.Protocols
	protocols.SetHTTP1(version == 1)
	protocols.SetUnencryptedHTTP2(version == 2)
	transport := &http.Transport{Protocols: &protocols}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func TestUploadsOutliveTheLimitsOfOrdinaryRequests(t *testing.T) {
	t.Parallel()
	const ordinary = 500 * time.Millisecond
	for _, version := range []int{1, 2} {
		t.Run(fmt.Sprintf("HTTP/%d", version), func(t *testing.T) {
			t.Parallel()
			first := make(chan struct{}, 1)
			first <- struct{}{}
			url := strict(t, taker{budget: upload.New(1 << 20), limits: limits(), with: func(r *http.Request, u *upload.Upload) {
				select {
				case <-first: // holds the others up, and takes long to be answered
					select {
					case <-time.After(2 * ordinary):
					case <-r.Context().Done():
						t.Errorf("the client is taken for gone: %v", context.Cause(r.Context()))
					}
				default:
				}
			}}, func(s *http.Server) { s.ReadTimeout, s.WriteTimeout = ordinary, ordinary })
			c := clientOf(t, version)
			body, contentType := formOf(chosen(document(700 << 10)))
			var all sync.WaitGroup
			for range 4 {
				all.Go(func() {
					if status, err := send(t.Context(), c, url, bytes.NewReader(body), contentType); status != http.StatusOK || err != nil {
						t.Errorf("got %d and %v", status, err)
					}
				})
			}
			all.Wait()
		})
	}
}

func TestWaitingUploadsLeaveTheirConnectionToOthers(t *testing.T) {
	t.Parallel()
	const waiting = 50
	let, arrived := make(chan struct{}), make(chan struct{}, waiting+1)
	uploads := taker{budget: upload.New(1 << 20), limits: limits(), with: func(*http.Request, *upload.Upload) { <-let }}
	mux := http.NewServeMux()
	mux.HandleFunc("/upload", func(w http.ResponseWriter, r *http.Request) { arrived <- struct{}{}; uploads.ServeHTTP(w, r) })
	mux.HandleFunc("/form", func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) })
	url := strict(t, mux, func(*http.Server) {})
	c := clientOf(t, 2)
	body, contentType := formOf(chosen(document(700 << 10)))
	var all sync.WaitGroup
	for range waiting {
		all.Go(func() {
			if status, err := send(t.Context(), c, url+"/upload", bytes.NewReader(body), contentType); status != http.StatusOK || err != nil {
				t.Errorf("got %d and %v", status, err)
			}
		})
	}
	for range waiting {
		<-arrived
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for range 20 { // more than the windows of all who wait have left
		if status, err := send(ctx, c, url+"/form", strings.NewReader(document(60<<10)), "text/plain"); status != http.StatusOK || err != nil {
			t.Fatalf("a form is held up by uploads that wait: %d and %v", status, err)
		}
	}
	close(let)
	all.Wait()
}

func BenchmarkUpload(b *testing.B) {
	s := serve(b, taker{budget: upload.New(32 << 20), limits: upload.Usual(), with: func(_ *http.Request, u *upload.Upload) {
		_, _ = io.Copy(io.Discard, u.Open())
	}})
	body, contentType := formOf(chosen(document(10 << 20)))
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		post(b, s.Client(), s.URL, body, contentType)
	}
}
