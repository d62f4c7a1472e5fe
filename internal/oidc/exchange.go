package oidc

import (
	"context"
	"errors"
	"slices"

	goidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"portal/internal/identity"
)

// Exchange redeems the code with which the browser came back, and says who it is.
func (p *Provider) Exchange(ctx context.Context, c identity.Challenge, code, issuer string) (identity.Claims, error) {
	m, err := p.discovery.metadata(ctx)
	if err != nil {
		return identity.Claims{}, err
	}
	if err := p.checkSender(m, issuer); err != nil {
		return identity.Claims{}, err
	}
	token, err := p.redeem(ctx, m, c, code)
	if err != nil {
		return identity.Claims{}, err
	}
	id, raw, err := p.idToken(ctx, m, c, token)
	if err != nil {
		return identity.Claims{}, err
	}
	who, err := p.tell(ctx, m, id, token)
	if err != nil {
		return identity.Claims{}, err
	}
	return p.claims(id, raw, who), nil
}

func (p *Provider) claims(id claims, raw identity.Token, who person) identity.Claims {
	return identity.Claims{
		Issuer:        p.o.Issuer,
		Subject:       identity.Subject(p.subject(id)),
		Email:         who.email,
		EmailVerified: who.verified && who.email != "",
		Name:          who.name,
		Locale:        who.locale,
		Provider:      identity.ProviderSession{Name: p.o.Name, ID: id.text("sid"), IDToken: raw},
	}
}

// checkSender applies RFC 9207: a code of one provider must not be taken to another.
func (p *Provider) checkSender(m *metadata, issuer string) error {
	return first(
		check{issuer != "" || !m.NamesSelf, "it does not say who it is from (iss)"},
		check{issuer == "" || issuer == p.o.Issuer, "it is from another issuer (iss)"},
	)
}

func (p *Provider) redeem(ctx context.Context, m *metadata, c identity.Challenge, code string) (*oauth2.Token, error) {
	token, err := p.client(m).Exchange(goidc.ClientContext(ctx, p.http), code, oauth2.VerifierOption(c.Verifier.Reveal()))
	if e, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		return nil, rejection(e.ErrorCode)
	}
	if err != nil {
		return nil, away("redeeming a code", err)
	}
	return token, nil
}

// rejections are the errors of a token endpoint (RFC 6749, 5.2) that say something is set up wrongly.
var rejections = []string{"invalid_request", "invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope"}

// rejection puts the error of a token endpoint into our words. What is not in the standard is not repeated.
func rejection(code string) error {
	if code == "invalid_grant" {
		return refused("the code is not, or no longer, good")
	}
	if !slices.Contains(rejections, code) {
		code = "an error of its own"
	}
	return awayBecause("redeeming a code", "it answers "+code)
}

// idToken checks the ID token that came with the code's other tokens.
func (p *Provider) idToken(ctx context.Context, m *metadata, c identity.Challenge, token *oauth2.Token) (claims, identity.Token, error) {
	raw, _ := token.Extra("id_token").(string)
	if !compact(raw) {
		return nil, "", refused("there is no ID token")
	}
	s, err := p.authentic(ctx, m, raw)
	if err != nil {
		return nil, "", err
	}
	if err := p.checkIDToken(s, c, token.AccessToken); err != nil {
		return nil, "", err
	}
	return s.claims, identity.Token(raw), nil
}
