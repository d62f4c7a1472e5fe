package web_test

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/web"
	"portal/web/live"
)

// stopsInTime stops the streams, all of which have left then.
func (w *world) stopsInTime() {
	w.t.Helper()
	w.web.Stop()
	if strings.Contains(w.log.String(), "have not ended in time") {
		w.t.Error("streams are left")
	}
}

// tangled is Visits whose looks end when their context does, and not before.
type tangled struct {
	web.Visits
	looking chan<- struct{}
}

func (v tangled) Look(ctx context.Context, _ identity.Token, _ identity.Limits, _ time.Time) (identity.Session, []onboarding.Registration, error) {
	v.looking <- struct{}{}
	<-ctx.Done()
	return identity.Session{}, nil, ctx.Err()
}

func TestAStopWaitsForNoLook(t *testing.T) {
	t.Parallel()
	for _, protocol := range []string{"HTTP/1.1", "HTTP/2"} {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			looking := make(chan struct{}, 100)
			w := newWorld(t, wanted{live: true, visits: func(v web.Visits) web.Visits { return tangled{v, looking} }})
			b := w.browser().signIn("ada@example.com")
			client := b.client
			if protocol == "HTTP/2" {
				client = w.overHTTP2(time.Minute)
			}
			w.web.Beat(20 * time.Millisecond)
			w.followedBy(client, b)
			<-looking
			w.stopsInTime()
		})
	}
}

// slow is Visits whose looks take long, and how many were under way at once.
type slow struct {
	web.Visits
	now, most, all *atomic.Int64
}

func (v slow) Look(ctx context.Context, t identity.Token, l identity.Limits, now time.Time) (identity.Session, []onboarding.Registration, error) {
	for n := v.now.Add(1); ; {
		if most := v.most.Load(); n <= most || v.most.CompareAndSwap(most, n) {
			break
		}
	}
	defer v.all.Add(1)
	defer v.now.Add(-1)
	time.Sleep(100 * time.Millisecond) // several times as long as it is to the next look
	return v.Visits.Look(ctx, t, l, now)
}

func TestFewStreamsLookAtOnce(t *testing.T) {
	t.Parallel()
	var now, most, all atomic.Int64
	w := newWorld(t, wanted{live: true, visits: func(v web.Visits) web.Visits { return slow{v, &now, &most, &all} }})
	b := w.browser().signIn("ada@example.com")
	w.web.Beat(10 * time.Millisecond)
	for range live.MostEach {
		b.hear(ofIndividual).next()
	}
	eventually(t, "many looks", func() bool { return all.Load() > 5*live.MostEach })
	if most.Load() > web.LooksAtOnce {
		t.Errorf("%d looked at once", most.Load())
	}
}

// followedBy has a client ask for the stream as a browser that is signed in, and leaves it when the test ends.
func (w *world) followedBy(client *http.Client, b *browser) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.server.URL+"/onboarding"+ofIndividual, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	b.carries(r)
	answer, err := client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = answer.Body.Close() })
	if answer.StatusCode != http.StatusOK {
		w.t.Fatal(answer.Status)
	}
}

// carries adds what shows who asks, as the browser would do.
func (b *browser) carries(r *http.Request) {
	for _, c := range b.client.Jar.Cookies(b.w.url) {
		r.AddCookie(c)
	}
}

// fatal is Visits whose looks panic.
type fatal struct{ web.Visits }

func (fatal) Look(context.Context, identity.Token, identity.Limits, time.Time) (identity.Session, []onboarding.Registration, error) {
	panic("what a pity")
}

func TestAPanicEndsItsStreamAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{live: true, visits: func(v web.Visits) web.Visits { return fatal{v} }})
	b := w.browser().signIn("ada@example.com")
	w.web.Beat(20 * time.Millisecond)
	s := b.hear(ofIndividual)
	s.next()
	s.ends()
	eventually(t, "its place to be free", func() bool { return w.hub.Streams() == 0 })
	for _, want := range []string{"what a pity", "events_stop_test.go", "/onboarding/events", s.header.Get("X-Request-Id")} {
		if !strings.Contains(w.log.String(), want) {
			t.Errorf("%q is not in the log: %s", want, w.log)
		}
	}
	w.stopsInTime()
}

// halfway is a ResponseWriter whose connection cannot be had.
type halfway struct {
	*httptest.ResponseRecorder
	panics bool
}

func (h halfway) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	if h.panics {
		panic("no connection")
	}
	return nil, nil, errors.New("no connection")
}

func TestWhoeverIsNotServedLeaves(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{live: true})
	b := w.browser().signIn("ada@example.com")
	for _, panics := range []bool{false, true} {
		r := b.request(http.MethodGet, ofIndividual, nil)
		b.carries(r)
		ctx, leave := context.WithCancel(t.Context())
		to := halfway{httptest.NewRecorder(), panics}
		var serving sync.WaitGroup
		serving.Go(func() { w.web.ServeHTTP(to, r.WithContext(ctx)) })
		if !panics {
			eventually(t, "the stream", func() bool { return w.hub.Streams() == 1 })
			leave()
		}
		serving.Wait()
		leave()
		if w.hub.Streams() != 0 {
			t.Errorf("%d streams are left (panics: %t)", w.hub.Streams(), panics)
		}
		if panics != strings.Contains(w.log.String(), "no connection") {
			t.Errorf("panics: %t, and logged: %s", panics, w.log)
		}
	}
}

func TestNobodyIsLetInAfterARefusal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{live: true})
	b := w.browser().signIn("ada@example.com")
	s := b.hear(ofIndividual)
	s.next()
	w.web.Refuse()
	if p := b.get(ofIndividual); p.status != http.StatusServiceUnavailable || !strings.Contains(p.body, `"unheard"`) {
		t.Errorf("answered %d, %s", p.status, p.body)
	}
	b.post("/start", "flow", "individual").leads("")
	s.until("open")
	w.web.Stop()
	s.ends()
}
