package websdk_test

import (
	"slices"
	"strings"
	"testing"

	"portal/internal/browsertest"
)

func TestExpiredTokenIsRenewedWithoutAWord(t *testing.T) {
	t.Parallel()
	withBoth(t, func() *desk { return newDesk(selfie()) }, func(t *testing.T, s *site) {
		p, f := s.open(t, "/")
		p.Allow("401") // the answers to the old token
		f.See("Your selfie")
		s.expire()
		f.Attach("Or choose a file: Selfie", picture(t, "selfie.png"))
		f.See("The picture has been received.")
		s.expire()
		f.Press("Continue")
		f.See("Your documents are being checked")
		s.expire()
		s.decide("GREEN", "", "")
		f.See("You are verified")
		if n := len(s.got()); n != 1 {
			t.Errorf("the file has come %d times", n)
		}
		for _, e := range events(p) {
			if strings.Contains(e, "onError") || strings.Contains(e, "onUploadError") {
				t.Errorf("the page was told: %s", e)
			}
		}
	})
}

func TestInvalidTokenIsRenewedAtTheStart(t *testing.T) {
	t.Parallel()
	withBoth(t, func() *desk { return newDesk(selfie()) }, func(t *testing.T, s *site) {
		s.change(func() { s.valid = 2 }) // the page's first token is not good
		p, f := s.open(t, "/")
		p.Allow("401")
		f.See("Your selfie")
		if got := names(events(p)); !slices.Equal(got, []string{"ready", "onApplicantLoaded", "onInitialized", "onStepInitiated"}) {
			t.Errorf("events: %v", got)
		}
	})
}

func TestRefusedTokenEndsTheSessionUntilThereIsAnother(t *testing.T) {
	t.Parallel()
	withBoth(t, func() *desk { return newDesk(selfie()) }, func(t *testing.T, s *site) {
		p, f := s.open(t, "/")
		p.Allow("401")
		p.Allow("403") // the company's page
		f.See("Your selfie")
		s.expire()
		s.change(func() { s.closed = true })
		f.Attach("Or choose a file: Selfie", picture(t, "selfie.png"))
		f.See("Your session has ended")
		s.change(func() { s.closed = false })
		f.Press("Try again")
		f.See("Your selfie")
	})
}

func TestTokensThatAreNeverGoodAreAskedForThreeTimes(t *testing.T) {
	t.Parallel()
	s := newSite(t, newDesk(selfie()), anyDomain, false)
	s.change(func() { s.valid = 1000 })
	p, f := s.open(t, "/")
	p.Allow("401")
	f.See("Your session has ended")
	if s.tokens != 3 {
		t.Errorf("%d tokens were asked for, not the first and two more", s.tokens)
	}
}

func TestTokensOfStrangersAreNotTaken(t *testing.T) {
	t.Parallel()
	withBoth(t, func() *desk { return newDesk(selfie()) }, func(t *testing.T, s *site) {
		p, f := s.open(t, "/")
		p.Allow("401")
		f.See("Your selfie")
		hold := make(chan struct{})
		s.change(func() { s.hold, s.valid = hold, s.tokens+1 })
		f.Attach("Or choose a file: Selfie", picture(t, "selfie.png"))
		eventually(t, "the question for a token", func() bool { return refused(p) })
		p.Press("Intrude")
		eventually(t, "the stranger's message", func() bool { return slices.Contains(events(p), "intruded {}") })
		close(hold)
		f.See("The picture has been received.")
		for _, r := range p.Requests() {
			if r.Header.Get("X-Access-Token") == "stolen" {
				t.Errorf("%s has the stranger's token", r.URL)
			}
		}
	})
}

// refused says whether the page has begun to get a second token.
func refused(p *browsertest.Page) bool {
	n := 0
	for _, r := range p.Requests() {
		if strings.HasSuffix(r.URL, "/token") {
			n++
		}
	}
	return n == 2
}

// The frame's address has the token in it, so nothing else may name that address.
func TestTokenGoesNowhereElse(t *testing.T) {
	t.Parallel()
	s := newSite(t, newDesk(selfie()), anyDomain, false)
	p, f := s.open(t, "/")
	f.See("Your selfie")
	for _, r := range p.Requests() {
		if strings.HasPrefix(r.URL, s.base) && strings.Contains(r.Referer, "_=") {
			t.Errorf("%s comes from %s", r.URL, r.Referer)
		}
		if strings.Contains(r.URL, "_act-sbx") {
			t.Errorf("a token is in the address %s", r.URL)
		}
	}
}
