package brand

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// pairs is everything that stands on something in the stylesheets, with the contrast that it must have.
func (p palette) pairs() map[string]float64 {
	ratios := map[string]float64{}
	note := func(what string, over, under colour, need float64) {
		ratios[fmt.Sprintf("%s (%s on %s)", what, over, under)] = contrast(over, under) / need
	}
	for name, under := range map[string]colour{"surface": p.surface, "ground": p.ground} {
		for what, over := range map[string]colour{"text": p.text, "muted": p.muted, "accent": p.accent, "danger": p.danger, "good": p.good} {
			note(what+" on "+name, over, under, readable)
		}
		note("edge on "+name, p.edge, under, visible)
	}
	note("strong on surface", p.strong, p.surface, readable)
	note("text on a button", p.onAccent, p.accent, readable)
	note("text on a button under a pointer", p.onAccent, p.strong, readable)
	note("text on soft", p.text, p.soft, readable)
	note("accent on soft", p.accent, p.soft, readable)
	note("strong on soft", p.strong, p.soft, readable)
	note("text on danger-soft", p.text, p.dangerSoft, readable)
	note("danger on danger-soft", p.danger, p.dangerSoft, readable)
	note("text on good-soft", p.text, p.goodSoft, readable)
	note("good on good-soft", p.good, p.goodSoft, readable)
	return ratios
}

// drawBrand is a brand with any of the colours set, to anything.
func drawBrand(t *rapid.T) Brand {
	b := acme()
	b.Accent = drawColour(t, "accent")
	for i, setting := range []*string{&b.AccentDark, &b.Ground, &b.GroundDark, &b.Surface, &b.SurfaceDark, &b.Text, &b.TextDark} {
		if rapid.IntRange(0, 2).Draw(t, fmt.Sprint("set ", i)) == 0 {
			*setting = drawColour(t, fmt.Sprint("colour ", i))
		}
	}
	return b
}

// drawColour likes the ends of the scale, as designers do: of colours from the middle hardly any pair reads.
func drawColour(t *rapid.T, label string) string {
	channel := rapid.OneOf(rapid.Uint8(), rapid.Uint8Range(0, 0x30), rapid.Uint8Range(0xd8, 0xff))
	return colour{channel.Draw(t, label+" r"), channel.Draw(t, label+" g"), channel.Draw(t, label+" b")}.String()
}

func TestEverythingReadsInEveryBrandThatIsAccepted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := drawBrand(t)
		if b.Check() != nil {
			return
		}
		for scheme, p := range map[string]palette{"light": b.light(), "dark": b.dark()} {
			for what, ratio := range p.pairs() {
				if ratio < 0.999 {
					t.Errorf("%s: %s has %.2f of the contrast it needs\n%+v", scheme, what, ratio, b)
				}
			}
		}
	})
}

func TestTheColourThatIsOfferedIsAccepted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := drawBrand(t)
		settings := map[string]*string{"text": &b.Text, "text_dark": &b.TextDark, "accent": &b.Accent, "accent_dark": &b.AccentDark}
		for range 4 { // a colour that is mended may change what is derived from it
			for _, p := range b.Problems() {
				if offer, ok := strings.CutSuffix(p.Mend, " would do"); ok {
					*settings[p.Setting] = offer
				}
			}
		}
		for _, p := range b.Problems() {
			if !strings.HasPrefix(p.Mend, "nothing reads") {
				t.Errorf("%v\n%+v", p, b)
			}
		}
	})
}

func TestTheUsualColoursStayWhereNoneAreSet(t *testing.T) {
	t.Parallel()
	css := string(acme().Stylesheet())
	for _, declared := range []string{
		"--ground: #f3f5f7;", "--surface: #ffffff;", "--text: #1a2028;", "--muted: #4d5865;", "--line: #d5dbe2;", "--edge: #6b7785;",
		"--danger: #a8201a;", "--danger-soft: #fdf2f1;", "--good: #1b6637;", "--good-soft: #edf7f0;", "--on-accent: #ffffff;",
		"--ground: #12161b;", "--surface: #1b2027;", "--text: #e8ebef;", "--muted: #aab4c0;", "--line: #39424e;", "--edge: #8592a1;",
		"--danger: #ffa59d;", "--danger-soft: #321f20;", "--good: #86d7a4;", "--good-soft: #18291f;",
		"--radius: 0.5rem;", "--text-size: 100%;", "--font: system-ui,", "color-scheme: light;", "color-scheme: dark;",
	} {
		if !strings.Contains(css, declared) {
			t.Errorf("%s is not in the stylesheet:\n%s", declared, css)
		}
	}
}

func TestABrandThatIsDarkStaysSo(t *testing.T) {
	t.Parallel()
	b := acme()
	b.Surface, b.Accent = "#10182b", "#7fb2ff"
	if err := b.Check(); err != nil {
		t.Fatal(err)
	}
	day, night := b.light(), b.dark()
	if day != night || b.OnAccent() != ink.String() {
		t.Errorf("light %+v\ndark %+v\non the accent %s", day, night, b.OnAccent())
	}
	if bytes.Contains(b.Stylesheet(), []byte("color-scheme: light")) {
		t.Error("the browser's own controls are light on a dark page")
	}
}

func TestStylesheetTakesWhatIsSet(t *testing.T) {
	t.Parallel()
	b := acme()
	b.TextSize, b.Radius, b.Font = "18px", "0", "Acme Sans"
	b.FontFiles = map[string]string{"700": "fonts/bold.woff2", "400": "fonts/regular.woff2"}
	b.AccentDark, b.SurfaceDark = "#9cc4ff", "#101418"
	if err := b.Check(); err != nil {
		t.Fatal(err)
	}
	css := string(b.Stylesheet())
	for _, declared := range []string{
		"--text-size: 112.5%;", "--radius: 0px;", `--font: "Acme Sans", system-ui`, "--accent: #9cc4ff;", "--surface: #101418;",
		`src: url("asset:font-fonts~regular.woff2") format("woff2"); font-weight: 400; font-display: optional;`, "font-weight: 700;",
	} {
		if !strings.Contains(css, declared) {
			t.Errorf("%s is not in the stylesheet:\n%s", declared, css)
		}
	}
	if b.FontAsset() != "font-fonts~regular.woff2" {
		t.Errorf("running text is in %q", b.FontAsset())
	}
}
