package upload

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"portal/internal/onboarding"
)

func TestSharesAreGivenInTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := New(4 * chunkSize)
		held, err := b.reserve(t.Context(), 4*chunkSize)
		if err != nil {
			t.Fatal(err)
		}
		order := make(chan int, 4)
		var all sync.WaitGroup
		for i, chunks := range []int64{4, 1, 3, 2} { // small ones do not overtake
			all.Go(func() {
				s, err := b.reserve(t.Context(), chunks*chunkSize)
				if err != nil {
					t.Error(err)
					return
				}
				order <- i
				time.Sleep(time.Duration(i+1) * time.Second)
				s.giveBack()
			})
			synctest.Wait()
		}
		if len(order) > 0 {
			t.Errorf("%d did not wait", len(order))
		}
		held.giveBack()
		for want := range 4 {
			if got := <-order; got != want && !(got == 2 && want == 1) && !(got == 1 && want == 2) { // which have room together
				t.Errorf("%d came as number %d", got, want)
			}
		}
		all.Wait()
	})
}

func TestSharesHaveNothingOfOthers(t *testing.T) {
	t.Parallel()
	b := New(2 * chunkSize)
	for range 3 {
		s, err := b.reserve(t.Context(), 2*chunkSize)
		if err != nil {
			t.Fatal(err)
		}
		for at := int64(0); ; at += chunkSize {
			p, ok := s.space(at)
			if !ok {
				break
			}
			if i := bytes.IndexFunc(p, func(r rune) bool { return r != 0 }); i >= 0 {
				t.Fatalf("byte %d of what is new is %q", i, p[i])
			}
			copy(p[chunkSize/2:], "marked")
		}
		s.giveBack()
	}
	if b.made != 2 || len(b.free) != 2 {
		t.Errorf("%d chunks were made and %d are free, want 2 and 2", b.made, len(b.free))
	}
}

// deadlines is a response whose deadlines can be moved.
type deadlines struct {
	*httptest.ResponseRecorder
	read, write time.Time
}

func (d *deadlines) SetReadDeadline(at time.Time) error  { d.read = at; return nil }
func (d *deadlines) SetWriteDeadline(at time.Time) error { d.write = at; return nil }

// unread is a body that must not be read.
type unread struct{ t *testing.T }

func (b unread) Read([]byte) (int, error) {
	b.t.Error("the body was read before its turn")
	return 0, io.EOF
}

// request is one for an upload whose body must not be read.
func request(t *testing.T, length int64) *http.Request {
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", unread{t})
	r.ContentLength = length
	r.ProtoMajor = 2 // whose body is not drained
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	return r
}

func TestUploadsWaitUnreadAndNotForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, l, began := New(2*chunkSize), Usual(), time.Now()
		held, err := b.reserve(t.Context(), chunkSize)
		if err != nil {
			t.Fatal(err)
		}
		w := &deadlines{ResponseRecorder: httptest.NewRecorder()}
		_, err = b.Read(t.Context(), w, request(t, 2*chunkSize), l)
		if busy, ok := errors.AsType[*onboarding.Error](err); !ok || busy.Kind != onboarding.Busy || busy.Key != "error.upload_busy" || busy.RetryAfter <= 0 {
			t.Errorf("got %v, want it to be busy", err)
		}
		if took := time.Since(began); took != l.Wait {
			t.Errorf("it took %v, want %v", took, l.Wait)
		}
		if needs := l.Wait + l.reading(2*chunkSize); w.read.Sub(began) != needs || w.write.Sub(began) != needs+l.Answer {
			t.Errorf("deadlines after %v and %v", w.read.Sub(began), w.write.Sub(began))
		}
		held.giveBack()
		if !b.all.room.TryAcquire(b.all.most) {
			t.Error("who has waited in vain keeps something")
		}
	})
}

func TestUploadsWhoseWaitIsCancelledLetOthersGo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, l := New(4*chunkSize), Usual()
		held, err := b.reserve(t.Context(), 2*chunkSize)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		errs := make(chan error, 1)
		go func() {
			_, err := b.Read(ctx, &deadlines{ResponseRecorder: httptest.NewRecorder()}, request(t, 4*chunkSize), l)
			errs <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-errs; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want it to be cancelled", err)
		}
		next, err := b.reserve(t.Context(), 2*chunkSize) // waits for nobody
		if err != nil {
			t.Fatal(err)
		}
		next.giveBack()
		held.giveBack()
	})
}

func TestUploadsLeaveTimeForTheirAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\npixels\r\n--b--\r\n"
		r, w, l := request(t, int64(len(body))), &deadlines{ResponseRecorder: httptest.NewRecorder()}, Usual()
		r.Body = io.NopCloser(strings.NewReader(body))
		u, err := New(chunkSize).Read(t.Context(), w, r, l)
		if err != nil {
			t.Fatal(err)
		}
		u.Close()
		if until := time.Now().Add(l.Answer); !w.read.Equal(until) || !w.write.Equal(until) {
			t.Errorf("deadlines are %v and %v, want %v", w.read, w.write, until)
		}
	})
}

func TestUploadsNeedDeadlines(t *testing.T) {
	t.Parallel()
	if _, err := New(4*chunkSize).Read(t.Context(), httptest.NewRecorder(), request(t, chunkSize), Usual()); !errors.Is(err, http.ErrNotSupported) {
		t.Errorf("got %v, want no upload without deadlines", err)
	}
}

func FuzzForm(f *testing.F) {
	const part = "--b\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n"
	file := "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
	f.Add([]byte(strings.Replace(part, "%s", "set", 1) + "IDENTITY\r\n" + file + "bytes\r\n--b--\r\n"))
	f.Add([]byte(file + strings.Repeat("\r\n--", 3000) + "\r\n--b--"))
	f.Add([]byte(file + "\r\n--b\r\n" + file))
	f.Add([]byte("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\r\n\r\n" + file + "bytes\r\n--b--"))
	f.Add([]byte("--b\r\n" + strings.Repeat("X-Header: more\r\n", 100)))
	limits := Limits{File: 3 * chunkSize / 2, Beside: 8 << 10}
	b := New(4 * chunkSize)
	f.Fuzz(func(t *testing.T, body []byte) {
		if chunksFor(int64(len(body))) > b.all.most {
			t.Skip("longer than the budget")
		}
		s, err := b.reserve(t.Context(), int64(len(body)))
		if err != nil {
			t.Fatal(err)
		}
		u := &Upload{share: s}
		defer u.Close()
		if err := u.parse(bytes.NewReader(body), "b", limits); err != nil {
			if refusal, ok := errors.AsType[*onboarding.Error](err); !ok || refusal.Kind != onboarding.Invalid {
				t.Fatalf("got %v", err)
			}
			return
		}
		content, err := io.ReadAll(u.Open())
		if err != nil || int64(len(content)) != u.Size() || !bytes.Contains(body, content) {
			t.Fatalf("%d bytes of which %d can be read: %v", u.Size(), len(content), err)
		}
	})
}
