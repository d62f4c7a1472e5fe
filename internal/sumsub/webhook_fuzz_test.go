package sumsub_test

import (
	"crypto/sha256"
	"errors"
	"strings"
	"testing"

	"portal/internal/inbox"
)

// FuzzWebhook holds that no delivery has the decoder panic, that none counts without its digest, and that whatever has its
// digest becomes one message that can be stored, with the bytes as they came.
func FuzzWebhook(f *testing.F) {
	for _, seed := range []string{
		"", "null", "[]", "{}", reviewed, `{"type":"applicantPending","applicantId":1e9,"createdAtMs":"2020"}`,
		`{"type":"\u0000","applicantId":"\ud800"}`, `{"type":"x","applicantId":"a/b","createdAtMs":"c/d","kytTxnId":-1}`,
	} {
		f.Add([]byte(seed), "HMAC_SHA256_HEX", digest(sha256.New, hookSecret, seed))
	}
	f.Add([]byte(reviewed), "HMAC_SHA512_HEX", "\xff")
	d := newDecoder()
	f.Fuzz(func(t *testing.T, body []byte, algorithm, shown string) {
		p := inbox.Proof{Digest: shown, Algorithm: algorithm}
		genuine := strings.EqualFold(shown, proof(string(body)).Digest)
		if got, err := d.Decode(p, body, false); !genuine && (!errors.Is(err, inbox.ErrForged) || got != nil) {
			t.Fatalf("forged: %d messages, %v", len(got), err)
		}
		got, err := d.Decode(proof(string(body)), body, false)
		if err != nil || len(got) != 1 {
			t.Fatalf("%d messages, %v", len(got), err)
		}
		m := got[0]
		if m.ID == "" || m.Body.Reveal() != string(body) || (m.Trouble == "") == (m.Event == "") {
			t.Fatalf("cannot be stored: %+v", m)
		}
		if facts := m.ID + m.Event + m.Profile + m.CustomerRef; strings.ContainsAny(facts, "\x00\n") || len(m.ID) > 2100 {
			t.Fatalf("cannot be stored: %+v", m)
		}
		if again, err := d.DecodeAgain(m.Body); err != nil || len(again) != 1 || again[0] != m {
			t.Fatalf("read otherwise the second time: %+v, %v", again, err)
		}
	})
}
