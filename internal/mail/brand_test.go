package mail_test

import (
	"strings"
	"testing"

	"portal/internal/brand"
	"portal/internal/i18n"
	"portal/internal/identity"
	"portal/internal/mail"
)

func TestEmailsWearTheBrandOfTheirFlow(t *testing.T) {
	t.Parallel()
	box := newMailbox(t)
	harbour := northlight.For("company", brand.Brand{Name: "Harbour Business", Accent: "#7a1f5c", EmailLogoURL: "https://harbour.example/logo.png", EmailLogoWidth: 90, EmailLogoHeight: 30})
	s, err := mail.New(mail.Options{
		URL: "smtp://" + box.Addr(), From: "onboarding@northlight.example", Page: "https://www.northlight.example/onboarding",
		Brand: northlight, Brands: map[string]brand.Brand{"company": harbour}, Languages: i18n.BuiltIn,
	})
	if err != nil {
		t.Fatal(err)
	}
	for flow, names := range map[string][2]string{"company": {"Harbour Business", "#7a1f5c"}, "individual": {"Northlight", "#0b5c57"}, "": {"Northlight", "#0b5c57"}} {
		code, result := identity.Email("code-"+flow+"@example.com"), identity.Email("result-"+flow+"@example.com")
		if err := s.SendCode(t.Context(), identity.CodeMail{ID: mailID, To: code, Code: "123456", Flow: flow}); err != nil {
			t.Fatal(err)
		}
		if err := s.SendResult(t.Context(), identity.Result{ID: mailID, To: result, Kind: identity.ResultRetry, Flow: flow}); err != nil {
			t.Fatal(err)
		}
		for _, to := range []identity.Email{code, result} {
			got := box.Messages(to.Reveal())
			if len(got) != 1 || !strings.Contains(got[0].Subject, names[0]) || !strings.Contains(got[0].HTML, names[1]) {
				t.Errorf("%s: %+v", to.Reveal(), got)
			}
			if shown := strings.Contains(got[0].HTML, "https://harbour.example/logo.png"); shown != (flow == "company") {
				t.Errorf("%s shows the company's logo: %t", to.Reveal(), shown)
			}
		}
	}
}
