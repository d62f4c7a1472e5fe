package identity_test

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"portal/internal/identity"
)

// desk is a Desk whose store and mailer remember what they were given.
type desk struct {
	*identity.Desk
	stored  []identity.SignIn
	hashes  [][]byte // of the codes stored
	tried   [][]byte // of the codes entered
	codes   []string // as sent
	refusal error    // of the mail server
	now     time.Time
}

func newDesk() *desk {
	d := &desk{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	d.Desk = &identity.Desk{Codes: d, Mailer: d, Now: func() time.Time { return d.now }}
	return d
}

func (d *desk) PutCode(_ context.Context, in identity.SignIn, hash []byte, now, since time.Time, limit int) error {
	if limit != identity.CodesPerHour || !since.Equal(now.Add(-time.Hour)) {
		return errors.New("the limit is another")
	}
	d.stored, d.hashes = append(d.stored, in), append(d.hashes, hash)
	return nil
}

func (d *desk) DropCode(_ context.Context, browser identity.Token) error {
	d.stored = slices.DeleteFunc(d.stored, func(in identity.SignIn) bool { return in.Browser == browser })
	return nil
}

func (d *desk) PendingSignIn(_ context.Context, browser identity.Token, _ time.Time) (identity.SignIn, error) {
	for _, in := range d.stored {
		if in.Browser == browser {
			return in, nil
		}
	}
	return identity.SignIn{}, identity.ErrCodeExpired
}

func (d *desk) TakeCode(_ context.Context, browser identity.Token, hash []byte, _ identity.Token, _ time.Time) (identity.SignIn, error) {
	d.tried = append(d.tried, hash)
	for i, in := range d.stored {
		if in.Browser == browser && string(d.hashes[i]) == string(hash) {
			return in, nil
		}
	}
	return identity.SignIn{}, identity.ErrCodeWrong
}

func (d *desk) EndSession(context.Context, identity.Token, time.Time) error { return nil }

func (d *desk) SendCode(_ context.Context, _ identity.Email, code, _ string) error {
	d.codes = append(d.codes, code)
	return d.refusal
}

func (d *desk) ask(t *testing.T) (identity.SignIn, string) {
	t.Helper()
	in, err := d.Desk.SendCode(t.Context(), "Ada@Example.com ", "en", identity.Wish{Flow: "company"})
	if err != nil {
		t.Fatal(err)
	}
	return in, d.codes[len(d.codes)-1]
}

// The numbers are promises to applicants and to those who audit the portal.
func TestRulesAreThoseThatWerePromised(t *testing.T) {
	t.Parallel()
	if identity.CodeValidity != 10*time.Minute || identity.CodeTries != 5 || identity.CodesPerHour != 10 {
		t.Errorf("codes: %s, %d tries, %d an hour", identity.CodeValidity, identity.CodeTries, identity.CodesPerHour)
	}
	if want := (identity.Limits{Idle: time.Hour, Absolute: 24 * time.Hour}); identity.SessionLimits != want {
		t.Errorf("sessions: %+v, want %+v", identity.SessionLimits, want)
	}
}

func TestCodesAreSixDigitsAllAsLikely(t *testing.T) {
	t.Parallel()
	const draws = 20_000
	d := newDesk()
	var counts [6][10]int
	for range draws {
		_, code := d.ask(t)
		if !regexp.MustCompile(`^[0-9]{6}$`).MatchString(code) {
			t.Fatalf("code %q", code)
		}
		for place, digit := range code {
			counts[place][digit-'0']++
		}
	}
	for place, digits := range counts {
		for digit, n := range digits { // 2000 are expected, and 300 are seven standard deviations
			if n < draws/10-300 || n > draws/10+300 {
				t.Errorf("place %d is a %d %d times of %d", place, digit, n, draws)
			}
		}
	}
}

func TestSignInIsStoredWithoutItsCode(t *testing.T) {
	t.Parallel()
	d := newDesk()
	in, code := d.ask(t)
	if in.Email != "ada@example.com" || in.Flow != "company" || !in.ExpiresAt.Equal(d.now.Add(identity.CodeValidity)) {
		t.Errorf("%+v", in)
	}
	if strings.Contains(string(d.hashes[0]), code) || len(d.hashes[0]) != 32 {
		t.Errorf("the hash %x", d.hashes[0])
	}
	again, _ := d.ask(t)
	if again.Browser == in.Browser {
		t.Error("two sign-ins have one token")
	}
}

// Whoever has a copy of the database must not be able to try the million codes against it.
func TestCodeIsHashedWithItsBrowser(t *testing.T) {
	t.Parallel()
	d := newDesk()
	for range 2 {
		_, _, _ = d.EnterCode(t.Context(), identity.NewToken(), "123456")
	}
	if string(d.tried[0]) == string(d.tried[1]) {
		t.Error("one code has one hash in every browser")
	}
}

func TestMailServersRefusalIsAnErrorOfItsOwn(t *testing.T) {
	t.Parallel()
	d := newDesk()
	d.refusal = errors.New("the cause")
	_, err := d.Desk.SendCode(t.Context(), "ada@example.com", "en", identity.Wish{})
	if _, ok := errors.AsType[*identity.MailError](err); !ok || !errors.Is(err, d.refusal) {
		t.Errorf("got %v", err)
	}
	if len(d.stored) != 0 {
		t.Error("a code that was not sent counts")
	}
}

func TestNothingIsSentToWhatIsNoAddress(t *testing.T) {
	t.Parallel()
	d := newDesk()
	if _, err := d.Desk.SendCode(t.Context(), "ada", "en", identity.Wish{}); !errors.Is(err, identity.ErrEmail) || len(d.codes)+len(d.stored) > 0 {
		t.Errorf("got %v, %d sent, %d stored", err, len(d.codes), len(d.stored))
	}
}

func TestEmptyCodeIsNoTry(t *testing.T) {
	t.Parallel()
	d := newDesk()
	in, _ := d.ask(t)
	for _, typed := range []string{"", " ", "\u00a0\u2009", " - – "} {
		got, of, err := d.EnterCode(t.Context(), in.Browser, typed)
		if !errors.Is(err, identity.ErrCodeMissing) || got != "" || of.Email != in.Email {
			t.Errorf("%q: %v, %v", typed, of, err)
		}
	}
	if _, _, err := d.EnterCode(t.Context(), identity.NewToken(), ""); !errors.Is(err, identity.ErrCodeExpired) {
		t.Errorf("a browser that waits for no code: %v", err)
	}
	if len(d.tried) > 0 {
		t.Errorf("%d tries", len(d.tried))
	}
}
