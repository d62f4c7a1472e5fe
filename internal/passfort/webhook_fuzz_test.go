package passfort_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"portal/internal/inbox"
)

// FuzzDecode holds that no body has the decoder panic, keep a secret, or name what cannot be stored; and that a wrong
// header yields nothing.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		"", "null", "[]", "{}", `{"event":"A","secret":"` + hookSecretRaw + `"}`, `{"webhooks":[{"event":"a"}]}`,
		`{"id":1e9,"event":"X","data":{"profile_id":"p","customer_request":{"id":"r","status":"SENT"}}}`,
		`["` + hookSecretRaw + `",{"event":"` + olderSecret + `"}]`, "\x00deadbeef:r\x00", `{"event":"\u0000\ud800"}`,
		hookSecret + olderSecret, `{"event":"A","x":"` + everyCharacterEscaped(olderSecret) + `"}`,
	} {
		f.Add([]byte(seed), false)
		f.Add([]byte(seed), true)
	}
	d := newDecoder()
	f.Fuzz(func(t *testing.T, body []byte, cut bool) {
		if got, err := d.Decode(bearing("Bearer x"), body, cut); !errors.Is(err, inbox.ErrForged) || len(got) > 0 {
			t.Fatalf("forged: %d messages, %v", len(got), err)
		}
		got, err := d.Decode(bearing(hookBearer), body, cut)
		if err != nil && !errors.Is(err, inbox.ErrForged) || err != nil && len(got) > 0 {
			t.Fatalf("%d messages, %v", len(got), err)
		}
		for _, m := range got {
			all := strings.Join([]string{m.ID, m.Event, m.Profile, m.CustomerRef, m.Request, m.Outcome, m.Trouble, m.Body.Reveal()}, "\n")
			for _, secret := range []string{hookSecret, hookSecretRaw, olderSecret, everyCharacterEscaped(olderSecret)} {
				if strings.Contains(all, secret) {
					t.Fatal("a secret is kept")
				}
			}
			if m.ID == "" || (m.Trouble == "") == (m.Event == "") || strings.ContainsAny(m.ID+m.Event+m.Profile+m.CustomerRef+m.Request, "\x00\n") {
				t.Fatalf("cannot be stored: %+v", m)
			}
			if _, err := d.DecodeAgain(m.Body); err != nil && !errors.Is(err, inbox.ErrForged) {
				t.Fatal(err)
			}
		}
	})
}

// everyCharacterEscaped spells a text with an escape for every character.
func everyCharacterEscaped(text string) string {
	var out strings.Builder
	for k := range len(text) {
		out.WriteString(escaped(text[k], k%2 == 0))
	}
	return out.String()
}

func escaped(c byte, capital bool) string {
	const digits = "0123456789abcdef"
	code := string([]byte{digits[c>>4], digits[c&15]})
	if capital {
		code = strings.ToUpper(code)
	}
	return `\u00` + code
}

// spelling writes a text as the inside of a JSON string, each character in any way that JSON has for it.
func spelling(t *rapid.T, text string) string {
	var out strings.Builder
	for k := range len(text) {
		c := text[k]
		switch rapid.IntRange(0, 3).Draw(t, "spelling") {
		case 0:
			out.WriteString(escaped(c, true))
		case 1:
			out.WriteString(escaped(c, false))
		default:
			switch {
			case c == '"' || c == '\\' || c == '/' && rapid.Bool().Draw(t, "slash"):
				out.Write([]byte{'\\', c})
			default:
				out.WriteByte(c)
			}
		}
	}
	return out.String()
}

// However a secret is spelt, it is found, it is cut out, and it can be put back to the byte.
func TestSecretsAreCutOutAndPutBackHoweverTheyAreSpelt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.SampledFrom([]string{hookSecret, olderSecret}).Draw(t, "secret")
		space := rapid.SampledFrom([]string{"", " ", "\n\t"})
		text := `{"event"` + space.Draw(t, "a") + `:"A",` + space.Draw(t, "b") + `"secret":` + space.Draw(t, "c") + `"` + spelling(t, secret) +
			`","data":{"note":"x` + spelling(t, secret) + `y"}}`
		if !json.Valid([]byte(text)) {
			t.Fatalf("the test is wrong: %s", text)
		}
		got, err := newDecoder().Decode(bearing(hookBearer), []byte(text), false)
		if err != nil || len(got) != 1 || got[0].Trouble != "" {
			t.Fatalf("%+v, %v", got, err)
		}
		if n := strings.Count(got[0].Body.Reveal(), "\x00"); n != 4 {
			t.Fatalf("%d ends of marks, want 4: %q", n, got[0].Body.Reveal())
		}
		if sent, _ := forwarded(t, got[0]); sent != text {
			t.Fatalf("put back as %s, was %s", sent, text)
		}
	})
}
