// Package templates is what the applicant sees: one file per page, each with the struct that says what the page shows. README.md beside this file
// explains how to change them. Components call nothing and decide nothing; what they need comes in the struct, the texts from internal/i18n, and
// everything that is the same on all pages (company, addresses, assets) from the Site in the context.
package templates

import (
	"context"

	"portal/internal/brand"
	"portal/internal/i18n"
	"portal/static"
)

// Site is what all pages of a portal share.
type Site struct {
	Brand brand.Brand
	// Base is the path of the portal's public URL without a slash at its end: "/onboarding", or "" at the root.
	Base string
	// Assets are the static files, those of the brand among them.
	Assets *static.Set
	// Languages are those to choose from.
	Languages *i18n.Languages
	// Parts are those that all pages have in common; nil where each is rendered for itself.
	Parts *Parts
	// Live says that pages are told of changes; otherwise they ask.
	Live bool
}

type siteKey struct{}

// With carries the site to every page rendered in ctx. Pages rendered without one panic.
func With(ctx context.Context, s Site) context.Context {
	return context.WithValue(ctx, siteKey{}, &s)
}

// From is the site that ctx carries.
func From(ctx context.Context) Site { return *site(ctx) }

type hereKey struct{}

// At tells the page in ctx its own address, to which a change of language leads back. A page that is not told one offers
// no other language.
func At(ctx context.Context, address string) context.Context {
	return context.WithValue(ctx, hereKey{}, address)
}

func here(ctx context.Context) string {
	address, _ := ctx.Value(hereKey{}).(string)
	return address
}

type unscriptedKey struct{}

// Unscripted has a page move on by itself where there is no JavaScript, as a Refresh header would say it: "5;url=/onboarding".
// It is for pages with a script that does so sooner, or need not at all.
func Unscripted(ctx context.Context, refresh string) context.Context {
	return context.WithValue(ctx, unscriptedKey{}, refresh)
}

func unscripted(ctx context.Context) string {
	refresh, _ := ctx.Value(unscriptedKey{}).(string)
	return refresh
}

func site(ctx context.Context) *Site {
	return ctx.Value(siteKey{}).(*Site)
}

func company(ctx context.Context) string {
	return site(ctx).Brand.Name
}

// path is an address of ours: path(ctx, "/sign-in") is "/onboarding/sign-in".
func path(ctx context.Context, below string) string {
	if address := site(ctx).Base + below; address != "" {
		return address
	}
	return "/"
}

// asset is the address of a static file.
func asset(ctx context.Context, name string) string {
	s := site(ctx)
	return s.Base + s.Assets.URL(name)
}

// integrity is what the page says of a static file.
func integrity(ctx context.Context, name string) string { return site(ctx).Assets.Integrity(name) }
