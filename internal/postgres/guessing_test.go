package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/identity"
	"portal/internal/postgres"
)

// desk is a Desk on a real store, with a mailbox and a clock of the test's.
type desk struct {
	*identity.Desk
	pool    *pgxpool.Pool
	mailbox []string // the codes
	now     time.Time
}

func (d *desk) SendCode(_ context.Context, m identity.CodeMail) error {
	d.mailbox = append(d.mailbox, m.Code)
	return nil
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	s, pool := newStore(t)
	d := &desk{pool: pool, now: now}
	d.Desk = &identity.Desk{
		Codes: s, Allowances: s, Sessions: s, ProviderSignIns: s, Links: s, Mailer: d, Budget: identity.Budget{PerNetwork: 60, PerDay: 1000},
		Limits: limits, Now: func() time.Time { return d.now },
	}
	return d
}

// victim is the one address of these tests.
const victim = identity.Email("ada@example.com")

// at is somebody in a network whose browser is not known.
func at(network string) identity.From { return identity.From{Network: network} }

// ask asks for a code to the one address, in a new browser.
func (d *desk) ask(t *testing.T, from identity.From) (identity.Token, string, error) {
	t.Helper()
	in, err := d.Desk.SendCode(t.Context(), identity.Asking{Typed: victim.Reveal(), From: from})
	if err != nil {
		return "", "", tooOften(t, err)
	}
	return in.Browser, d.mailbox[len(d.mailbox)-1], nil
}

// enter enters a code, and fails the test if a session is said to be open that is not.
func (d *desk) enter(t *testing.T, browser identity.Token, code string, from identity.From) error {
	t.Helper()
	session, _, err := d.EnterCode(t.Context(), browser, code, from, identity.Opening{})
	if err == nil && !alive(t, d.Codes.(*postgres.Store), session, d.now) {
		t.Error("no session is open")
	}
	return err
}

// tooOften is the error, which must be no other.
func tooOften(t *testing.T, err error) error {
	t.Helper()
	if _, ok := errors.AsType[*identity.TooOften](err); !ok {
		t.Fatal(err)
	}
	return err
}

// evaluated is how many tries were compared with a code.
func (d *desk) evaluated(t *testing.T) (n int) {
	t.Helper()
	if err := d.pool.QueryRow(t.Context(), "select sum(tries) from sign_ins").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// attack guesses so often, 200 times a second, from each of the networks in turn, and asks for another code as soon as one is dead, and
// some times a second anyway.
func (d *desk) attack(t *testing.T, guesses int, networks ...string) {
	t.Helper()
	browsers, dead := make([]identity.Token, len(networks)), make([]bool, len(networks))
	for i := range guesses {
		d.now = d.now.Add(time.Second / 200)
		n := i % len(networks)
		from := at(networks[n])
		if (dead[n] || browsers[n] == "") && i%5 < len(networks) || i%25 < len(networks) {
			if b, _, err := d.ask(t, from); err == nil {
				browsers[n] = b
			}
		}
		err := d.enter(t, browsers[n], d.otherThanSent(), from)
		dead[n] = errors.Is(err, identity.ErrCodeTries) || errors.Is(err, identity.ErrCodeExpired)
		if !dead[n] && !errors.Is(err, identity.ErrCodeWrong) {
			tooOften(t, err)
		}
	}
}

// otherThanSent is a code that somebody could guess, and that is none of the last: the test is not to fail by chance.
func (d *desk) otherThanSent() string {
	for code := range 1_000_000 {
		text := fmt.Sprintf("%06d", code)
		if !slices.Contains(d.mailbox[max(0, len(d.mailbox)-20):], text) {
			return text
		}
	}
	panic("a million codes were sent")
}

// A minute of guessing gets a handful of tries and codes, and keeps the owner of the address out for seconds at most, and from
// another network not at all, neither with a code asked for before nor with a new one.
func TestGuessingSignsNobodyInAndKeepsNobodyOut(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	home, office := at(network), at("198.51.100.0/24")
	before, code, err := d.ask(t, home)
	if err != nil {
		t.Fatal(err)
	}
	d.attack(t, 12_000, network)
	t.Logf("%d tries were compared with a code, and %d codes sent", d.evaluated(t), len(d.mailbox))
	if n := d.evaluated(t); n > 20+4+len(d.mailbox) || n < 20 {
		t.Errorf("%d tries were compared with a code", n)
	}
	if n := len(d.mailbox); n > 10+4+1 || n < 10 {
		t.Errorf("%d codes were sent", n)
	}
	if err := d.enter(t, before, code, home); err != nil {
		t.Errorf("the code from before: %v", err)
	}
	if browser, code, err := d.ask(t, office); err != nil || d.enter(t, browser, code, office) != nil {
		t.Errorf("from another network: %v", err)
	}
	d.returnsWithin(t, 20*time.Second, home)
}

// A quarter of a minute of guessing from many networks uses up what there is for an address whoever asks. A code that the owner has is good all the
// same, a browser in which they have signed in before is let in at once, and any other as soon as there is a code again.
func TestGuessingFromManyNetworksKeepsNobodyOut(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.Budget.PerDay = 1000
	home := at(network)
	before, code, err := d.ask(t, home)
	if err != nil {
		t.Fatal(err)
	}
	d.attack(t, 3_000, "198.51.100.0/24", "203.0.113.0/24", "2001:db8:1::/48", "2001:db8:2::/48", "2001:db8:3::/48", "2001:db8:4::/48")
	t.Logf("%d tries were compared with a code, and %d codes sent", d.evaluated(t), len(d.mailbox))
	if n := len(d.mailbox); n > 60+1 {
		t.Errorf("%d codes were sent", n)
	}
	if n := d.evaluated(t); n > 60+1+len(d.mailbox) {
		t.Errorf("%d tries were compared with a code", n)
	}
	if err := d.enter(t, before, code, home); err != nil {
		t.Errorf("the code from before: %v", err)
	}
	known := identity.From{Network: network, Known: victim.KnownTo("", d.now)}
	if browser, code, err := d.ask(t, known); err != nil || d.enter(t, browser, code, known) != nil {
		t.Errorf("in a browser that is known: %v", err)
	}
	d.returnsWithin(t, 8*time.Minute, home)
}

// returnsWithin has the owner ask for a code and enter it, and again when it is time where that is refused.
func (d *desk) returnsWithin(t *testing.T, longest time.Duration, from identity.From) {
	t.Helper()
	back := d.now
	browser, code, err := d.ask(t, from)
	for err != nil {
		d.waitFor(t, err)
		browser, code, err = d.ask(t, from)
	}
	for err = d.enter(t, browser, code, from); err != nil; err = d.enter(t, browser, code, from) {
		d.waitFor(t, err)
	}
	if took := d.now.Sub(back); took > longest {
		t.Errorf("the owner was kept out for %s", took)
	}
}

// waitFor lets the time pass that a refusal says.
func (d *desk) waitFor(t *testing.T, err error) {
	t.Helper()
	often, ok := errors.AsType[*identity.TooOften](err)
	if !ok || often.Wait > time.Hour {
		t.Fatal(err)
	}
	d.now = d.now.Add(often.Wait)
}

// Signing in over and over in one place is limited like everything else, also for those who are known by then.
func TestKnownBrowsersHaveABudgetToo(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.Budget = identity.Budget{PerNetwork: 20, PerDay: 20}
	from := at(network)
	for range 100 {
		browser, code, err := d.ask(t, from)
		if err != nil {
			break
		}
		if err := d.enter(t, browser, code, from); err != nil {
			t.Fatal(err)
		}
		from.Known = victim.KnownTo(from.Known, d.now)
	}
	if n := len(d.mailbox); n > 1+20 {
		t.Errorf("%d codes were sent at once", n)
	}
}

// A mail server in trouble is not asked over and over, by nobody.
func TestMailServerAwayIsNotAskedWithoutLimit(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	asked := 0
	d.Mailer = mailerFunc(func() error {
		asked++
		return &identity.MailError{Err: errors.New("connection refused")}
	})
	for _, from := range []identity.From{at(network), {Network: network, Known: victim.KnownTo("", d.now)}} {
		asked = 0
		for range 200 {
			if _, err := d.Desk.SendCode(t.Context(), identity.Asking{Typed: victim.Reveal(), From: from}); err == nil {
				t.Fatal("a code was sent")
			}
		}
		if asked > d.Budget.PerNetwork {
			t.Errorf("asked %d times", asked)
		}
	}
}

type mailerFunc func() error

func (f mailerFunc) SendCode(context.Context, identity.CodeMail) error {
	return f()
}
