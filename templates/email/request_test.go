package email

import (
	"context"
	"fmt"
	"image/color"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"portal/internal/brand"
	"portal/internal/i18n"
)

func requestView() RequestView {
	b := view().Brand
	b.EmailLogoURL, b.EmailLogoWidth, b.EmailLogoHeight = "https://acme.example/logo.png", 160, 40
	return RequestView{Brand: b, Page: "https://www.acme.example/onboarding", Text: "{{text}}", Link: "{% link & more %}", Days: 90}
}

func rendered(t interface {
	Helper()
	Fatal(args ...any)
}, ctx context.Context, v RequestView,
) string {
	t.Helper()
	var b strings.Builder
	if err := Request(v).Render(ctx, &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestRequestsAreWholeInEveryLanguage(t *testing.T) {
	eachLocale(t, func(t *testing.T, ctx context.Context) {
		v := requestView()
		page, text := rendered(t, ctx, v), RequestText(ctx, v)
		wordsOnly(t, strings.ReplaceAll(text, v.Text, ""))
		wordsOnly(t, strings.ReplaceAll(page, v.Text, ""))
		wordsOnly(t, RequestSubject(ctx, v))
		wellFormed(t, strings.ReplaceAll(page, v.Link, "link"))
		for _, want := range []string{v.Page, "help@acme.example", "High Street 1", "https://acme.example/imprint", i18n.T(ctx, "email.request.valid", "count", 90)} {
			if !strings.Contains(text, want) || !strings.Contains(page, want) {
				t.Errorf("%q is missing:\n%s", want, text)
			}
		}
		if strings.Count(page, v.Text) != 1 || strings.Count(text, v.Text) != 1 || strings.Count(text, v.Link) != 1 {
			t.Errorf("the marks are not once in\n%s", text)
		}
		if strings.Count(page, `href="`+v.Link+`"`) != 2 {
			t.Error("the link is not in the button and in Outlook's")
		}
	})
}

func TestEveryTableSaysItsDirectionInArabic(t *testing.T) {
	arabic, ok := i18n.BuiltIn.Named("ar")
	if !ok {
		t.Fatal("no Arabic")
	}
	page := rendered(t, i18n.With(t.Context(), arabic), requestView())
	for _, want := range []string{`<html lang="ar" dir="rtl">`, `<table class="card" role="presentation" width="100%" dir="rtl"`, `<table class="footer" role="presentation" width="100%" dir="rtl"`, `<strong dir="ltr"`} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is missing", want)
		}
	}
	for _, wrong := range []string{`align="left"`, `align="right"`, "text-align:left", "text-align:right", "margin-left", "margin-right"} {
		if strings.Contains(page, wrong) {
			t.Errorf("%s stands in an e-mail of either direction", wrong)
		}
	}
}

func TestTheLogoIsAPictureOrTheName(t *testing.T) {
	v := requestView()
	if page := rendered(t, t.Context(), v); !strings.Contains(page, `<img src="https://acme.example/logo.png" alt="Studio 654321 &amp; Co" width="160" height="40"`) {
		t.Errorf("no picture:\n%s", page)
	}
	v.Brand.EmailLogoURL = ""
	if page := rendered(t, t.Context(), v); strings.Contains(page, "<img") || !strings.Contains(page, `>Studio 654321 &amp; Co</td>`) {
		t.Errorf("no name:\n%s", page)
	}
}

func TestButtonsGoWithTheBrand(t *testing.T) {
	for radius, want := range map[string]string{
		"": "border-radius:8px", "0": "border-radius:0px", "12px": "border-radius:12px", "99px": "border-radius:24px", "4.5px": "border-radius:5px",
		"0.5rem": "border-radius:8px", "0.3rem": "border-radius:5px", "9rem": "border-radius:24px",
	} {
		b := view().Brand
		b.Radius = radius
		if got := link(b, "x", "Open"); !strings.Contains(got, want) {
			t.Errorf("%q: %s", radius, got)
		}
	}
	if narrow, wide := widthOf("abcd"), widthOf("打开表单"); narrow >= wide || narrow < 2*buttonPadding {
		t.Errorf("Outlook's buttons are %d and %d wide", narrow, wide)
	}
}

// TestEverythingReadsOnEveryBrand draws brands that the portal takes, and looks at every pair of colours in their e-mails.
func TestEverythingReadsOnEveryBrand(t *testing.T) {
	accepted := 0
	rapid.Check(t, func(t *rapid.T) {
		b := drawBrand(t)
		if b.Check() != nil {
			return
		}
		accepted++
		light, dark := b.Colours()
		pairs := [][2]string{{b.OnAccent(), b.Accent}}
		for _, c := range []brand.Colours{light, dark} {
			pairs = append(pairs, [2]string{c.Text, c.Surface}, [2]string{c.Text, c.Ground}, [2]string{c.Muted, c.Ground}, [2]string{c.Muted, c.Surface})
		}
		for _, pair := range pairs {
			if got := contrast(pair[0], pair[1]); got < 4.5 {
				t.Errorf("%s on %s has a contrast of %.2f", pair[0], pair[1], got)
			}
		}
	})
	if accepted < 20 {
		t.Errorf("%d brands that are drawn are accepted, which says nothing", accepted)
	}
}

// drawBrand has light and dark colours, as designers choose them: of those from the middle hardly any pair reads.
func drawBrand(t *rapid.T) brand.Brand {
	paper, ink := rapid.Uint8Range(0xd8, 0xff), rapid.Uint8Range(0, 0x50)
	hex := func(name string, channel *rapid.Generator[uint8]) string {
		return fmt.Sprintf("#%02x%02x%02x", channel.Draw(t, name+" r"), channel.Draw(t, name+" g"), channel.Draw(t, name+" b"))
	}
	b, surfaces := view().Brand, rapid.Bool().Draw(t, "surfaces")
	if surfaces && rapid.Bool().Draw(t, "dark") {
		paper, ink = ink, paper
	}
	b.Accent = hex("accent", rapid.OneOf(ink, ink, rapid.Uint8()))
	if surfaces {
		b.Ground, b.Surface, b.Text = hex("ground", paper), hex("surface", paper), hex("text", ink)
	}
	return b
}

func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(hex string) float64 {
	var c color.RGBA
	_, _ = fmt.Sscanf(hex, "#%02x%02x%02x", &c.R, &c.G, &c.B)
	linear := func(v uint8) float64 {
		if v <= 10 {
			return float64(v) / 255 / 12.92
		}
		return math.Pow((float64(v)/255+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

func TestTheDarkIsTheBrandsInEveryMailProgram(t *testing.T) {
	v := requestView()
	v.Brand.SurfaceDark, v.Brand.TextDark = "#101820", "#fafbfc"
	page := rendered(t, t.Context(), v)
	ofMost, ofOutlook, parted := strings.Cut(page, "</style>\n<style>")
	if !parted || !strings.Contains(ofMost, ".card { background-color: #101820 !important;") || strings.Contains(ofMost, "[data-") {
		t.Error("what Gmail knows must be in a style element of its own")
	}
	if !strings.Contains(ofOutlook, "[data-ogsc] .text { color: #fafbfc !important; }") {
		t.Error("nothing is said to Outlook's apps")
	}
}
