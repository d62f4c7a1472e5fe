package web_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"portal/internal/browsertest"
	"portal/web"
)

// TestFormsPageMovesOnWhenAnotherProcessChangesWhatItShows has the page with the form open while its registration is changed
// by nobody whom its process knows. Told, it goes on at once; otherwise it asks once a minute, which is hurried here.
func TestFormsPageMovesOnWhenAnotherProcessChangesWhatItShows(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		live, deaf bool
		hurry      int
	}{
		"told":                           {live: true, hurry: 1},
		"where nobody listens":           {hurry: 30},
		"where nothing is heard for now": {live: true, deaf: true, hurry: 30},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, wanted{url: "http://127.0.0.1/onboarding", live: test.live})
			p := browsertest.New(t).Page(t)
			p.Hurry(time.Minute, test.hurry)
			for _, expected := range []string{"collection.example.net", "net::ERR", "503"} {
				p.Allow(expected) // the provider is not there
			}
			w.signInAt(p, w.server.URL+"/onboarding", "ada@example.com")
			if test.deaf {
				w.hub.Lost()
			}
			p.Press("Start: Open a personal account")
			p.See("The form does not appear")
			if test.live && !test.deaf {
				eventually(t, "the stream", func() bool { return w.hub.Streams() == 1 })
			}
			began := time.Now()
			w.changes("update registrations set status = 'needs_attention', due_at = null, version = version + 1")
			p.See(say("en", "outcome.needs_attention_title"))
			t.Logf("moved on after %v", time.Since(began))
			if told := requested(p, "/onboarding/events"); (told > 0) != test.live || test.live && !test.deaf && requested(p, "/onboarding/status") > 0 {
				t.Errorf("asked for the stream %d times, and for the status %d times", told, requested(p, "/onboarding/status"))
			}
		})
	}
}

// TestPagesGiveUpAStreamThatIsSilent has a page's minute last two seconds, in which a stream of the usual pace says nothing.
func TestPagesGiveUpAStreamThatIsSilent(t *testing.T) {
	t.Parallel()
	for name, beat := range map[string]time.Duration{"silent": time.Hour, "with beats": 200 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var visits, looks atomic.Int64
			w := newWorld(t, wanted{
				url: "http://127.0.0.1/onboarding", live: true,
				visits: func(v web.Visits) web.Visits { return watchedVisits{v, &visits, &looks} },
			})
			w.web.Beat(beat)
			p := browsertest.New(t).Page(t)
			p.Hurry(time.Minute, 30)
			for _, expected := range []string{"collection.example.net", "net::ERR"} {
				p.Allow(expected) // the provider is not there
			}
			w.signInAt(p, w.server.URL+"/onboarding", "ada@example.com")
			p.Press("Start: Open a personal account")
			eventually(t, "the stream", func() bool { return w.hub.Streams() == 1 })
			if beat < time.Minute {
				seen := looks.Load() + visits.Load()
				eventually(t, "beats for more than such a minute", func() bool { return looks.Load()+visits.Load() >= seen+8 })
				if again := requested(p, "/onboarding/events"); again != 1 || requested(p, "/onboarding/status") > 0 {
					t.Errorf("asked for the stream %d times, and for the status %d times", again, requested(p, "/onboarding/status"))
				}
				return
			}
			if _, err := w.pool.Exec(t.Context(), "update registrations set status = 'needs_attention', due_at = null, version = version + 1"); err != nil {
				t.Fatal(err)
			}
			p.See(say("en", "outcome.needs_attention_title"))
		})
	}
}

// requested counts what the page has asked for.
func requested(p *browsertest.Page, part string) (n int) {
	for _, r := range p.Requests() {
		if strings.Contains(r.URL, part) {
			n++
		}
	}
	return n
}
