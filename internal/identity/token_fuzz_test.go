package identity_test

import (
	"strings"
	"testing"

	"portal/internal/identity"
)

// What is in an address is a stranger's: only what looks like a token of ours is looked up, and all of ours does.
func FuzzParseToken(f *testing.F) {
	f.Add("")
	f.Add("AAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Add("AAAAAAAAAAAAAAAAAAAAAAAAAA\n")
	f.Add("../../../../../../../../aa")
	f.Add(identity.NewToken().Reveal())
	f.Fuzz(func(t *testing.T, text string) {
		token, ok := identity.ParseToken(text)
		ours := len(text) == 26 && strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == ""
		if ok != ours || token.Reveal() != text {
			t.Errorf("%q is a token: %v, want %v", text, ok, ours)
		}
		if fresh := identity.NewToken(); !parses(fresh) {
			t.Errorf("a fresh token is none")
		}
	})
}

func parses(t identity.Token) bool {
	_, ok := identity.ParseToken(t.Reveal())
	return ok
}
