package main

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"portal/internal/localpg"
)

func TestRollingRestartFailsNoRequest(t *testing.T) {
	t.Parallel()
	database := localpg.NewURL(t)
	w := newWorld(t, database)
	rollingRestart(t, w, database, 80, 1)
}

// BenchmarkRollingRestart is the same for longer: -benchtime=20x restarts each replica so many times.
func BenchmarkRollingRestart(b *testing.B) {
	database := localpg.NewURL(b)
	rollingRestart(b, newWorld(b, database), database, 200, b.N)
}

// rollingRestart restarts two replicas one after the other, several times, while a throng uses them through a balancer.
func rollingRestart(t testing.TB, w *world, database string, people, rounds int) {
	t.Helper()
	at, err := freeAddresses(4)
	if err != nil {
		t.Fatal(err)
	}
	changes := settings{"PORTAL_STOP_DELAY": "3s", "PASSFORT_PROFILES_PER_HOUR": "3600000"} // as it is unless set
	replicas := [][]string{at[:2], at[2:]}
	running := []*portalProcess{w.replica(t, at[:2], changes), w.replica(t, at[2:], changes)}
	front := newBalancer(t, replicas)
	front.await(t, len(replicas))
	c := newThrong(t, w, front.url, database)
	c.begin(t.Context(), people/2, c.look)
	c.begin(t.Context(), people*3/8, c.tell)
	c.begin(t.Context(), people/8, c.start)
	eventually(t, "the throng is there", func() bool { return c.served() > 2*people })
	for range rounds {
		for i := range running {
			running[i].stop(t)
			running[i] = w.replica(t, replicas[i], changes)
			front.await(t, len(replicas))
		}
	}
	c.end()
	for _, r := range running {
		r.stop(t)
	}
	for _, f := range c.failed() {
		t.Error(f)
	}
	t.Logf("answered: %v", c.answered)
	c.mustBeKept(t, c.pool)
}

// replica is a portal at known addresses, which may not be ready yet.
func (w *world) replica(t testing.TB, at []string, changes settings) *portalProcess {
	t.Helper()
	p := w.launchPortal(t, at, changes, "serve")
	t.Cleanup(func() {
		p.stop(t)
		if t.Failed() {
			t.Logf("the portal at %s wrote:\n%s", p.listen, p.log.tail())
		}
	})
	return p
}

func TestAStoppingPortalServesUntilEverybodyKnows(t *testing.T) {
	t.Parallel()
	p := bareWorld(t).startPortal(t, settings{"PORTAL_STOP_DELAY": "1h"})
	client := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(client.CloseIdleConnections)
	if closing := closes(t, client, p.origin()); closing {
		t.Error("the connection is closed in the middle of the day")
	}
	p.signal(t)
	eventually(t, "it is not ready", func() bool { return !answers(t.Context(), "http://"+p.debug+"/readyz") })
	if closing := closes(t, client, p.origin()); !closing {
		t.Error("the connection is kept that is about to be closed")
	}
	if !answers(t.Context(), "http://"+p.debug+"/healthz") {
		t.Error("it is not alive while it stops")
	}
	p.signal(t) // for the second time
	<-p.gone
}

func TestAStoppingPortalEndsByItselfAfterItsDelay(t *testing.T) {
	t.Parallel()
	p := bareWorld(t).startPortal(t, settings{"PORTAL_STOP_DELAY": "1s"})
	profiled := make(chan error, 1) // which would take far longer than it is waited for
	go func() {
		resp, err := http.Get("http://" + p.debug + "/debug/pprof/profile?seconds=60")
		if err == nil {
			_, err = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
		}
		profiled <- err
	}()
	eventually(t, "the profile is being taken", func() bool { return p.busyWith(t, "pprof.Profile(") })
	began := time.Now()
	p.stop(t)
	if took := time.Since(began); took < time.Second {
		t.Errorf("it was gone after %s", took)
	}
	if err := <-profiled; err == nil {
		t.Error("the profile was waited for")
	}
}

// busyWith says whether a goroutine of the portal is in a function.
func (p *portalProcess) busyWith(t *testing.T, function string) bool {
	t.Helper()
	return strings.Contains(p.goroutines(t), function)
}

// goroutines are where they all are.
func (p *portalProcess) goroutines(t *testing.T) string {
	t.Helper()
	resp, err := http.Get("http://" + p.debug + "/debug/pprof/goroutine?debug=2")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestASecondSignalEndsThePortalAtOnce(t *testing.T) {
	t.Parallel()
	p := bareWorld(t).startPortal(t, settings{"PORTAL_STOP_DELAY": "1h"})
	p.signal(t)
	eventually(t, "it is not ready", func() bool { return !answers(t.Context(), "http://"+p.debug+"/readyz") })
	p.signal(t)
	select {
	case <-p.gone:
	case <-time.After(stopPatience):
		t.Error("it goes on")
	}
}

// closes says whether the connection ends with the answer.
func closes(t *testing.T, client *http.Client, origin string) bool {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, origin+"/onboarding?request_id=r&apikey=k", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("status %d", resp.StatusCode)
	}
	return resp.Close || slices.ContainsFunc(resp.Header["Connection"], func(v string) bool { return strings.EqualFold(v, "close") })
}
