package postgres_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/identity"
	"portal/internal/postgres"
)

// mailed books an e-mail as signing in does, and what became of it unless that is nothing.
func mailed(t *testing.T, s *postgres.Store, id identity.MailID, to identity.Email, at time.Time, status, reply string) {
	t.Helper()
	in := identity.SignIn{Browser: identity.NewToken(), Email: to, ExpiresAt: at.Add(identity.CodeValidity)}
	if err := s.PutCode(t.Context(), in, []byte("hash"), id, nil, at); err != nil {
		t.Fatal(err)
	}
	if status == "" {
		return
	}
	if err := s.SettleMail(t.Context(), id, status, reply, at.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
}

func TestABounceIsTheLastWordOnAnEmail(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	mailed(t, s, "early", "a@example.com", now, "", "") // the report is quicker than we are
	mailed(t, s, "late", "a@example.com", now.Add(time.Minute), identity.MailAccepted, "")
	for _, id := range []identity.MailID{"early", "late"} {
		for _, first := range []bool{true, false} {
			marked, err := s.BounceMail(t.Context(), identity.Bounce{ID: id, Reply: "550 5.1.1"}, now.Add(time.Hour))
			if err != nil || marked != first {
				t.Errorf("%s: %t, %v", id, marked, err)
			}
		}
		if err := s.SettleMail(t.Context(), id, identity.MailAccepted, "", now.Add(2*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	want := []identity.Delivery{
		{ID: "late", CreatedAt: now.Add(time.Minute)}, {ID: "early", CreatedAt: now},
	}
	for i := range want {
		want[i].Purpose, want[i].To, want[i].Status, want[i].Reply = "sign_in_code", "a@example.com", identity.MailBounced, "550 5.1.1"
		want[i].SettledAt = now.Add(time.Hour)
	}
	got, err := s.Mails(t.Context(), identity.DeliveryFilter{Most: 10})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if marked, err := s.BounceMail(t.Context(), identity.Bounce{ID: "another"}, now); marked || err != nil {
		t.Errorf("an e-mail that is none: %t, %v", marked, err)
	}
}

func TestEmailsAreListedByAddressAndFailure(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	for i, status := range []string{"", identity.MailAccepted, identity.MailRefused, identity.MailUnreachable} {
		to := identity.Email(fmt.Sprintf("%c@example.com", 'a'+i%2))
		mailed(t, s, identity.MailID(fmt.Sprint(i)), to, now.Add(time.Duration(i)*time.Hour), status, "")
	}
	mailed(t, s, "4", "a@example.com", now.Add(4*time.Hour), identity.MailAccepted, "")
	if _, err := s.BounceMail(t.Context(), identity.Bounce{ID: "4"}, now.Add(5*time.Hour)); err != nil {
		t.Fatal(err)
	}
	for want, f := range map[string]identity.DeliveryFilter{
		"4 3 2 1 0": {Most: 10},
		"4 3":       {Most: 2},
		"4 2 0":     {To: "a@example.com", Most: 10},
		"3 1":       {To: "b@example.com", Most: 10},
		"4":         {To: "a@example.com", Most: 1},
		"4 3 2":     {Failed: true, Most: 10},
		"3":         {Failed: true, To: "b@example.com", Most: 10},
		"":          {To: "c@example.com", Most: 10},
	} {
		list, err := s.Mails(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range list {
			got = append(got, string(d.ID))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%+v: %q, want %s", f, got, want)
		}
	}
	for hours, want := range map[int]int{0: 3, 2: 2, 4: 0} {
		if n, err := s.FailedMails(t.Context(), now.Add(time.Duration(hours)*time.Hour)); err != nil || n != want {
			t.Errorf("failed after %d h: %d, %v; want %d", hours, n, err, want)
		}
	}
}
