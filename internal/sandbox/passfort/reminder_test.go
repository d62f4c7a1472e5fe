package passfort_test

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"portal/internal/sandbox/passfort"
	accounts "portal/internal/sandbox/passfort/account"
)

// reminded is how many e-mails there are once those on their way have arrived.
func (a *account) reminded(t *testing.T) int {
	t.Helper()
	a.Close() // waits for them, and ends what would follow
	return len(a.letters())
}

// count is how often an effect of this kind took place.
func (a *account) count(kind string) int {
	n := 0
	for _, k := range a.kinds() {
		if k == kind {
			n++
		}
	}
	return n
}

func TestRemindersFollowTheEmail(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := withTasks(t, a)
	f.raise(t, "verify-identity", "")

	for i, want := range []int{1, 2, 3, 3, 3} {
		a.advance(t, 7*day-1)
		if got := a.count("customer_request.remind"); got != min(i, 3) {
			t.Errorf("before week %d is over: %d reminders", i+1, got)
		}
		a.advance(t, 1)
		if got := a.count("customer_request.remind"); got != want || f.overview(t).Reminders != want {
			t.Errorf("after week %d: %d reminders, want %d", i+1, got, want)
		}
	}
	if got := a.reminded(t); got != 4 {
		t.Errorf("%d e-mails, want 4", got)
	}
	last := a.letter(t)
	if last.subject != "Reminder: please complete your registration" || !strings.Contains(last.plain, "We are still waiting") ||
		!strings.Contains(last.plain, f.key) || last.to != "ines@example.com" {
		t.Errorf("reminder: %+v", last)
	}
}

func TestReminderSaysUntilWhenTheLinkIsValid(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	withTasks(t, a).raiseQuietly(t)
	a.advance(t, 7*day)

	if a.reminded(t); !strings.Contains(a.letter(t).plain, "until 30 May 2026") {
		t.Errorf("reminder: %s", a.letter(t).plain)
	}
}

// raiseQuietly raises a request of the identity task.
func (f frame) raiseQuietly(t *testing.T) {
	t.Helper()
	f.raise(t, "verify-identity", "")
}

func TestRemindersAreNotMissedWhenTheClockIsSetForward(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	withTasks(t, a).raiseQuietly(t)

	a.advance(t, 89*day)

	if got := a.count("customer_request.remind"); got != 3 {
		t.Errorf("%d reminders, want 3", got)
	}
}

func TestRemindersStop(t *testing.T) {
	t.Parallel()
	for name, stop := range map[string]func(t *testing.T, f frame){
		"completed": func(t *testing.T, f frame) { f.endAs(t, passfort.Completed) },
		"expired":   func(t *testing.T, f frame) { f.endAs(t, passfort.Expired) },
		"task completed": func(t *testing.T, f frame) {
			if err := f.account.SetTaskState(f.taskID(t, "verify-identity"), "COMPLETED_PASS"); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := open(t, passfort.Options{})
			f := withTasks(t, a)
			f.raise(t, "verify-identity", "")
			a.advance(t, 7*day)

			stop(t, f)
			a.advance(t, 80*day)

			if got := a.count("customer_request.remind"); got != 1 {
				t.Errorf("%d reminders, want 1", got)
			}
		})
	}
}

func TestRemindersOfAnEmailSentTwiceAreStillThree(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := openPerson(t, a)
	for range 3 {
		if err := a.EmailRequest(f.id, "jo@example.com"); err != nil {
			t.Fatal(err)
		}
		a.advance(t, 8*day)
	}

	a.advance(t, 60*day)

	if got := a.count("customer_request.remind"); got != 3 {
		t.Errorf("%d reminders, want 3", got)
	}
}

func TestRemindersKeepTheirIntervalWhenTheEmailIsSentAgain(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := openPerson(t, a)
	for range 2 {
		if err := a.EmailRequest(f.id, "jo@example.com"); err != nil {
			t.Fatal(err)
		}
		a.advance(t, day)
	}

	a.advance(t, 11*day) // thirteen days after the first e-mail

	if got := a.count("customer_request.remind"); got != 1 {
		t.Errorf("%d reminders, want 1", got)
	}
}

func TestRemindersStopAtTheNumberOfTheAccount(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	withTasks(t, a).raiseQuietly(t)
	a.advance(t, 7*day)
	saved, err := a.Save()
	if err != nil {
		t.Fatal(err)
	}
	b := openWith(t, func(c *passfort.Config) {
		c.Account = changed(func(d *accounts.Account) { d.Email.Reminders.Max = 1 })
	})
	if err := b.Load(saved); err != nil {
		t.Fatal(err)
	}

	b.advance(t, 60*day)

	if got := b.count("customer_request.remind"); got != 0 {
		t.Errorf("%d more reminders", got)
	}
}

func TestReminderIsAudited(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := withTasks(t, a)
	f.raise(t, "verify-identity", "")

	a.advance(t, 7*day)

	audit := a.api(t, "GET", "/4.0/profiles/"+f.profile+"/audit-items", "")
	if !strings.Contains(audit.raw, "reminder to ines@example.com") {
		t.Errorf("audit: %s", audit.raw)
	}
}

func TestReminderIsDeliveredWhileOthersWork(t *testing.T) {
	t.Parallel()
	var slow atomic.Bool
	arrived := make(chan struct{})
	a := openWith(t, func(c *passfort.Config) {
		send := c.Send
		c.Send = func(from, to, message string) error {
			if slow.Load() {
				<-arrived
			}
			return send(from, to, message)
		}
	})
	f := withTasks(t, a)
	f.raise(t, "verify-identity", "")
	slow.Store(true)

	a.advance(t, 7*day) // the reminder is on its way now

	if r := f.read(t); r.status != 200 || len(a.letters()) != 1 {
		t.Errorf("meanwhile: %d, %d e-mails", r.status, len(a.letters()))
	}
	close(arrived)
	if got := a.reminded(t); got != 2 {
		t.Errorf("%d e-mails", got)
	}
}

func TestStaffSeeThatAReminderFailed(t *testing.T) {
	t.Parallel()
	var broken atomic.Bool
	a := openWith(t, func(c *passfort.Config) {
		send := c.Send
		c.Send = func(from, to, message string) error {
			if broken.Load() {
				return errors.New("mailbox full")
			}
			return send(from, to, message)
		}
	})
	f := withTasks(t, a)
	f.raise(t, "verify-identity", "")
	broken.Store(true)

	a.advance(t, 7*day)
	a.Close()

	if got := f.overview(t); !strings.Contains(got.EmailError, "mailbox full") || got.State != passfort.Sent {
		t.Errorf("overview: %+v", got)
	}
}
