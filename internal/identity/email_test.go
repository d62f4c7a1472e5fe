package identity_test

import (
	"errors"
	"net/mail"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"portal/internal/identity"
)

func TestParseEmailReadsWhatPeopleType(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"ada@example.com":                      "ada@example.com",
		"  Ada.Lovelace@Example.COM \t\r\n":    "ada.lovelace@example.com",
		"\u00a0ada@example.com\u3000":          "ada@example.com",
		"ada+portal@mail.example.co.uk":        "ada+portal@mail.example.co.uk",
		"o'brien@example.com":                  "o'brien@example.com",
		"a@b.cd":                               "a@b.cd",
		"jörg@müller.example":                  "jörg@müller.example",
		"JO\u0308RG@example.com":               "jörg@example.com", // the same letters, composed
		"用户@例子.广告":                             "用户@例子.广告",
		strings.Repeat("a", 64) + "@" + "b.cd": strings.Repeat("a", 64) + "@b.cd",
	} {
		got, err := identity.ParseEmail(typed)
		if err != nil || got.Reveal() != want {
			t.Errorf("%q: %q, %v; want %q", typed, got.Reveal(), err, want)
		}
	}
}

func TestParseEmailRefusesWhatCannotBeReached(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{
		"", " ", "ada", "@", "ada@", "@example.com", "ada@example", "ada@example.", "ada@.com", "ada@@example.com",
		"ada@example..com", ".ada@example.com", "ada.@example.com", "a da@example.com", "ada@exam ple.com",
		"Ada <ada@example.com>", "<ada@example.com>", `"ada"@example.com`, "ada@example.com (Ada)", "ada@[127.0.0.1]",
		"ada@example.com, eve@example.com", "ada@example.com;eve@example.com", "mailto:ada@example.com",
		"ada@example.com\r\nBcc: eve@example.com", "ada@example.com\nRCPT TO:<eve@example.com>", "ada\x00@example.com",
		"ada\u202e@example.com", "ada\u200b@example.com", "ada@exam\u200bple.com", "ada\u2028@example.com", "ada\u0085@example.com",
		"ada\xff@example.com", "ada＠example.com", strings.Repeat("a", 250) + "@b.cd",
	} {
		got, err := identity.ParseEmail(typed)
		if !errors.Is(err, identity.ErrEmail) || got != "" {
			t.Errorf("%q is taken as %q, %v", typed, got.Reveal(), err)
		}
	}
}

func FuzzParseEmail(f *testing.F) {
	for _, seed := range []string{
		"ada@example.com", " Ada@Example.COM", "JO\u0308RG@müller.example", "a\r\nb@example.com", `"a b"@example.com`,
		"a@[::1]", "İ@İ.example", "a@b.c\u0301", "ǅ@x.y", "Ω@x.ﬃ", "<a@b.c>", "a@b.c (d)", "=?utf-8?q?a?=@b.c",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		got, err := identity.ParseEmail(typed)
		if err != nil {
			if got != "" || !errors.Is(err, identity.ErrEmail) {
				t.Fatalf("%q with %v", got.Reveal(), err)
			}
			return
		}
		s := got.Reveal()
		if again, err := identity.ParseEmail(s); err != nil || again != got {
			t.Errorf("%q is read as %q, %v the second time: one person has two identities", s, again.Reveal(), err)
		}
		if other, err := identity.ParseEmail(" " + strings.ToUpper(s) + "\t"); err == nil && other != got && isASCII(s) {
			t.Errorf("%q in capitals is %q", s, other.Reveal())
		}
		if a, err := mail.ParseAddress(s); err != nil || a.Address != s {
			t.Errorf("%q is not an address: %v", s, err)
		}
		bad := func(r rune) bool {
			return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("<>,;\"\\", r)
		}
		if !utf8.ValidString(s) || strings.ContainsFunc(s, bad) || strings.Count(s, "@") != 1 || len(s) > 254 {
			t.Errorf("%q from %q", s, typed)
		}
	})
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}
