package websdk_test

import (
	"strings"
	"testing"

	"portal/internal/browsertest"
	"portal/internal/sandbox/sumsub"
	"portal/internal/sandbox/sumsub/websdk"
)

// anyDomain is the setting of a new account.
var anyDomain websdk.Options

func TestFrameIsAsHighAsItsContent(t *testing.T) {
	t.Parallel()
	withBoth(t, func() *desk { return newDesk(passport()) }, func(t *testing.T, s *site) {
		p, f := s.open(t, "/")
		f.See("Your identity document")
		eventually(t, "a height", func() bool { return height(p) > 250 })
		before := height(p)
		p.Press("Forge") // a message that is not the frame's
		f.Fill("Which country issued it?", "Latvia")
		f.Fill("Which document is it?", "Passport")
		eventually(t, "a higher frame, for the picture", func() bool { return height(p) > before+100 })
		if height(p) > 5000 {
			t.Error("messages of others are heard")
		}
		for _, part := range []string{`allow="camera; microphone;`, `scrolling="no"`} {
			if !strings.Contains(p.HTML(), part) {
				t.Errorf("the frame has no %s", part)
			}
		}
	})
}

func TestPageCanTakeTheFrameAway(t *testing.T) {
	t.Parallel()
	withBoth(t, func() *desk { return newDesk(selfie()) }, func(t *testing.T, s *site) {
		p, f := s.open(t, "/")
		f.See("Your selfie")
		p.Press("Leave")
		eventually(t, "the end of the frame", func() bool { return !strings.Contains(p.HTML(), "<iframe") })
	})
}

func TestOnlyAllowedDomainsCanFrame(t *testing.T) {
	t.Parallel()
	allowed, answered := []string{"https://portal.example"}, make(chan bool, 10)
	d := newDesk(selfie())
	s := newSite(t, d, websdk.Options{AllowedDomains: func() (now []string) {
		d.change(func() { now = allowed })
		answered <- true
		return now
	}}, false)
	p := browsertest.New(t).Page(t)
	p.Allow("Content Security Policy")
	asked := func(path string) (n int) {
		for _, r := range p.Requests() {
			if strings.HasPrefix(r.URL, s.base+path) {
				n++
			}
		}
		return n
	}
	p.Open(s.url)
	<-answered // for the refused frame
	s.change(func() { allowed = append(allowed, s.url) })
	p.Open(s.url)
	p.Frame(s.base + "/websdk/websdk.html").See("Your selfie")
	if n := asked("/websdk/page.js"); n != 1 {
		t.Errorf("the frame's script was loaded %d times, not only in the allowed one", n)
	}
}

func TestBlockedCameraIsSaid(t *testing.T) {
	t.Parallel()
	withBoth(t, func() *desk { return newDesk(liveness()) }, func(t *testing.T, s *site) {
		p, f := s.open(t, "/?nocamera")
		p.Allow("camera is not allowed")
		f.Press("Start")
		f.See("The camera is blocked.")
		if n := len(s.got()); n != 0 {
			t.Errorf("%d files have come", n)
		}
	})
}

func TestLiveCaptureTakesNoFile(t *testing.T) {
	t.Parallel()
	id := passport()
	id.Video, id.Live = "docapture", true
	s := newSite(t, newDesk(id), anyDomain, false)
	_, f := s.open(t, "/")
	f.Fill("Which country issued it?", "Latvia")
	f.Fill("Which document is it?", "Passport")
	f.Press("Take a photo: Passport")
	if f.Sees("Or choose a file") {
		t.Error("a file can be chosen")
	}
	f.Press("Capture: Passport")
	f.See("The picture has been received.")
	if got := s.got(); len(got) != 1 || !got[0].Live {
		t.Errorf("what has come is %+v", got)
	}
}

func TestDoubtsAboutPicturesAreSaid(t *testing.T) {
	t.Parallel()
	s := newSite(t, newDesk(selfie()), anyDomain, false)
	s.receipt = sumsub.SDKReceipt{ImageID: "1", Warnings: []string{"badSelfie"}}
	p, f := s.open(t, "/")
	p.Allow("409")
	f.Attach("Or choose a file: Selfie", picture(t, "first.png"))
	f.See("There is a doubt about it: Bad selfie.")
	s.change(func() { s.receipt = sumsub.SDKReceipt{ImageID: "1", Errors: []string{"dataNotReadable"}} })
	f.Attach("Or choose a file: Selfie", picture(t, "second.png"))
	f.See("This picture cannot be used (Data not readable).")
	s.change(func() {
		s.refuse = &sumsub.Refusal{Status: 409, Code: 1000, Name: "duplicate-document", Description: "You have sent it before"}
	})
	f.Attach("Or choose a file: Selfie", picture(t, "third.png"))
	f.See("You have sent it before")
	told := strings.Join(events(p), "\n")
	for _, want := range []string{
		`onUploadWarning {` + common + `,"code":"badSelfie","msg":"badSelfie"}`,
		`onUploadError {` + common + `,"code":"dataNotReadable","msg":"dataNotReadable"}`,
		`onUploadError {` + common + `,"code":"duplicate-document","msg":"You have sent it before"}`,
	} {
		if !strings.Contains(told, want) {
			t.Errorf("not told: %s\n%s", want, told)
		}
	}
}

func TestWhatStaffDoMeanwhileIsShown(t *testing.T) {
	t.Parallel()
	s := newSite(t, newDesk(selfie()), anyDomain, false)
	p, f := s.open(t, "/")
	p.Allow("409")
	f.See("Your selfie")
	s.decide("RED", "FINAL", "We cannot accept you.")
	s.change(func() { s.refuse = &sumsub.Refusal{Status: 409, Code: 1009, Name: "applicant-with-final-reject"} })
	f.Attach("Or choose a file: Selfie", picture(t, "selfie.png"))
	f.See("We cannot accept you.")
}

func TestResetAndAnotherLevelBeginAnew(t *testing.T) {
	t.Parallel()
	d := newDesk(selfie())
	d.applicant.Status, d.applicant.Open = "onHold", false
	s := newSite(t, d, anyDomain, false)
	p, f := s.open(t, "/")
	f.See("Your verification needs a closer look")
	s.change(func() {
		s.applicant.Status, s.applicant.Open, s.applicant.Level = "init", true, "another-level"
	})
	f.See("Your selfie")
	if told := strings.Join(events(p), "\n"); !strings.Contains(told, `onApplicantLevelChanged {"applicantId":"61fcc4a1e5e2f00001d0a7a2","levelName":"another-level"}`) {
		t.Errorf("events:\n%s", told)
	}
}
