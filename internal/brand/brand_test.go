package brand

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"testing/fstest"
)

const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 40"><circle cx="20" cy="20" r="20" fill="#1a4f8b"/></svg>`

func acme() Brand {
	return Brand{
		Name: "Acme Bank", Logo: "img/acme.svg", Accent: "#1a4f8b", SupportEmail: "help@acme.example", SupportPhone: "+49 (30) 123-456",
		PrivacyURL: "https://acme.example/privacy", ImprintURL: "https://acme.example/imprint", Address: "Acme Bank, 1 High Street",
	}
}

func TestCheckAcceptsAGoodBrand(t *testing.T) {
	if err := acme().Check(); err != nil {
		t.Fatal(err)
	}
}

func TestCheckAcceptsTheDemosLoopbackLinks(t *testing.T) {
	for _, host := range []string{"localhost", "collection.localhost:8090", "127.0.0.1:8090", "[::1]:8090"} {
		b := acme()
		b.PrivacyURL = "http://" + host + "/company/privacy"
		if err := b.Check(); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
}

func TestCheckNamesTheSettingAtFault(t *testing.T) {
	cases := map[string]func(*Brand){
		"name":          func(b *Brand) { b.Name = " " },
		"logo":          func(b *Brand) { b.Logo = "logo.exe" },
		"logo_dark":     func(b *Brand) { b.LogoDark = "logo.pdf" },
		"font":          func(b *Brand) { b.Font = `A"; } body {` },
		"font_files":    func(b *Brand) { b.Font, b.FontFiles = "Acme", map[string]string{"400": "acme.ttf"} },
		"text_size":     func(b *Brand) { b.TextSize = "13px" },
		"radius":        func(b *Brand) { b.Radius = "round" },
		"text":          func(b *Brand) { b.Text = "#999999" },
		"text_dark":     func(b *Brand) { b.TextDark = "#222222" },
		"accent_dark":   func(b *Brand) { b.AccentDark = "#1a4f8b" },
		"surface":       func(b *Brand) { b.Surface = "white" },
		"surface_dark":  func(b *Brand) { b.SurfaceDark = "#12" },
		"ground":        func(b *Brand) { b.Ground = "rgb(0,0,0)" },
		"ground_dark":   func(b *Brand) { b.GroundDark = "#gggggg" },
		"accent":        func(b *Brand) { b.Accent = "blue" },
		"support_email": func(b *Brand) { b.SupportEmail = "help at acme" },
		"support_phone": func(b *Brand) { b.SupportPhone = "call us" },
		"privacy_url":   func(b *Brand) { b.PrivacyURL = "http://acme.example/privacy" },
		"imprint_url":   func(b *Brand) { b.ImprintURL = "javascript:alert(1)" },
	}
	for setting, spoil := range cases {
		t.Run(setting, func(t *testing.T) {
			b := acme()
			spoil(&b)
			if err := b.Check(); err == nil || !strings.HasPrefix(err.Error(), "brand "+setting+":") {
				t.Errorf("Check() = %v, want a complaint about %s", err, setting)
			}
		})
	}
}

func TestCheckReportsAllProblemsAtOnce(t *testing.T) {
	err := Brand{}.Check()
	if n := strings.Count(fmt.Sprint(err), "brand "); n != 5 {
		t.Errorf("an empty brand has %d problems, want 5:\n%v", n, err)
	}
}

func TestCheckOffersAReadableAccent(t *testing.T) {
	b := acme()
	b.Accent = "#ff9900"
	message := fmt.Sprint(b.Check())
	if !strings.Contains(message, "1.9") {
		t.Errorf("the contrast is not told: %s", message)
	}
	at := strings.LastIndex(message, "#")
	b.Accent = message[at : at+7]
	if err := b.Check(); err != nil {
		t.Errorf("the colour offered is refused: %v", err)
	}
}

func TestContrastFollowsWCAG(t *testing.T) {
	cases := []struct {
		a, b string
		want float64
	}{
		{"#000000", "#ffffff", 21},
		{"#ffffff", "#ffffff", 1},
		{"#767676", "#ffffff", 4.54},
		{"#777777", "#ffffff", 4.48},
		{"#ff0000", "#ffffff", 4.00},
	}
	for _, c := range cases {
		a, _ := parseColour(c.a)
		b, _ := parseColour(c.b)
		if got := contrast(a, b); math.Abs(got-c.want) > 0.005 {
			t.Errorf("contrast(%s, %s) = %.3f, want %.2f", c.a, c.b, got, c.want)
		}
	}
}

func TestStylesheetIsTheSameEachTime(t *testing.T) {
	css := acme().Stylesheet()
	if !bytes.Equal(css, acme().Stylesheet()) {
		t.Error("two stylesheets of one brand differ")
	}
	if !bytes.Contains(css, []byte("--accent: #1a4f8b;")) || bytes.Contains(css, []byte("%!")) {
		t.Errorf("stylesheet:\n%s", css)
	}
}

func TestAssetsHoldTheLogo(t *testing.T) {
	b := acme()
	assets, err := b.Assets(fstest.MapFS{"img/acme.svg": {Data: []byte(svg)}})
	if err != nil || string(assets[b.LogoAsset()]) != svg || b.LogoAsset() != "logo.svg" {
		t.Errorf("assets %v, %v", assets, err)
	}
	if _, err := b.Assets(fstest.MapFS{}); err == nil {
		t.Error("a missing logo goes unnoticed")
	}
}

func TestAssetsDoWithoutALogo(t *testing.T) {
	b := acme()
	b.Logo = ""
	assets, err := b.Assets(nil)
	if err != nil || len(assets) != 2 || b.LogoAsset() != "" {
		t.Errorf("assets %v, %v", assets, err)
	}
}

func TestIconIsWellFormedForAnyName(t *testing.T) {
	for _, name := range []string{"Acme", "<script>", "&Co", "", "élan", "株式会社"} {
		b := acme()
		b.Name = name
		d := xml.NewDecoder(bytes.NewReader(b.Icon()))
		for {
			_, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%q: %v\n%s", name, err, b.Icon())
			}
		}
	}
}
