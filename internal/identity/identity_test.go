package identity_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"portal/internal/identity"
)

// prints writes v in every way that a program may come to write it.
func prints(t *testing.T, v any) string {
	t.Helper()
	var out bytes.Buffer
	for _, verb := range strings.Split("%v %+v %#v %s %q %x %X %d %t %T %10s %-40v %.200s %c %U %e", " ") {
		fmt.Fprintf(&out, verb+"\n", v)
		fmt.Fprintf(&out, verb+"\n", struct{ Field any }{v})
		fmt.Fprintf(&out, verb+"\n", []any{v})
	}
	fmt.Fprintln(&out, fmt.Errorf("wrapping %v", v), fmt.Sprint(v), fmt.Sprintln(v))
	for _, log := range []*slog.Logger{slog.New(slog.NewJSONHandler(&out, nil)), slog.New(slog.NewTextHandler(&out, nil))} {
		log.Info("said", slog.Any("value", v), slog.Any("group", struct{ Field any }{v}))
	}
	text, err := json.Marshal(map[string]any{"value": v, "list": []any{v}})
	if err != nil {
		t.Fatal(err)
	}
	out.Write(text)
	return out.String()
}

func TestTokenNeverPrints(t *testing.T) {
	t.Parallel()
	token := identity.NewToken()
	out := prints(t, token)
	for _, form := range []string{token.Reveal(), fmt.Sprintf("%x", token.Reveal()), fmt.Sprintf("%X", token.Reveal()), fmt.Sprint([]byte(token.Reveal()))} {
		if strings.Contains(out, form) {
			t.Errorf("it prints:\n%s", out)
		}
	}
}

func TestEmailPrintsItsDomainOnly(t *testing.T) {
	t.Parallel()
	email, err := identity.ParseEmail("ada.lovelace@example.com")
	if err != nil {
		t.Fatal(err)
	}
	out := prints(t, email)
	for _, form := range []string{"lovelace", "ada", fmt.Sprintf("%x", "lovelace"), fmt.Sprintf("%X", "lovelace")} {
		if strings.Contains(out, form) {
			t.Errorf("it prints:\n%s", out)
		}
	}
	if got := fmt.Sprint(email); got != "…@example.com" {
		t.Errorf("it prints as %q", got)
	}
	if got := fmt.Sprint(identity.Email("ada")); got != "" {
		t.Errorf("what is no address prints as %q", got)
	}
}

func TestTokensAreLongAndDiffer(t *testing.T) {
	t.Parallel()
	seen := map[identity.Token]bool{}
	for range 1000 {
		token := identity.NewToken()
		if seen[token] || len(token.Reveal()) < 26 { // of 5 bits each: 130
			t.Fatal("a token is short, or comes twice")
		}
		seen[token] = true
		if bytes.Contains(token.Hash(), []byte(token)) || bytes.Equal(token.Hash(), identity.NewToken().Hash()) {
			t.Fatal("the hash is none")
		}
	}
}

// sensitive is a text that must be found in nothing that is printed.
const sensitive = "Sensitive7"

// Whatever a struct of the domain comes to hold, printing the whole of it gives nobody away.
func TestNothingThatHoldsAPersonPrintsThem(t *testing.T) {
	t.Parallel()
	email, provider := identity.Email(sensitive+"@example.com"), identity.ProviderSession{Name: "staff", ID: "1", IDToken: sensitive}
	for _, v := range []any{
		identity.Subject(sensitive), identity.PersonName(sensitive), identity.Facts(sensitive), identity.Token(sensitive), email,
		provider,
		identity.Person{Issuer: "link", Subject: sensitive, Email: email, Name: sensitive},
		identity.Session{Subject: sensitive, Email: email, Name: sensitive, Provider: provider},
		identity.Opening{Session: sensitive, Replaces: sensitive, Provider: provider},
		identity.SignIn{Browser: sensitive, Email: email},
		identity.Asking{Browser: sensitive},
		identity.Link{Subject: sensitive, Email: email, Facts: sensitive},
		identity.ProviderSignIn{State: sensitive, Browser: sensitive},
		identity.Challenge{Verifier: sensitive},
		identity.Return{State: sensitive},
		identity.Claims{Email: email, Name: sensitive, Provider: provider},
		identity.Delivery{To: email},
	} {
		if out := prints(t, v); leaks(out) {
			t.Errorf("%T prints:\n%s", v, out)
		}
	}
}

func leaks(out string) bool {
	for _, form := range []string{sensitive, fmt.Sprintf("%x", sensitive), fmt.Sprintf("%X", sensitive), fmt.Sprint([]byte(sensitive))} {
		if strings.Contains(strings.ToLower(out), strings.ToLower(form)) {
			return true
		}
	}
	return false
}
