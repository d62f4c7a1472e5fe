package torture

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// wire carries the calls to the sandbox, and spoils those it is told to.
type wire struct {
	to     http.Handler
	now    func() time.Time
	choose Chooser
	tell   func(format string, args ...any)
	calm   bool // no trouble any more

	conflicts int // writes that came too late

	mu       sync.Mutex // calls come from goroutines of the server's own
	next     string
	late     time.Duration // after which the next call takes effect, if it is late
	between  func() error  // what happens while an applicant is being read, after the first of the calls
	postpone []postponed
}

// postponed is a call that takes effect after its answer was given up.
type postponed struct {
	due     time.Time
	request *http.Request
}

// What may happen to calls. A read has no effect that could come late or be lost.
var (
	readTroubles = []string{"", "", "", "", "", "refused", "cut before", "storm"}
	callTroubles = []string{
		"", "", "", "", "", "", "refused", "cut before", "storm", "cut after", "lost after", "garbled after", "late", "late",
	}
	lateness = []time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 59 * time.Second, 5 * time.Minute, 20 * time.Minute}
)

// disturb decides what happens to the next call.
func (w *wire) disturb(creates bool) {
	next, late := "", time.Duration(0)
	if !w.calm {
		troubles := readTroubles
		if creates {
			troubles = callTroubles
		}
		next = troubles[w.choose(len(troubles), "trouble")]
	}
	if next != "" {
		w.tell("the next call is %s", next)
	}
	if next == "late" {
		late = lateness[w.choose(len(lateness), "lateness")]
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.next, w.late = next, late
}

// take is what was decided about this call; those that follow it are left alone.
func (w *wire) take() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	next := w.next
	w.next = ""
	return next
}

// inBetween has something happen while an applicant is being read.
func (w *wire) inBetween(do func() error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.between = do
}

// happen lets it happen before the calls that read the details, which are made at once.
func (w *wire) happen(r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.between == nil || strings.HasSuffix(r.URL.Path, "/one") {
		return
	}
	_ = w.between() // what staff are refused is of no interest
	w.between = nil
}

// ServeHTTP passes a call on, in the way that was decided.
func (w *wire) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.happen(r)
	switch w.take() {
	case "refused":
		http.Error(rw, `{"errors":[{"code":302,"message":"not now"}]}`, http.StatusServiceUnavailable)
	case "storm":
		rw.Header().Set("X-RateLimit-Retry-Secs", "2")
		http.Error(rw, "{}", http.StatusTooManyRequests)
	case "cut before":
		panic(http.ErrAbortHandler)
	case "cut after":
		w.to.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	case "lost after":
		w.to.ServeHTTP(httptest.NewRecorder(), r)
		http.Error(rw, "bad gateway", http.StatusBadGateway)
	case "garbled after":
		answer := httptest.NewRecorder()
		w.to.ServeHTTP(answer, r)
		_, _ = rw.Write(answer.Body.Bytes()[:answer.Body.Len()/2])
	case "late":
		w.putOff(r)
		http.Error(rw, "gateway time-out", http.StatusGatewayTimeout)
	default:
		w.to.ServeHTTP(rw, r)
	}
}

// putOff keeps a call for later.
func (w *wire) putOff(r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	again := httptest.NewRequest(r.Method, r.URL.String(), bytes.NewReader(body))
	again.Header = r.Header.Clone()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.postpone = append(w.postpone, postponed{due: w.now().Add(w.late), request: again})
}

// nextDue is when the first postponed call takes effect.
func (w *wire) nextDue() (first int, due time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	first = -1
	for i, p := range w.postpone {
		if first < 0 || p.due.Before(due) {
			first, due = i, p.due
		}
	}
	return first, due
}

// takeEffect lets a postponed call happen.
func (w *wire) takeEffect(i int) {
	w.mu.Lock()
	p := w.postpone[i]
	w.postpone = append(w.postpone[:i], w.postpone[i+1:]...)
	w.mu.Unlock()
	w.tell("a late %s %s takes effect", p.request.Method, p.request.URL.Path)
	w.to.ServeHTTP(httptest.NewRecorder(), p.request)
}
