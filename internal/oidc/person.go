package oidc

import (
	"context"
	"strings"
	"unicode"

	goidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/text/language"

	"portal/internal/identity"
)

// person is what claims say of somebody, besides their subject.
type person struct {
	email    identity.Email
	vouched  bool // it is said whether the address is verified
	verified bool
	name     identity.PersonName
	locale   string
}

// person reads what the claims say. What cannot be read is left out: nobody is kept from signing in by it.
func (p *Provider) person(c claims) person {
	names := p.o.Claims
	email, _ := identity.ParseEmail(c.text(names.Email)) // empty where it is none
	return person{
		email:    email,
		vouched:  c.has(names.EmailVerified),
		verified: c.flag(names.EmailVerified),
		name:     personName(c.text(names.Name)),
		locale:   locale(c.text(names.Locale)),
	}
}

// or fills what is missing from what another source says. An address comes with the word on it from one source: another
// one may speak of another address.
func (x person) or(other person) person {
	if other.email != "" && (x.email == "" || !x.vouched) {
		x.email, x.vouched, x.verified = other.email, other.vouched, other.verified
	}
	if x.name == "" {
		x.name = other.name
	}
	if x.locale == "" {
		x.locale = other.locale
	}
	return x
}

func (x person) complete() bool {
	return x.email != "" && x.vouched && x.name != "" && x.locale != ""
}

// tell says who has signed in. What the ID token does not tell is asked of the userinfo endpoint, where there is one.
func (p *Provider) tell(ctx context.Context, m *metadata, id claims, token *oauth2.Token) (person, error) {
	told := p.person(id)
	if told.complete() || m.library.UserInfoEndpoint() == "" {
		return told, nil
	}
	more, err := m.library.UserInfo(goidc.ClientContext(ctx, p.http), oauth2.StaticTokenSource(token))
	if err != nil {
		return person{}, away("userinfo", err)
	}
	var c claims
	if err := more.Claims(&c); err != nil {
		return person{}, away("userinfo", err)
	}
	if c.text("sub") != id.text("sub") {
		return person{}, refused("the userinfo endpoint speaks of somebody else (sub)")
	}
	return told.or(p.person(c)), nil
}

// maxPersonName is long enough for every name, and short enough for a page.
const maxPersonName = 200

// personName tidies a name: one line of visible signs. Marks that turn the direction of writing could dress the name up
// as another.
func personName(said string) identity.PersonName {
	visible := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, said)
	runes := []rune(strings.Join(strings.Fields(visible), " "))
	return identity.PersonName(strings.TrimSpace(string(runes[:min(len(runes), maxPersonName)])))
}

// maxLocale is longer than any language tag in use.
const maxLocale = 35

// locale reads a language tag, also as de_AT; what is none is left out.
func locale(said string) string {
	tag, err := language.Parse(said)
	if said == "" || len(said) > maxLocale || err != nil || tag == language.Und {
		return ""
	}
	return tag.String()
}
