package identity_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/identity"
)

// The numbers are promises to applicants and to those who audit the portal.
func TestRulesAreThoseThatWerePromised(t *testing.T) {
	t.Parallel()
	if identity.CodeValidity != 10*time.Minute || identity.CodeTries != 5 || identity.SignInValidity != 24*time.Hour {
		t.Errorf("codes: %s, %d tries, a sign-in of %s", identity.CodeValidity, identity.CodeTries, identity.SignInValidity)
	}
	if identity.LinkValidity != 10*time.Minute {
		t.Errorf("links: %s", identity.LinkValidity)
	}
}

func TestCodesAreSixDigitsAllAsLikely(t *testing.T) {
	t.Parallel()
	const draws = 20_000
	d := newDesk()
	var counts [6][10]int
	form := regexp.MustCompile(`^[0-9]{6}$`)
	for range draws {
		d.sent = nil
		_, code := d.ask(t)
		if !form.MatchString(code) {
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
	if in.Email != "ada@example.com" || in.Wish != ada.Wish || !in.ExpiresAt.Equal(d.now.Add(identity.CodeValidity)) {
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

func TestAnotherCodeIsForTheSameSignIn(t *testing.T) {
	t.Parallel()
	d := newDesk()
	in, _ := d.ask(t)
	again := ada
	again.Browser = in.Browser
	if got, err := d.Desk.SendCode(t.Context(), again); err != nil || got.Browser != in.Browser {
		t.Errorf("%v; the browser's token is another: %v", err, got.Browser != in.Browser)
	}
	if d.sent[0].id == d.sent[1].id {
		t.Error("two e-mails have one name")
	}
}

// Whoever has a copy of the database must not be able to try the million codes against it.
func TestCodeIsHashedWithItsBrowser(t *testing.T) {
	t.Parallel()
	d := newDesk()
	for range 2 {
		_, _, _ = d.EnterCode(t.Context(), identity.NewToken(), "123456", identity.From{Network: network}, identity.Opening{})
	}
	if string(d.tried[0]) == string(d.tried[1]) {
		t.Error("one code has one hash in every browser")
	}
}

func TestRightCodeOpensANewSession(t *testing.T) {
	t.Parallel()
	d := newDesk()
	in, code := d.ask(t)
	o := identity.Opening{Session: "chosen by somebody else", Replaces: "former", Device: "Firefox on Linux"}
	got, of, err := d.EnterCode(t.Context(), in.Browser, " "+code[:3]+"-"+code[3:]+"\n", identity.From{Network: network}, o)
	if err != nil || of.Wish != ada.Wish {
		t.Fatalf("%+v, %v", of, err)
	}
	if got == o.Session || got == in.Browser || len(got.Reveal()) < 26 {
		t.Error("the session's token is not a new one")
	}
	if diff := cmp.Diff([]identity.Opening{{Session: got, Replaces: "former", Device: "Firefox on Linux"}}, d.opened); diff != "" {
		t.Errorf("opened (-want +got):\n%s", diff)
	}
}

func TestWrongCodeTellsWhatIsKnownAndNoSession(t *testing.T) {
	t.Parallel()
	d := newDesk()
	got, of, err := d.EnterCode(t.Context(), identity.NewToken(), "12345x", identity.From{Network: network}, identity.Opening{})
	if !errors.Is(err, identity.ErrCodeWrong) || got != "" || of.Email != "known@example.com" {
		t.Errorf("%q, %+v, %v", got.Reveal(), of, err)
	}
}

func TestNothingIsSentToWhatIsNoAddress(t *testing.T) {
	t.Parallel()
	d := newDesk()
	_, err := d.Desk.SendCode(t.Context(), identity.Asking{Typed: "ada", From: identity.From{Network: network}})
	if !errors.Is(err, identity.ErrEmail) || len(d.codes)+len(d.stored) > 0 {
		t.Errorf("got %v, %d sent, %d stored", err, len(d.codes), len(d.stored))
	}
}

func TestNothingIsSentBeyondTheLimits(t *testing.T) {
	t.Parallel()
	d := newDesk()
	d.full = &identity.TooOften{Wait: time.Minute}
	_, err := d.Desk.SendCode(t.Context(), ada)
	often, ok := errors.AsType[*identity.TooOften](err)
	if !ok || often.Wait != time.Minute || len(d.codes) > 0 {
		t.Errorf("got %v, %d sent", err, len(d.codes))
	}
}

func TestEmptyCodeIsNoTry(t *testing.T) {
	t.Parallel()
	d := newDesk()
	in, _ := d.ask(t)
	for _, typed := range []string{"", " ", "\u00a0\u2009", " - – "} {
		got, of, err := d.EnterCode(t.Context(), in.Browser, typed, identity.From{Network: network}, identity.Opening{})
		if !errors.Is(err, identity.ErrCodeMissing) || got != "" || of.Email != in.Email {
			t.Errorf("%q: %v, %v", typed, of, err)
		}
	}
	_, _, err := d.EnterCode(t.Context(), identity.NewToken(), "", identity.From{Network: network}, identity.Opening{})
	if !errors.Is(err, identity.ErrCodeExpired) {
		t.Errorf("a browser that waits for no code: %v", err)
	}
	if len(d.tried) > 0 {
		t.Errorf("%d tries", len(d.tried))
	}
}

func TestMailThatIsTakenIsRecorded(t *testing.T) {
	t.Parallel()
	d := newDesk()
	d.ask(t)
	if d.sent[0].status != identity.MailAccepted || len(d.returned) > 0 {
		t.Errorf("%+v, given back %d times", d.sent[0], len(d.returned))
	}
}

// That the mail server is away counts against the network alone: there must be a limit on asking it.
func TestAnUnreachableMailServerCountsAgainstNoAddress(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		refusal  error
		want     letter
		returned int
	}{
		"refused for good": {&identity.MailError{Refused: true, Reply: "550 5.1.1", Err: errDown}, letter{status: identity.MailRefused, reply: "550 5.1.1"}, 0},
		"not now":          {&identity.MailError{Reply: "451 4.3.0", Err: errDown}, letter{status: identity.MailUnreachable, reply: "451 4.3.0"}, 1},
		"nobody there":     {fmt.Errorf("dialing: %w", errDown), letter{status: identity.MailUnreachable}, 1},
	} {
		d := newDesk()
		d.refusal = c.refusal
		_, err := d.Desk.SendCode(t.Context(), ada)
		if _, ok := errors.AsType[*identity.MailError](err); !ok || !errors.Is(err, errDown) {
			t.Errorf("%s: got %v", name, err)
		}
		if c.want.id = d.sent[0].id; d.sent[0] != c.want {
			t.Errorf("%s: recorded %+v, want %+v", name, d.sent[0], c.want)
		}
		if len(d.returned) != c.returned {
			t.Fatalf("%s: given back %d times, want %d", name, len(d.returned), c.returned)
		}
		if c.returned > 0 && !cmp.Equal(d.limits[0][:3], d.returned[0]) {
			t.Errorf("%s: taken %v, given back %v", name, d.limits[0], d.returned[0])
		}
	}
}

// A mail server that scans for long has the e-mail already: the code is waited for.
func TestCodeThatMayArriveIsWaitedFor(t *testing.T) {
	t.Parallel()
	d := newDesk()
	d.refusal = &identity.MailError{Unanswered: true, Err: errDown}
	if in, err := d.Desk.SendCode(t.Context(), ada); err != nil || in.Browser == "" {
		t.Fatal(err)
	}
	if d.sent[0].status != identity.MailSending || len(d.returned) > 0 {
		t.Errorf("recorded %+v, given back %d times", d.sent[0], len(d.returned))
	}
}

// gone is a mail server that takes so long that the browser goes away.
type gone struct {
	*desk
	leave context.CancelFunc
}

func (g gone) SendCode(context.Context, identity.CodeMail) error {
	g.leave()
	return context.Canceled
}

func TestWhatBecameOfAnEmailIsRecordedAlthoughTheBrowserHasGone(t *testing.T) {
	t.Parallel()
	d := newDesk()
	ctx, leave := context.WithCancel(t.Context())
	d.Mailer = gone{d, leave}
	_, err := d.Desk.SendCode(ctx, ada)
	if why, ok := errors.AsType[*identity.MailError](err); !ok || strings.Count(err.Error(), "canceled") != 1 {
		t.Errorf("got %v, %v", why, err)
	}
	if d.sent[0].status != identity.MailUnreachable || len(d.returned) != 1 {
		t.Errorf("recorded %+v, given back %d times", d.sent[0], len(d.returned))
	}
}
