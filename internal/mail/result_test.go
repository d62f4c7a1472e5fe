package mail_test

import (
	"strings"
	"testing"

	"portal/internal/i18n"
	"portal/internal/identity"
	"portal/internal/mail"
)

func TestResultsArriveAndLeadToThePage(t *testing.T) {
	t.Parallel()
	box := newMailbox(t)
	s, err := mail.New(mail.Options{URL: "smtp://" + box.Addr(), From: "onboarding@northlight.example", Page: "https://www.northlight.example/onboarding", Brand: northlight, Languages: i18n.BuiltIn})
	if err != nil {
		t.Fatal(err)
	}
	for kind, want := range map[string][2]string{
		identity.ResultApproved: {"en", "have been accepted"}, identity.ResultRetry: {"de", "noch einmal"}, identity.ResultRejected: {"", "not successful"},
	} {
		r := identity.Result{ID: mailID, To: identity.Email(kind + "@example.com"), Kind: kind, Locale: want[0], Flow: "documents"}
		if err := s.SendResult(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		got := box.Messages(kind + "@example.com")
		if len(got) != 1 {
			t.Fatalf("%s: %d e-mails", kind, len(got))
		}
		for part, text := range map[string]string{"text": got[0].Text, "HTML": got[0].HTML} {
			if !strings.Contains(text, want[1]) || !strings.Contains(text, "https://www.northlight.example/onboarding?flow=documents") {
				t.Errorf("%s, %s:\n%s", kind, part, text)
			}
		}
		if strings.Contains(strings.ToLower(got[0].Subject), "accept") || strings.Contains(strings.ToLower(got[0].Subject), "success") {
			t.Errorf("%s: the subject shows the decision on a locked screen: %s", kind, got[0].Subject)
		}
	}
}

func TestAResultThatIsRefusedSaysSo(t *testing.T) {
	t.Parallel()
	s, err := mail.New(mail.Options{URL: "smtp://127.0.0.1:1", From: "onboarding@northlight.example", Brand: northlight, Languages: i18n.BuiltIn})
	if err != nil {
		t.Fatal(err)
	}
	err = s.SendResult(t.Context(), identity.Result{ID: mailID, To: "ada@example.com", Kind: identity.ResultRetry})
	if err == nil || strings.Contains(err.Error(), "ada@") {
		t.Errorf("%v", err)
	}
}
