package oidc

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	goidc "github.com/coreos/go-oidc/v3/oidc"

	"portal/internal/identity"
)

func TestNamesAreTidied(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"Ada Lovelace":               "Ada Lovelace",
		" Ada \r\n\t Lovelace\u00a0": "Ada Lovelace",
		"Ada\x00\x1b[31m":            "Ada[31m",
		"Ada\u202eevoL":              "AdaevoL",
		"می\u200cخواهم":              "می\u200cخواهم", // a sign without width that the spelling wants
		strings.Repeat("é", 201):     strings.Repeat("é", 200),
		"\x7f \u2028":                "",
	} {
		if got := personName(said).Reveal(); got != want {
			t.Errorf("%q is read as %q, want %q", said, got, want)
		}
	}
}

func TestLocalesAreLanguageTags(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"de": "de", "de_AT": "de-AT", "EN-gb": "en-GB", "zh-Hant-TW": "zh-Hant-TW",
		"": "", "und": "", "klingon language": "", "de\n": "", "de-x-aaaaaaaa-aaaaaaaa-aaaaaaaa-aaaaaaaa": "", strings.Repeat("a", 36): "",
	} {
		if got := locale(said); got != want {
			t.Errorf("%q is read as %q, want %q", said, got, want)
		}
	}
}

// Whoever speaks TLS must not send people, codes or secrets where nobody does.
func TestProviderBehindTLSNamesNothingElse(t *testing.T) {
	t.Parallel()
	for address, right := range map[string]bool{"https://a/b?c=d": true, "http://a/b": false, "https:///b": false, "https://a#b": false, "": false} {
		if endpoint(address, true) != right {
			t.Errorf("%q", address)
		}
	}
	if !endpoint("http://127.0.0.1/", false) {
		t.Error("a provider on this machine needs TLS")
	}
}

func TestTimesAreSecondsOfOurEra(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]time.Time{
		"0": time.Unix(0, 0), "1.5": time.Unix(1, 5e8), "1e3": time.Unix(1000, 0), "253402300799": time.Unix(lastSecond, 0),
	} {
		if got, ok := (claims{"t": json.RawMessage(said)}).time("t"); !ok || !got.Equal(want) {
			t.Errorf("%s is read as %s, %t", said, got, ok)
		}
	}
	for _, said := range []string{"-1", "253402300800", "1e300", "1e999", `"1"`, "null", "true", "{}", ""} {
		if got, ok := (claims{"t": json.RawMessage(said)}).time("t"); ok {
			t.Errorf("%s is read as %s", said, got)
		}
	}
}

func FuzzClaims(f *testing.F) {
	for _, said := range []string{
		`{"sub":"ada","name":"Ada","locale":"de-AT","email":"ada@example.com","email_verified":"true","exp":1,"aud":["a"]}`,
		`{"sub":1,"name":{},"locale":[],"email":null,"email_verified":2,"exp":"1","aud":{},"events":{"a":{}}}`, `[]`, `null`, ``,
	} {
		f.Add([]byte(said))
	}
	p := &Provider{o: Options{Claims: ClaimNames{}.orStandard()}}
	f.Fuzz(func(t *testing.T, said []byte) {
		var c claims
		if json.Unmarshal(said, &c) != nil {
			return
		}
		who := p.person(c)
		name := who.name.Reveal()
		if utf8.RuneCountInString(name) > maxPersonName || strings.ContainsFunc(name, unicode.IsControl) || strings.TrimSpace(name) != name {
			t.Errorf("the name %q", name)
		}
		if len(who.email) > 254 || strings.ContainsAny(who.locale, " \n") {
			t.Errorf("the address %q, the locale %q", who.email.Reveal(), who.locale)
		}
		if at, ok := c.time("exp"); ok && (at.Unix() < 0 || at.Unix() > lastSecond) {
			t.Errorf("the time %s", at)
		}
		if subject := p.subject(c); plain(subject) && (len(subject) > maxName || strings.ContainsFunc(subject, unicode.IsControl)) {
			t.Errorf("the subject %q", subject)
		}
		_, _ = c.texts("aud"), c.logsOut()
	})
}

// Whatever the provider signs: what is taken for a logout is one, and nothing is both that and an ID token.
func FuzzSignedClaims(f *testing.F) {
	const now = 1_800_000_000
	p := &Provider{o: Options{Issuer: "https://a", ClientID: "portal", Now: func() time.Time { return time.Unix(now, 0) }}}
	p.o.Claims = ClaimNames{}.orStandard()
	f.Add([]byte(`{"iss":"https://a","aud":"portal","iat":1800000000,"exp":1800000060,"jti":"word","sub":"ada",
		"events":{"http://schemas.openid.net/event/backchannel-logout":{}}}`))
	f.Add([]byte(`{"iss":"https://a","aud":["portal"],"iat":1.8e9,"exp":1800000060,"nonce":"nonce","sub":"ada","sid":"a"}`))
	f.Fuzz(func(t *testing.T, said []byte) {
		s := signed{library: &goidc.IDToken{}}
		if json.Unmarshal(said, &s.claims) != nil {
			return
		}
		logout, id := p.checkLogout(s), p.checkIDToken(s, identity.Challenge{Nonce: "nonce"}, "")
		if logout == nil && (id == nil || s.text("jti") == "" || p.subject(s.claims) == "" && s.text("sid") == "" || refusedFrom(s.claims).Unix() < now) {
			t.Errorf("a logout: %s", said)
		}
		if id == nil && (!plain(p.subject(s.claims)) || s.text("nonce") != "nonce" || s.text("iss") != "https://a") {
			t.Errorf("an ID token: %s", said)
		}
	})
}
