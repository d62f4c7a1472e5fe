package passfort_test

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"portal/internal/sandbox/passfort"
)

var errNoPost = errors.New("connection refused")

// unreachable is an account whose mail server is down until up is set.
func unreachable(t *testing.T) (a *account, up *atomic.Bool) {
	t.Helper()
	up = &atomic.Bool{}
	return openWith(t, func(c *passfort.Config) {
		send := c.Send
		c.Send = func(from, to, message string) error {
			if !up.Load() {
				return errNoPost
			}
			return send(from, to, message)
		}
	}), up
}

func TestRequestWhoseEmailFailedCanStillBeSent(t *testing.T) {
	t.Parallel()
	a, up := unreachable(t)
	f := withTasks(t, a)

	made, err := a.RaiseRequest(f.taskID(t, "verify-identity"), "", "My own words.")

	if !errors.Is(err, errNoPost) || made.RequestID == "" || made.ProfileID != f.profile {
		t.Fatalf("raised %+v: %v", made, err)
	}
	f.id = made.RequestID
	if o := f.overview(t); o.State != passfort.Sent || o.SentTo != "" || !strings.Contains(o.EmailError, "connection refused") {
		t.Errorf("staff see %+v", o)
	}
	if a.count("customer_request.email") != 0 {
		t.Error("the e-mail that failed has an effect")
	}

	up.Store(true)
	if err := a.EmailRequest(f.id, "ines@example.com"); err != nil {
		t.Fatal(err)
	}
	if o := f.overview(t); o.SentTo != "ines@example.com" || o.EmailError != "" {
		t.Errorf("staff see %+v", o)
	}
	if got := a.letter(t); !strings.Contains(got.plain, "My own words.") {
		t.Errorf("the words of staff are lost: %s", got.plain)
	}
	a.advance(t, 7*day)
	if a.count("customer_request.remind") != 1 {
		t.Error("no reminder follows")
	}
}

func TestEmailThatFailedDoesNotProlongTheRequest(t *testing.T) {
	t.Parallel()
	a, _ := unreachable(t)
	f := openPerson(t, a)
	a.advance(t, 60*day)

	if err := a.EmailRequest(f.id, "jo@example.com"); !errors.Is(err, errNoPost) {
		t.Fatalf("e-mail: %v", err)
	}

	a.advance(t, 30*day)
	if got := f.overview(t).State; got != passfort.Expired {
		t.Errorf("the request is %s", got)
	}
}

func TestInvitationWhoseEmailFailedIsThere(t *testing.T) {
	t.Parallel()
	a, up := unreachable(t)

	made, err := a.Invite("individual-onboarding", "jo@example.com")
	if !errors.Is(err, errNoPost) || made.RequestID == "" {
		t.Fatalf("invited %+v: %v", made, err)
	}

	up.Store(true)
	if err := a.EmailRequest(made.RequestID, "jo@example.com"); err != nil {
		t.Error(err)
	}
}

// postman is an account whose e-mails wait until they are let go.
func postman(t *testing.T) (a *account, onItsWay <-chan struct{}, letGo func()) {
	t.Helper()
	sending, goOn := make(chan struct{}, 10), make(chan struct{})
	a = openWith(t, func(c *passfort.Config) {
		send := c.Send
		c.Send = func(from, to, message string) error {
			sending <- struct{}{}
			<-goOn
			return send(from, to, message)
		}
	})
	return a, sending, func() { close(goOn) }
}

func TestOneEmailIsOnItsWayAtATime(t *testing.T) {
	t.Parallel()
	a, onItsWay, letGo := postman(t)
	f := openPerson(t, a)
	sent := make(chan error)
	go func() { sent <- a.EmailRequest(f.id, "jo@example.com") }()
	<-onItsWay

	if err := a.EmailRequest(f.id, "jo@example.com"); !errors.Is(err, passfort.ErrConflict) {
		t.Errorf("a second one: %v", err)
	}
	letGo()
	if err := <-sent; err != nil || len(a.letters()) != 1 {
		t.Errorf("the first: %v, %d e-mails", err, len(a.letters()))
	}
}

func TestMuchCanHappenWhileAnEmailIsOnItsWay(t *testing.T) {
	t.Parallel()
	for name, happen := range map[string]func(t *testing.T, f frame){
		"reset":   func(_ *testing.T, f frame) { f.account.Reset() },
		"expired": func(t *testing.T, f frame) { f.account.advance(t, 91*day) },
		"reloaded": func(t *testing.T, f frame) {
			saved, err := f.account.Save()
			if err != nil {
				t.Fatal(err)
			}
			if err := f.account.Load(saved); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, onItsWay, letGo := postman(t)
			f := openPerson(t, a)
			sent := make(chan error)
			go func() { sent <- a.EmailRequest(f.id, "jo@example.com") }()
			<-onItsWay

			happen(t, f)
			letGo()

			if err := <-sent; err != nil {
				t.Error(err)
			}
			a.advance(t, 30*time.Second)
		})
	}
}

func TestRequestThatEndsMeanwhileIsNotProlonged(t *testing.T) {
	t.Parallel()
	a, onItsWay, letGo := postman(t)
	f := openPerson(t, a)
	expires := f.overview(t).Expires
	a.advance(t, day)
	sent := make(chan error)
	go func() { sent <- a.EmailRequest(f.id, "jo@example.com") }()
	<-onItsWay

	f.endAs(t, passfort.Completed)
	letGo()

	if err := <-sent; err != nil {
		t.Error(err)
	}
	if o := f.overview(t); o.SentTo != "jo@example.com" || !o.Expires.Equal(expires) {
		t.Errorf("the request: %+v", o)
	}
}
