package front_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"portal/internal/browsertest"
	"portal/internal/sandbox/passfort/front"
)

// leaks says whether a text has the request id or the key in it.
func leaks(text string) bool {
	plain, err := url.QueryUnescape(text)
	return strings.Contains(text, requestID) || strings.Contains(text, apikey) ||
		err == nil && (strings.Contains(plain, requestID) || strings.Contains(plain, apikey))
}

func TestPairLeavesAddressBarAndHistory(t *testing.T) {
	t.Parallel()
	pair := "request_id=" + requestID + "&apikey=" + apikey
	own := front.Options{LinkParams: func() [2]string { return [2]string{"id", "k"} }}
	for name, c := range map[string]struct {
		options     front.Options
		given, left string
	}{
		"query":      {given: "/?a=1&" + pair + "&b=%20#part", left: "/?a=1&b=%20#part"},
		"fragment":   {given: "/?a=1#" + pair, left: "/?a=1"},
		"other name": {options: own, given: "/?id=" + requestID + "&k=" + apikey, left: "/"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, c.options, position())
			p := browsertest.New(t).Page(t)
			p.Open(s.url + c.given)
			f := p.Frame(s.collection + "/collect")
			f.See("Your position")
			p.Arrive(s.url + c.left)
			if h := fmt.Sprint(p.History()); leaks(h) || leaks(f.URL()) || leaks(p.HTML()) {
				t.Errorf("the pair is in the history %s, in the frame's address %s or in the page", h, f.URL())
			}
			for _, r := range p.Requests() {
				call := strings.HasPrefix(r.URL, s.collection+"/collect/api/")
				if strings.HasPrefix(r.URL, s.collection) && (leaks(r.Referer) || leaks(r.URL) && !call) {
					t.Errorf("%s, from %s, carries the pair", r.URL, r.Referer)
				}
			}
		})
	}
}

func TestMissingPairIsSaid(t *testing.T) {
	t.Parallel()
	s := newSite(t, front.Options{}, position())
	p := browsertest.New(t).Page(t)
	p.Allow("PassFortCollect: the request id or the API key is missing")
	p.Open(s.url + "/?request_id=" + requestID)
	p.See("This page was opened without the details of your request.")
	p.Press("Try again")
	p.See("This page was opened without the details of your request.")
	if html := p.HTML(); !strings.Contains(html, `<div id="collection-wrapper"><div role="alert">`) {
		t.Errorf("the message is not in the wrapper:\n%s", html)
	}
}

func TestForeignOriginCannotFrame(t *testing.T) {
	t.Parallel()
	var allowed []string
	s := newSite(t, front.Options{FrameAncestors: func() []string { return allowed }}, position())
	allowed = []string{"https://portal.example"}
	p := browsertest.New(t).Page(t)
	p.Hurry(15*time.Second, 20) // as long as the script waits
	p.Allow("Content Security Policy")
	p.Allow("PassFortCollect: no answer from the frame")
	p.Open(s.url + "/dynamic")
	p.See("The forms could not be loaded.")
	if leaks(p.HTML()) {
		t.Error("the message repeats the pair")
	}
}

func TestAllowedOriginCanFrame(t *testing.T) {
	t.Parallel()
	var allowed []string
	s := newSite(t, front.Options{FrameAncestors: func() []string { return allowed }}, position())
	allowed = []string{"https://portal.example", s.url}
	_, f := s.open(t, s.url+"/dynamic")
	f.See("Your position")
}

func TestSecondCallReplacesTheFrame(t *testing.T) {
	t.Parallel()
	s := newSite(t, front.Options{}, details(), position())
	p, f := s.open(t, s.url+"/dynamic")
	f.See("Your details")
	short := position()
	s.change(func() { s.request.Forms = []form{short} })
	p.Press("Again")
	eventually(t, "the second frame", func() (loaded bool) {
		s.change(func() { loaded = s.loads == 2 })
		return loaded
	})
	if n := strings.Count(p.HTML(), "<iframe"); n != 1 {
		t.Errorf("there are %d frames", n)
	}
	p.Frame(s.collection + "/collect").See("Your position")
}

func TestFrameIsAsHighAsItsForm(t *testing.T) {
	t.Parallel()
	s := newSite(t, front.Options{}, details())
	p, f := s.open(t, s.url+"/dynamic")
	p.Allow("422")
	f.See("Your details")
	height := func() (high int) {
		_, style, _ := strings.Cut(p.HTML(), "height: ")
		_, _ = fmt.Sscanf(style, "%dpx", &high)
		return high
	}
	eventually(t, "a high frame", func() bool { return height() > 600 })
	p.Press("Forge") // a message of somebody else
	p.Resize(320, 640)
	wide := height()
	f.Press("Continue")
	eventually(t, "a higher frame, for the messages", func() bool { return height() > wide+100 })
	if height() > 5000 {
		t.Error("messages of others are heard")
	}
	for _, part := range []string{`title="Forms to complete"`, `allow="camera"`, `referrerpolicy="no-referrer"`} {
		if !strings.Contains(p.HTML(), part) {
			t.Errorf("the frame has no %s", part)
		}
	}
}
