package static

import (
	"net/http"
	"strings"
	"testing"
)

func TestStylesheetsNameOtherAssetsByTheirAddress(t *testing.T) {
	t.Parallel()
	s := New(map[string][]byte{
		"brand.css":            []byte(`@font-face { src: url("asset:font-a~400.woff2") format("woff2"); }`),
		"font-a~400.woff2":     []byte("wOF2"),
		"font-a-400-two.woff2": []byte("wOF2, two"),
	})
	css := string(body(t, get(s, http.MethodGet, s.URL("brand.css"), "identity")))
	want := `url("` + strings.TrimPrefix(s.URL("font-a~400.woff2"), prefix) + `")`
	if !strings.Contains(css, want) || strings.Contains(css, "asset:") {
		t.Errorf("%s is not in %s", want, css)
	}
	if r := get(s, http.MethodGet, s.URL("font-a~400.woff2"), ""); r.Header.Get("Content-Type") != "font/woff2" {
		t.Errorf("the font is a %s", r.Header.Get("Content-Type"))
	}
}

// A font that changes must change the stylesheet's address, too, or browsers would go on asking for the old one.
func TestStylesheetsChangeWithWhatTheyName(t *testing.T) {
	t.Parallel()
	of := func(font string) string {
		return New(map[string][]byte{"brand.css": []byte(`url("asset:f.woff2")`), "f.woff2": []byte(font)}).URL("brand.css")
	}
	if of("one") == of("two") {
		t.Error("the address stays")
	}
}

func TestAReferenceToNothingPanics(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	New(map[string][]byte{"brand.css": []byte(`url("asset:lost.woff2")`)})
}

func TestStylesheetsAreThoseOfTheFolder(t *testing.T) {
	t.Parallel()
	if len(Stylesheets()["css/app.css"]) == 0 {
		t.Errorf("%d stylesheets, and none is app.css", len(Stylesheets()))
	}
}
