package templates_test

import (
	"bytes"
	"context"
	"testing"

	"portal/internal/brand"
	"portal/internal/i18n"
	"portal/static"
	"portal/templates"
)

// BenchmarkForm is what it takes to render the page with a form, which is the largest that people look at again and again.
func BenchmarkForm(b *testing.B) {
	br := brand.Brand{Name: "Northlight", Accent: "#0b5c57", SupportEmail: "help@northlight.example", PrivacyURL: "https://northlight.example/privacy", ImprintURL: "https://northlight.example/imprint"}
	assets, err := br.Assets(nil)
	if err != nil {
		b.Fatal(err)
	}
	site := templates.Site{Brand: br, Base: "/onboarding", Assets: static.New(assets), Languages: i18n.BuiltIn, Parts: &templates.Parts{}}
	de, _ := i18n.BuiltIn.Named("de")
	b.ReportAllocs()
	for b.Loop() {
		ctx := i18n.With(templates.At(templates.With(context.Background(), site), "/onboarding"), de)
		var buf bytes.Buffer
		v := templates.LoaderView{EmbedURL: "https://c.example/embed.js", Request: templates.CustomerRequest{RequestID: "r", APIKey: "k"}, StatusURL: "/onboarding/status?flow=individual", Status: "open", Title: "Konto", Account: templates.Account{In: true, Name: "ada@example.com"}, Reference: "0198"}
		if err := templates.Loader(v).Render(ctx, &buf); err != nil {
			b.Fatal(err)
		}
	}
}
