package postgres_test

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/internal/postgres"
)

// network is where the tests ask from.
const network = "192.0.2.0/24"

// here is somebody in it whose browser is not known.
var here = identity.From{Network: network}

// wish is what they sign in for.
var wish = identity.Wish{Flow: "individual", Case: "north", Finishing: true}

// signIn signs an address in and returns the session's token and applicant.
func signIn(t *testing.T, s *postgres.Store, email identity.Email) (identity.Token, onboarding.ApplicantID) {
	t.Helper()
	o, in := opening(), putCode(t, s, email)
	if _, err := s.TakeCode(t.Context(), in.Browser, []byte("right"), here, o, now); err != nil {
		t.Fatal(err)
	}
	return o.Session, onboarding.ApplicantID(visit(t, s, o.Session).Applicant)
}

// putCode stores a sign-in whose right code has the hash "right".
func putCode(t *testing.T, s *postgres.Store, email identity.Email) identity.SignIn {
	t.Helper()
	in := identity.SignIn{Browser: identity.NewToken(), Email: email, Wish: wish}
	return putAnother(t, s, in, "right", now)
}

// putAnother gives a sign-in another code.
func putAnother(t *testing.T, s *postgres.Store, in identity.SignIn, code string, at time.Time) identity.SignIn {
	t.Helper()
	in.ExpiresAt = at.Add(identity.CodeValidity)
	if err := s.PutCode(t.Context(), in, []byte(code), mailID(), nil, at); err != nil {
		t.Fatal(err)
	}
	return in
}

func mailID() identity.MailID { return identity.MailID(strings.ToLower(rand.Text())) }

func opening() identity.Opening {
	return identity.Opening{Session: identity.NewToken(), Device: "Firefox on Linux"}
}

// take enters a code, from a network with few tries behind it.
func take(t *testing.T, s *postgres.Store, in identity.SignIn, code string, at time.Time) error {
	t.Helper()
	_, err := s.TakeCode(t.Context(), in.Browser, []byte(code), here, opening(), at)
	return err
}

func TestCodesSignInOnceAndInFiveTries(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	used := putCode(t, s, "used@example.com")
	if err := take(t, s, used, "right", now); err != nil {
		t.Fatal(err)
	}
	if err := take(t, s, used, "right", now); !errors.Is(err, identity.ErrCodeExpired) {
		t.Errorf("a second use: %v", err)
	}
	late := putCode(t, s, "late@example.com")
	if err := take(t, s, late, "right", late.ExpiresAt); !errors.Is(err, identity.ErrCodeExpired) {
		t.Errorf("at its end: %v", err)
	}
	tried := putCode(t, s, "tried@example.com")
	for i := range identity.CodeTries {
		want := identity.ErrCodeWrong
		if i == identity.CodeTries-1 {
			want = identity.ErrCodeTries
		}
		if err := take(t, s, tried, "wrong", now); !errors.Is(err, want) {
			t.Errorf("wrong try %d: %v, want %v", i+1, err, want)
		}
	}
	if err := take(t, s, tried, "right", now); !errors.Is(err, identity.ErrCodeTries) {
		t.Errorf("right, but after the last try: %v", err)
	}
	if err := take(t, s, identity.SignIn{Browser: identity.NewToken()}, "right", now); !errors.Is(err, identity.ErrCodeExpired) {
		t.Errorf("another browser: %v", err)
	}
}

func TestACodeOpensASessionOfItsAddressWithWhatWasWished(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	in, o := putCode(t, s, "a@example.com"), opening()
	got, err := s.TakeCode(t.Context(), in.Browser, []byte("right"), here, o, now)
	if err != nil || !cmp.Equal(got, in) {
		t.Fatalf("%+v, %v, want %+v", got, err, in)
	}
	who := visit(t, s, o.Session)
	if who.Issuer != identity.EmailIssuer || who.Subject != "a@example.com" || who.Email != in.Email || who.Device != o.Device {
		t.Errorf("%+v", who)
	}
}

func TestTheCodeBeforeStaysGoodUntilItExpires(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	later := now.Add(9 * time.Minute)
	for name, c := range map[string]struct {
		code string
		at   time.Time
		want error
	}{
		"the one before":              {"right", later, nil},
		"the new one":                 {"another", later, nil},
		"neither":                     {"wrong", later, identity.ErrCodeWrong},
		"the one before, at its end":  {"right", now.Add(identity.CodeValidity), identity.ErrCodeWrong},
		"the new one, just before it": {"another", later.Add(identity.CodeValidity - time.Second), nil},
		"the new one, at its end":     {"another", later.Add(identity.CodeValidity), identity.ErrCodeExpired},
	} {
		in := putCode(t, s, "a@example.com")
		in = putAnother(t, s, in, "another", later)
		if err := take(t, s, in, c.code, c.at); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if c.want == nil && !errors.Is(take(t, s, in, "right", later), identity.ErrCodeExpired) {
			t.Errorf("%s: the other is still good", name)
		}
	}
}

func TestTheCodeBeforeIsDeadWhereItOughtToBe(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	moved := putCode(t, s, "a@example.com")
	moved.Email = "b@example.com"
	moved = putAnother(t, s, moved, "another", now)
	if err := take(t, s, moved, "right", now); !errors.Is(err, identity.ErrCodeWrong) {
		t.Errorf("a code of another address: %v", err)
	}
	third := putAnother(t, s, putAnother(t, s, putCode(t, s, "c@example.com"), "second", now), "third", now)
	if err := take(t, s, third, "right", now); !errors.Is(err, identity.ErrCodeWrong) {
		t.Errorf("the one before the one before: %v", err)
	}
	used := putCode(t, s, "d@example.com")
	if err := take(t, s, used, "right", now); err != nil {
		t.Fatal(err)
	}
	if err := take(t, s, putAnother(t, s, used, "another", now), "right", now); !errors.Is(err, identity.ErrCodeWrong) {
		t.Errorf("one that was used: %v", err)
	}
	tried := putCode(t, s, "e@example.com")
	for range identity.CodeTries {
		_ = take(t, s, tried, "wrong", now)
	}
	if err := take(t, s, putAnother(t, s, tried, "another", now), "right", now); !errors.Is(err, identity.ErrCodeWrong) {
		t.Errorf("one that was tried too often: %v", err)
	}
}

func TestASignInOutlivesItsCode(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	in := putCode(t, s, "a@example.com")
	got, err := s.PendingSignIn(t.Context(), in.Browser, now.Add(identity.SignInValidity-time.Second))
	if !errors.Is(err, identity.ErrCodeExpired) || !cmp.Equal(got, in) {
		t.Errorf("nearly a day later: %+v, %v", got, err)
	}
	got, err = s.PendingSignIn(t.Context(), in.Browser, now.Add(identity.SignInValidity))
	if !errors.Is(err, identity.ErrCodeExpired) || got != (identity.SignIn{}) {
		t.Errorf("a day later: %+v, %v", got, err)
	}
}

func TestAnEmailsFateIsRecorded(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	m := mailID()
	if err := s.PutCode(t.Context(), identity.SignIn{Browser: "b", Email: "a@example.com", ExpiresAt: now}, nil, m, nil, now); err == nil {
		t.Fatal("a code without a hash is stored")
	}
	if err := s.PutCode(t.Context(), identity.SignIn{Browser: "b", Email: "a@example.com", ExpiresAt: now}, []byte("x"), m, nil, now); err != nil {
		t.Fatal(err)
	}
	for _, step := range [][3]string{
		{identity.MailUnreachable, "451 4.3.0", identity.MailUnreachable},
		{identity.MailBounced, "550 5.1.1", identity.MailBounced},
		{identity.MailAccepted, "", identity.MailBounced}, // the word of the mail server came late
	} {
		if err := s.SettleMail(t.Context(), m, step[0], step[1], now); err != nil {
			t.Fatal(err)
		}
		var status string
		if err := pool.QueryRow(t.Context(), "select status from mails where id = $1", string(m)).Scan(&status); err != nil || status != step[2] {
			t.Errorf("after %s: %s, %v", step[0], status, err)
		}
	}
}
