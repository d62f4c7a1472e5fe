package brand

import (
	"encoding/binary"
	"testing"
	"testing/fstest"
)

// woff2 is the header of a font that says how long it is.
func woff2(length int) []byte {
	b := make([]byte, length)
	copy(b, "wOF2")
	binary.BigEndian.PutUint32(b[8:], uint32(length))
	return b
}

func TestFontsAreWholeOrRefused(t *testing.T) {
	t.Parallel()
	if err := CheckFont(woff2(100)); err != nil {
		t.Error(err)
	}
	for name, content := range map[string][]byte{"cut off": woff2(100)[:90], "empty": nil, "TrueType": make([]byte, 100), "header alone": []byte("wOF2")} {
		if CheckFont(content) == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestAssetsHoldTheFontsAndTheDarkLogo(t *testing.T) {
	t.Parallel()
	b := acme()
	b.Font, b.FontFiles, b.LogoDark = "Acme", map[string]string{"100 900": "fonts/acme.woff2"}, "img/night.svg"
	files := fstest.MapFS{"img/acme.svg": {Data: []byte(svg)}, "img/night.svg": {Data: []byte(svg)}, "fonts/acme.woff2": {Data: woff2(64)}}
	assets, err := b.Assets(files)
	if err != nil || len(assets) != 5 || assets[b.FontAsset()] == nil || assets[b.LogoDarkAsset()] == nil {
		t.Errorf("%d assets, %v", len(assets), err)
	}
	company := b.For("company", Brand{Accent: "#7a1f5c"})
	if company.FontAsset() != b.FontAsset() || company.LogoAsset() == b.LogoAsset() || company.LogoDarkAsset() != "dark-logo-company.svg" {
		t.Errorf("the flow's: %s, %s, %s", company.FontAsset(), company.LogoAsset(), company.LogoDarkAsset())
	}
	files["fonts/acme.woff2"].Data = []byte("not a font")
	if _, err := b.Assets(files); err == nil {
		t.Error("a file that is no font is served as one")
	}
	files["img/night.svg"].Data = []byte("<svg><script/></svg>")
	if _, err := b.Assets(files); err == nil {
		t.Error("a logo with a script is served")
	}
}

func TestFontsOfTwoFilesHaveTwoNames(t *testing.T) {
	t.Parallel()
	if a, b := fontAsset("a/b.woff2"), fontAsset("a-b.woff2"); a == b {
		t.Errorf("both are %s", a)
	}
}

func TestWeightsAreThoseOfCSS(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]bool{
		"400": true, "900": true, "100 900": true, "350 650": true, "": false, "450": false, "0": false, "1000": false, "900 100": false, "bold": false, "400 ": false,
	} {
		if _, _, ok := weights(key); ok != want {
			t.Errorf("%q: %t", key, ok)
		}
	}
}

func TestAFontWithoutARegularWeightIsAProblem(t *testing.T) {
	t.Parallel()
	b := acme()
	b.Font, b.FontFiles = "Acme", map[string]string{"700": "bold.woff2"}
	if b.Check() == nil {
		t.Error("it is not")
	}
}

func TestWhatGoesWithAnotherThingDoesNotStayWithoutIt(t *testing.T) {
	t.Parallel()
	b := acme()
	b.AccentDark, b.LogoDark, b.LogoAlt = "#9cc4ff", "night.svg", "Acme"
	own := b.For("company", Brand{Accent: "#7a1f5c", Logo: "company.svg"})
	if own.AccentDark != "" || own.LogoDark != "" || own.LogoAlt != "" {
		t.Errorf("%+v", own)
	}
	b.EmailLogoURL, b.EmailLogoWidth, b.EmailLogoHeight = "https://acme.example/logo.png", 120, 40
	if own := b.For("company", Brand{Logo: "company.svg"}); own.EmailLogoURL != "" || own.EmailLogoWidth != 0 || own.EmailLogoHeight != 0 {
		t.Errorf("e-mails keep the other logo: %+v", own)
	}
	if own := b.For("company", Brand{EmailLogoURL: "https://acme.example/b.png"}); own.EmailLogoURL == "" || own.EmailLogoWidth != 0 || own.EmailLogoHeight != 0 {
		t.Errorf("e-mails keep the other logo's size: %+v", own)
	}
	if same := b.For("company", Brand{EmailLogoWidth: 90}); same.EmailLogoURL != b.EmailLogoURL || same.EmailLogoHeight != b.EmailLogoHeight {
		t.Errorf("%+v", same)
	}
	if same := b.For("company", Brand{Name: "Acme Business"}); same.AccentDark != b.AccentDark || same.LogoDark != b.LogoDark {
		t.Errorf("%+v", same)
	}
}
