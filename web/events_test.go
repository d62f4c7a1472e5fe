package web_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/web"
	"portal/web/live"
)

// at is the same person's browser, sent to another process.
func (b *browser) at(w *world) *browser {
	other := w.browser()
	other.client.Jar = b.client.Jar
	return other
}

// ofIndividual is the address of the stream of a personal account.
const ofIndividual = "/events?flow=individual"

func TestStreamsTellAtOnceWhatAnotherProcessChanges(t *testing.T) {
	t.Parallel()
	maker := newWorld(t, wanted{})
	w := maker.replica(wanted{live: true})
	b := maker.browser().signIn("ada@example.com")
	s := b.at(w).hear(ofIndividual)
	if first := s.next(); first.Status != "none" {
		t.Errorf("the first event is %+v", first)
	}
	b.post("/start", "flow", "individual").leads("")
	opened := s.until("open")
	tag := b.get("/status?flow=individual").header.Get("ETag")
	if opened.Next != "/onboarding?flow=individual" || `"`+opened.id+`"` != tag {
		t.Errorf("told %+v, and the status has the tag %s", opened, tag)
	}
	w.changes("update registrations set status = 'completed', version = version + 1")
	if e := s.until("completed"); e.Next != "/onboarding/complete?flow=individual" {
		t.Errorf("told %+v", e)
	}
}

func TestStreamsGoThroughWhatIsInBetween(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{live: true})
	s := w.browser().signIn("ada@example.com").hear("/events")
	s.next()
	for name, want := range map[string]string{
		"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no", "Content-Encoding": "", "Content-Length": "",
	} {
		if got := s.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if s.lines.count("retry: 8000") != 1 {
		t.Error("nothing says when to come back")
	}
}

func TestWhoCannotFollowIsToldSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{live: true})
	if p := w.browser().get(ofIndividual); p.status != http.StatusUnauthorized || !strings.Contains(p.body, `"status":"signed_out","next":"/onboarding/sign-in?flow=individual"`) {
		t.Errorf("nobody is answered %d, %s", p.status, p.body)
	}
	b := w.browser().signIn("ada@example.com")
	if p := b.get("/events?flow=none"); p.status != http.StatusNotFound {
		t.Errorf("a flow that there is not: %d", p.status)
	}
	if p := b.do(b.request(http.MethodHead, ofIndividual, nil)); p.status != http.StatusOK || w.hub.Streams() != 0 {
		t.Errorf("HEAD is answered %d, and leaves %d streams", p.status, w.hub.Streams())
	}
	w.hub.Lost()
	if p := b.get(ofIndividual); p.status != http.StatusServiceUnavailable || p.header.Get("Retry-After") != "5" {
		t.Errorf("where nothing is heard: %d, Retry-After %q", p.status, p.header.Get("Retry-After"))
	}
	if p := b.at(w.replica(wanted{})).get(ofIndividual); p.status != http.StatusNotFound {
		t.Errorf("where nobody listens: %d", p.status)
	}
}

func TestOnlyPagesThatAreToldAreSentToTheStream(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{live: true})
	b := w.browser()
	b.start("ada@example.com", "individual")
	const address = `data-events-url="/onboarding/events?flow=individual"`
	if !strings.Contains(b.get("").body, address) {
		t.Error("the form's page does not name", address)
	}
	if strings.Contains(b.at(w.replica(wanted{})).get("").body, "data-events-url") {
		t.Error("a page names a stream where there is none")
	}
}

// The server bounds what an ordinary request may take; a stream takes longer, and is no client that stalls.
func TestStreamsOutliveTheServersTimes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{live: true})
	b := w.browser().signIn("ada@example.com")
	const limit = time.Second
	w.timed(limit)
	w.web.Beat(limit / 3)
	s := b.at(w).hear(ofIndividual)
	s.next()
	eventually(t, "signs of life past those times", func() bool { return s.lines.count("event: beat") > 4 })
	select {
	case e, ok := <-s.events:
		t.Errorf("told %+v (%t) though nothing has changed", e, ok)
	default:
	}
}

// watchedVisits counts the ways in which visits are read.
type watchedVisits struct {
	web.Visits
	visits, looks *atomic.Int64
}

func (v watchedVisits) Visit(ctx context.Context, t identity.Token, l identity.Limits, now time.Time) (identity.Session, []onboarding.Registration, error) {
	v.visits.Add(1)
	return v.Visits.Visit(ctx, t, l, now)
}

func (v watchedVisits) Look(ctx context.Context, t identity.Token, l identity.Limits, now time.Time) (identity.Session, []onboarding.Registration, error) {
	v.looks.Add(1)
	return v.Visits.Look(ctx, t, l, now)
}

func TestBeingThereIsASignOfLifeUnlessThePageSaysOtherwise(t *testing.T) {
	t.Parallel()
	var visits, looks atomic.Int64
	w := newWorld(t, wanted{live: true, visits: func(v web.Visits) web.Visits { return watchedVisits{v, &visits, &looks} }})
	w.web.Beat(20 * time.Millisecond)
	b := w.browser().signIn("ada@example.com")
	s := b.hear(ofIndividual)
	s.next()
	seen := visits.Load()
	eventually(t, "visits", func() bool { return visits.Load() >= seen+2 })
	s.leave()
	eventually(t, "the end of the stream", func() bool { return w.hub.Streams() == 0 })
	before := looks.Load()
	seen = visits.Load()
	b.hear(ofIndividual + "&unattended=1").next()
	eventually(t, "looks", func() bool { return looks.Load() >= before+2 })
	if visits.Load() != seen {
		t.Error("a page that nobody looks at keeps its session alive")
	}
}

func TestTheEndOfASessionIsTheLastThatIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{live: true})
	w.web.Beat(20 * time.Millisecond)
	b := w.browser().signIn("ada@example.com")
	s := b.hear(ofIndividual)
	s.next()
	b.post("/sign-out").shows(http.StatusOK)
	if e := s.next(); e.kind != "signed_out" || e.Status != "signed_out" || e.Next != "/onboarding/sign-in?flow=individual" {
		t.Errorf("told %+v", e)
	}
	s.ends()
}

func TestAProcessThatStopsEndsItsStreamsAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{live: true})
	w.timed(time.Minute)
	s := w.browser().signIn("ada@example.com").hear(ofIndividual)
	s.next()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := w.server.Config.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	s.ends() // which no time of the server's would bring about so soon
}

func TestTheOldestStreamGivesWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{live: true})
	b := w.browser().signIn("ada@example.com")
	first := b.hear(ofIndividual)
	first.next()
	for range live.MostEach {
		b.hear(ofIndividual).next()
	}
	first.ends()
	if first.lines.count("retry: 60000") != 1 || w.hub.Streams() != live.MostEach {
		t.Errorf("%d streams, and the oldest was told %q", w.hub.Streams(), first.lines.lines)
	}
}

func TestWhatWasMissedIsToldLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{live: true})
	b := w.browser()
	b.start("ada@example.com", "individual")
	s := b.hear(ofIndividual)
	s.until("open")
	w.hub.Lost()
	w.completesUntold()
	w.hub.Back()
	s.until("completed")
}

func TestWhatNobodyTellsOfIsFoundByAStreamsOwnLook(t *testing.T) {
	t.Parallel()
	for name, address := range map[string]string{"attended": ofIndividual, "unattended": ofIndividual + "&unattended=1"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, wanted{live: true})
			w.web.Beat(20 * time.Millisecond)
			b := w.browser()
			b.start("ada@example.com", "individual")
			s := b.hear(address)
			s.until("open")
			w.completesUntold()
			s.until("completed")
		})
	}
}

// completesUntold completes all registrations, as a process would that dies before it tells of it.
func (w *world) completesUntold() {
	w.t.Helper()
	if _, err := w.pool.Exec(w.t.Context(), "update registrations set status = 'completed', version = version + 1"); err != nil {
		w.t.Fatal(err)
	}
}

func TestStreamsEndWhereNothingIsHeardAnyMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{live: true})
	w.web.Beat(20 * time.Millisecond)
	s := w.browser().signIn("ada@example.com").hear(ofIndividual)
	s.next()
	w.hub.Lost()
	s.ends()
}

func TestManyWhoMayHaveMissedSomethingLookLaterThanFew(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{live: true})
	if few := w.web.LookWithin(); few != 5*time.Second {
		t.Errorf("few look within %v", few)
	}
	const streams, aSecond = 10_000, 500
	for range streams {
		if _, err := w.hub.Join(onboarding.ApplicantID(uuid.New()), w.hub.Mark()); err != nil {
			t.Fatal(err)
		}
	}
	if many := w.web.LookWithin(); many < streams/aSecond*time.Second {
		t.Errorf("%d look within %v", streams, many)
	}
}
