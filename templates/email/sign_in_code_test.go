package email

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"portal/internal/brand"
	"portal/internal/i18n"
)

func view() SignInCodeView {
	return SignInCodeView{
		Brand: brand.Brand{
			Name: "Studio 654321 & Co", Accent: "#1a4f8b", SupportEmail: "help@acme.example", PrivacyURL: "https://acme.example/privacy",
			ImprintURL: "https://acme.example/imprint", Address: "Acme\nHigh Street 1\n123456 Town",
		},
		Code: "482915", Minutes: 10,
	}
}

func eachLocale(t *testing.T, check func(t *testing.T, ctx context.Context)) {
	for _, l := range i18n.BuiltIn.Locales() {
		t.Run(l.Lang(), func(t *testing.T) { check(t, i18n.With(context.Background(), l)) })
	}
}

// sixDigits is how people's tools find the code: a run of exactly six digits.
var sixDigits = regexp.MustCompile(`(?:^|[^0-9])([0-9]{6})(?:[^0-9]|$)`)

func TestTextBeginsWithTheCode(t *testing.T) {
	eachLocale(t, func(t *testing.T, ctx context.Context) {
		text := SignInCodeText(ctx, view())
		if found := sixDigits.FindStringSubmatch(text); found == nil || found[1] != "482915" {
			t.Errorf("the first six digits are %v:\n%s", found, text)
		}
		for _, want := range []string{i18n.T(ctx, "email.code.use", "count", 10), "Studio 654321 & Co", "help@acme.example"} {
			if !strings.Contains(strings.ToLower(text), strings.ToLower(want)) {
				t.Errorf("%q is missing:\n%s", want, text)
			}
		}
		wordsOnly(t, text)
	})
}

func TestSubjectHidesTheCode(t *testing.T) {
	eachLocale(t, func(t *testing.T, ctx context.Context) {
		subject := SignInCodeSubject(ctx, view())
		if strings.Contains(subject, "482915") || !strings.Contains(subject, "Studio 654321 & Co") {
			t.Error(subject)
		}
		wordsOnly(t, subject)
	})
}

func TestHTMLIsWholeAndInTheLanguage(t *testing.T) {
	eachLocale(t, func(t *testing.T, ctx context.Context) {
		var b strings.Builder
		if err := SignInCode(view()).Render(ctx, &b); err != nil {
			t.Fatal(err)
		}
		page := b.String()
		wellFormed(t, page)
		for _, want := range []string{`<html lang="` + i18n.From(ctx).Lang() + `" dir="` + i18n.From(ctx).Dir() + `">`, ">482915<", "#1a4f8b", "help@acme.example", "Studio 654321 &amp; Co"} {
			if !strings.Contains(page, want) {
				t.Errorf("%s is missing", want)
			}
		}
		if strings.Contains(page, "<img") || strings.Contains(page, "<script") {
			t.Error("the e-mail loads something")
		}
		wordsOnly(t, page)
	})
}

var unreadable = regexp.MustCompile(`\{[a-z]+\}|\b(email|layout)\.[a-z_]+\b`)

func wordsOnly(t *testing.T, text string) {
	t.Helper()
	if found := unreadable.FindString(text); found != "" {
		t.Errorf("%s is not words", found)
	}
}

var void = regexp.MustCompile(`<(meta|br|img)([^>]*)>`)

func wellFormed(t *testing.T, page string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(void.ReplaceAllString(page, "<$1$2/>")))
	d.Entity = xml.HTMLEntity
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
