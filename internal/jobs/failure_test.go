package jobs_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"portal/internal/jobs"
	"portal/internal/localpg"
	"portal/internal/onboarding"
)

// notes is a log that tests read.
type notes struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (n *notes) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.buf.Write(p)
}

func (n *notes) count(text string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Count(n.buf.String(), text)
}

func (n *notes) log() *slog.Logger { return slog.New(slog.NewTextHandler(n, nil)) }

func TestPanicIsReportedAndSurvived(t *testing.T) {
	t.Parallel()
	pool, log := localpg.New(t), &notes{}
	advanced := make(chan onboarding.RegistrationID)
	clumsy := newID()
	stop := work(t, jobs.Options{Pool: pool, Log: log.log(), Advance: func(ctx context.Context, id onboarding.RegistrationID) {
		select {
		case advanced <- id:
		case <-ctx.Done(): // it is tried again until the end, when nobody hears of it any more
		}
		if id == clumsy {
			panic("dropped it")
		}
	}})
	enqueue(t, pool, clumsy, nil)
	heard(t, advanced)
	enqueue(t, pool, newID(), nil)
	for heard(t, advanced) == clumsy { // tried again
	}
	stop()
	if log.count("level=ERROR") == 0 || log.count("failure_test.go") == 0 || log.count("dropped it") == 0 {
		t.Errorf("the log does not say where:\n%s", &log.buf)
	}
}

func TestEndGivesJobsAMoment(t *testing.T) {
	t.Parallel()
	pool, begun, finish := localpg.New(t), make(chan onboarding.RegistrationID), make(chan struct{})
	stop := work(t, jobs.Options{Pool: pool, Advance: func(_ context.Context, id onboarding.RegistrationID) {
		begun <- id
		<-finish
	}})
	enqueue(t, pool, newID(), nil)
	heard(t, begun)
	time.AfterFunc(300*time.Millisecond, func() { close(finish) })
	stop()
	if got := states(t, pool); got["completed"] != 1 {
		t.Errorf("jobs %v, want it completed", got)
	}
}

func TestEndCutsLongJobsShortForOthersToTakeUp(t *testing.T) {
	t.Parallel()
	pool, begun := localpg.New(t), make(chan onboarding.RegistrationID)
	stop := work(t, jobs.Options{Pool: pool, Advance: func(ctx context.Context, id onboarding.RegistrationID) {
		begun <- id
		<-ctx.Done()
	}})
	id := newID()
	enqueue(t, pool, id, nil)
	heard(t, begun)
	began := time.Now()
	stop()
	if took := time.Since(began); took > 4*time.Second {
		t.Errorf("the end took %s", took)
	}
	advanced := make(chan onboarding.RegistrationID, 1)
	work(t, jobs.Options{Pool: pool, Advance: telling(advanced)})
	if got := heard(t, advanced); got != id {
		t.Errorf("taken up: %s, want %s", got, id)
	}
}
