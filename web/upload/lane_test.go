package upload

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"portal/internal/onboarding"
)

const (
	mib = 1 << 20
	kB  = 1000
)

// line is a connection on which a form comes at a pace, and breaks at the deadline.
type line struct {
	*httptest.ResponseRecorder
	rest io.Reader
	pace func(came int64) int64 // bytes a second

	came  int64
	mu    sync.Mutex
	until time.Time
}

// SetReadDeadline implements what [http.ResponseController] asks for.
func (l *line) SetReadDeadline(at time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.until = at
	return nil
}

// SetWriteDeadline is there because extend moves both.
func (l *line) SetWriteDeadline(time.Time) error { return nil }

// Read implements [io.Reader].
func (l *line) Read(p []byte) (n int, err error) {
	for {
		pace := l.pace(l.came)
		if pace > 0 {
			n, err = l.rest.Read(p[:min(int64(len(p)), pace/10)])
			l.came += int64(n)
			time.Sleep(time.Duration(n) * time.Second / time.Duration(pace))
		} else {
			time.Sleep(time.Second / 10)
		}
		switch {
		case l.late():
			return 0, os.ErrDeadlineExceeded
		case n > 0 || err != nil:
			return n, err
		}
	}
}

func (l *line) late() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Now().After(l.until)
}

// steadily is a pace.
func steadily(pace int64) func(int64) int64 { return func(int64) int64 { return pace } }

// zeros are the bytes of the files.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// sent is what became of an upload.
type sent struct {
	err  error
	took time.Duration
}

// send has a file of that size come at a pace, and gives its memory back.
func send(ctx context.Context, b *Budget, size int64, pace func(int64) int64) sent {
	const head, tail = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n", "\r\n--b--\r\n"
	l := &line{
		ResponseRecorder: httptest.NewRecorder(), pace: pace,
		rest: io.MultiReader(bytes.NewReader([]byte(head)), io.LimitReader(zeros{}, size), bytes.NewReader([]byte(tail))),
	}
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", l)
	r.ContentLength, r.ProtoMajor = size+int64(len(head)+len(tail)), 2 // whose body is not drained
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	began := time.Now()
	u, err := b.Read(ctx, l, r, Usual())
	u.Close()
	return sent{err, time.Since(began)}
}

// start sends in the background, and returns once everybody is reading or waiting.
func start(t *testing.T, b *Budget, size int64, pace func(int64) int64) <-chan sent {
	t.Helper()
	done := make(chan sent, 1)
	go func() { done <- send(t.Context(), b, size, pace) }()
	time.Sleep(time.Second)
	return done
}

// within fails unless it has arrived within that time.
func (s sent) within(t *testing.T, most time.Duration) {
	t.Helper()
	if s.err != nil || s.took > most {
		t.Errorf("after %v: %v, want it to arrive within %v", s.took, s.err, most)
	}
}

// cut fails unless it was cut off within that time.
func (s sent) cut(t *testing.T, most time.Duration) {
	t.Helper()
	if !errors.Is(s.err, errTooSlow) || s.took > most {
		t.Errorf("after %v: %v, want it cut off within %v", s.took, s.err, most)
	}
}

func TestGreatFilesLeaveRoomToOrdinaryOnes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := New(96 * mib)
		first := start(t, b, 46*mib, steadily(40*kB))
		second := start(t, b, 46*mib, steadily(40*kB)) // waits: a quarter is not for such
		send(t.Context(), b, 5*mib, steadily(mib)).within(t, 6*time.Second)
		(<-first).cut(t, 20*time.Second) // for the second
		quick := start(t, b, 46*mib, steadily(2*mib))
		(<-second).cut(t, 40*time.Second)
		(<-quick).within(t, 60*time.Second)
	})
}

func TestSlowSendersMustHurryWhileOthersWait(t *testing.T) {
	t.Parallel()
	stopping := func(came int64) int64 {
		if came > 10*mib {
			return 0
		}
		return 5 * mib
	}
	for name, pace := range map[string]func(int64) int64{"slow": steadily(40 * kB), "stopping with credit": stopping} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := New(96 * mib)
				var slow []<-chan sent
				for range 8 {
					slow = append(slow, start(t, b, 12*mib-kB, pace))
				}
				send(t.Context(), b, 3*mib, steadily(mib)).within(t, 20*time.Second)
				soon := 0
				for _, done := range slow { // those who are left need not hurry any more
					if s := <-done; errors.Is(s.err, errTooSlow) && s.took < 40*time.Second {
						soon++
					}
				}
				if soon == 0 {
					t.Error("nobody was cut off for the one that waited")
				}
			})
		})
	}
}

func TestSlowSendersHaveTimeWhileNobodyWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		send(t.Context(), New(96*mib), 12*mib, steadily(40*kB)).within(t, 6*time.Minute)
	})
}

func TestSmallPicturesAreBorneWithWhileOthersWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := New(12 * mib)
		small := start(t, b, 2*mib, steadily(40*kB))
		waits := start(t, b, 11*mib, steadily(mib))
		(<-small).within(t, time.Minute)
		(<-waits).within(t, 70*time.Second)
	})
}

func TestGreatFilesThatWaitForOneAnotherHurryNoOrdinaryOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := New(96 * mib)
		ordinary := start(t, b, 10*mib, steadily(40*kB))
		first, second := start(t, b, 48*mib, steadily(300*kB)), start(t, b, 48*mib, steadily(300*kB))
		(<-ordinary).within(t, 5*time.Minute)
		if s := <-second; !errors.Is(s.err, errBusy) {
			t.Errorf("the second waited for %v: %v", s.took, s.err)
		}
		(<-first).within(t, 4*time.Minute)
	})
}

func TestRefusedUploadsSayTheFieldsBeforeTheFault(t *testing.T) {
	t.Parallel()
	const country = "--b\r\nContent-Disposition: form-data; name=\"country\"\r\n\r\nSWE\r\n"
	const body = country + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\npix"
	b := New(mib)
	for name, test := range map[string]struct{ body, boundary, country string }{
		"broken off": {body, "b", "SWE"},
		"no file":    {country + "--b--\r\n", "b", "SWE"},
		"no form":    {body, "other", ""},
		"unread":     {body, "", ""},
	} {
		r := request(t, int64(len(test.body)))
		r.Body = io.NopCloser(bytes.NewReader([]byte(test.body)))
		r.Header.Set("Content-Type", "multipart/form-data; boundary="+test.boundary)
		u, err := b.Read(t.Context(), &deadlines{ResponseRecorder: httptest.NewRecorder()}, r, Usual())
		if onboarding.KindOf(err) != onboarding.Invalid || u.Fields.Get("country") != test.country {
			t.Errorf("%s: %v and %v", name, u.Fields, err)
		}
		if _, err := u.Open().Read(make([]byte, 1)); err == nil {
			t.Errorf("%s: there is something to read", name)
		}
	}
	if Free(b) != Made(b) {
		t.Error("the memory did not come back")
	}
}
