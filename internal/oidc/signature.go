package oidc

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"strings"

	goidc "github.com/coreos/go-oidc/v3/oidc"
)

// maxToken is far above what providers send, and below what it would cost anybody to check.
const maxToken = 64 << 10

// signed is a token whose signature is the provider's; nothing else of it has been checked.
type signed struct {
	claims
	kind    string // as its header says (typ)
	library *goidc.IDToken
}

// authentic checks a token's signature. The library checks nothing else here: token.go does, with a reason for each.
func (p *Provider) authentic(ctx context.Context, m *metadata, raw string) (signed, error) {
	w := &witness{keys: m.keys}
	library, err := goidc.NewVerifier(p.o.Issuer, w, &goidc.Config{
		SupportedSigningAlgs: m.Algorithms,
		SkipIssuerCheck:      true,
		SkipClientIDCheck:    true,
		SkipExpiryCheck:      true,
	}).Verify(ctx, raw)
	if err != nil {
		return signed{}, w.reason()
	}
	s := signed{kind: kind(raw), library: library}
	if err := library.Claims(&s.claims); err != nil {
		return signed{}, refused("a token's claims cannot be read")
	}
	return s, nil
}

// compact says whether the text could be a signed token at all, before anybody is called for it.
func compact(raw string) bool {
	return len(raw) <= maxToken && strings.Count(raw, ".") == 2 && !strings.ContainsAny(raw, "{ \t\r\n")
}

// unknownKind stands for whatever a header says of its kind without a word.
const unknownKind = "?"

// kind reads the header of a token that the library has taken for one.
func kind(raw string) string {
	head, _, _ := strings.Cut(raw, ".")
	b, err := base64.RawURLEncoding.DecodeString(head)
	var header claims
	if err != nil || json.Unmarshal(b, &header) != nil || header.has("typ") && header.text("typ") == "" {
		return unknownKind
	}
	return strings.TrimPrefix(strings.ToLower(header.text("typ")), "application/")
}

// witness remembers how the check of a signature went: the library's errors are texts that quote the token.
type witness struct {
	keys  goidc.KeySet
	asked bool
	err   error
}

// VerifySignature has the keys check it.
func (w *witness) VerifySignature(ctx context.Context, jwt string) ([]byte, error) {
	w.asked = true
	var payload []byte
	payload, w.err = w.keys.VerifySignature(ctx, jwt)
	return payload, w.err
}

// reason says why the library did not believe a token.
func (w *witness) reason() error {
	switch {
	case !w.asked:
		return refused("a token is malformed, or its algorithm is not to be believed")
	case w.err == nil:
		return refused("a token's claims cannot be read")
	case unfetched(w.err):
		return away("keys", w.err)
	}
	return refused("a token's signature is not the provider's")
}

// unfetched tells keys that could not be had from keys that do not fit.
func unfetched(err error) bool {
	_, ok := errors.AsType[*url.Error](err)
	return ok || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
