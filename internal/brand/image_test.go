package brand

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
	"testing/fstest"
)

// drawn is a picture of one colour, the upper half of which lets the page show through unless whole.
func drawn(c color.Color, isWhole bool) image.Image {
	picture := image.NewNRGBA(image.Rect(0, 0, 80, 40))
	for x := range 80 {
		for y := range 40 {
			if isWhole || y >= 20 {
				picture.Set(x, y, c)
			}
		}
	}
	return picture
}

func asPNG(t *testing.T, picture image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asJPEG(t *testing.T, picture image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// asWebP is the header of a picture of 80 by 40, of one of the three kinds.
func asWebP(kind string) []byte {
	b := append([]byte("RIFF\x00\x00\x00\x00WEBP"+kind), make([]byte, 14)...)
	switch le := binary.LittleEndian; kind {
	case "VP8 ":
		le.PutUint16(b[26:], 80)
		le.PutUint16(b[28:], 40)
	case "VP8L":
		le.PutUint32(b[21:], 79|39<<14)
	case "VP8X":
		le.PutUint32(b[24:], 79)
		le.PutUint32(b[26:], 39<<8)
	}
	return b
}

func TestImagesTellTheirSize(t *testing.T) {
	t.Parallel()
	ink := color.Black
	for name, c := range map[string]struct {
		ext     string
		content []byte
		want    Size
	}{
		"png": {".png", asPNG(t, drawn(ink, true)), Size{80, 40}}, "jpg": {".jpg", asJPEG(t, drawn(ink, true)), Size{80, 40}},
		"webp": {".webp", asWebP("VP8 "), Size{80, 40}}, "webp, lossless": {".webp", asWebP("VP8L"), Size{80, 40}},
		"webp, extended": {".webp", asWebP("VP8X"), Size{80, 40}},
		"svg":            {".svg", []byte(svg), Size{225, 100}},
		"svg by width":   {".svg", []byte(`<svg width="20px" height="10"/>`), Size{200, 100}},
		"svg without":    {".svg", []byte(`<svg width="100%" height="100%"/>`), Size{}},
	} {
		if got, err := CheckImage(c.ext, c.content); err != nil || got != c.want {
			t.Errorf("%s: %v, %v, want %v", name, got, err, c.want)
		}
	}
}

func TestImagesThatAreOfAnotherKindAreRefused(t *testing.T) {
	t.Parallel()
	for _, ext := range logoTypes {
		for _, content := range []string{"", "GIF89a", "<html><body/></html>", "<svg", strings.Repeat("RIFF", 20)} {
			if size, err := CheckImage(ext, []byte(content)); err == nil {
				t.Errorf("%s takes %q and finds %v", ext, content, size)
			}
		}
	}
}

func TestDrawingsThatDoMoreThanDrawAreRefused(t *testing.T) {
	t.Parallel()
	for _, inside := range []string{
		`<script>alert(1)</script>`, `<SCRIPT/>`, `<path onload="alert(1)"/>`, `<foreignObject><p/></foreignObject>`,
		`<a href="https://elsewhere.example"><path/></a>`, `<image href="other.png"/>`, `<use xlink:href="other.svg#a"/>`, `<a href="javascript:x"/>`,
		`<style>@import "a.css";</style>`, `<style>path { fill: url( 'https://elsewhere.example/a.svg#b' ) }</style>`, `<path style="fill:url(other.svg#a)"/>`,
		`<style>path { fill: u\72l(https://elsewhere.example) }</style>`, `<style>@\69mport "a.css";</style>`, `<path style="fill:u\72l(a.svg#b)"/>`,
		`<style>u<!-- -->rl(https://elsewhere.example)</style>`, `<style>u<g/>rl(https://elsewhere.example)</style>`, `<path fill="u\72l(a.svg#b)"/>`,
		`<style>path { mask: image-set("https://elsewhere.example/a.png" 1x) }</style>`, `<path style="mask:-webkit-image-set('a.png' 1x)"/>`,
		`<a><set attributeName="href" to="https://elsewhere.example"/></a>`, `<use><animate attributeName="xlink:href" values="a.svg#b"/></use>`,
		`<path style="fill:url(#a) url(b.svg)"/>`, `<path fill="url(//elsewhere.example)"/>`, `<?xml-stylesheet href="a.css"?>`,
	} {
		if _, err := CheckImage(".svg", []byte(`<svg xmlns:xlink="x" viewBox="0 0 1 1">`+inside+`</svg>`)); err == nil {
			t.Errorf("accepted: %s", inside)
		}
	}
	if _, err := CheckImage(".svg", []byte(`<!DOCTYPE svg [<!ENTITY a "b">]><svg/>`)); err == nil {
		t.Error("an entity is accepted")
	}
	good := `<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x"><svg viewBox="0 0 2 1"><defs><linearGradient id="a"/></defs>` +
		`<style>.b { fill: url(#a); mask: url( "data:image/png;base64,AA" ) }</style><use href="#a"/><image href="data:image/png;base64,AA"/>` +
		`<title>Acme \ (a bank), @import url(x)</title><g xmlns:tool="t" tool:file="C:\logos (new)\url(a).svg"/><set attributeName="fill" to="#fff"/></svg>`
	if _, err := CheckImage(".svg", []byte(good)); err != nil {
		t.Errorf("a drawing that only draws is refused: %v", err)
	}
}

func TestDrawingsInAnotherEncodingAreToldSo(t *testing.T) {
	t.Parallel()
	for _, content := range []string{
		`<?xml version="1.0" encoding="ISO-8859-1"?><svg/>`, "<svg><title>Caf\xe9</title></svg>", "\xff\xfe<\x00s\x00v\x00g\x00/\x00>\x00",
	} {
		if _, err := CheckImage(".svg", []byte(content)); err == nil || !strings.Contains(err.Error(), "save it as UTF-8") {
			t.Errorf("%q: %v", content, err)
		}
	}
	if _, err := CheckImage(".svg", []byte("\x89PNG\r\n")); err != errOtherKind {
		t.Errorf("another kind of file: %v", err)
	}
}

// A few bytes can tell of a picture that takes gigabytes.
func TestImagesOfTooManyPixelsAreRefusedUnread(t *testing.T) {
	t.Parallel()
	small := asPNG(t, drawn(color.Black, false))
	large := bytes.Clone(small)
	binary.BigEndian.PutUint32(large[16:], 60_000)
	binary.BigEndian.PutUint32(large[20:], 60_000)
	binary.BigEndian.PutUint32(large[29:], crc32.ChecksumIEEE(large[12:29]))
	if _, err := CheckImage(".png", large); err == nil || !strings.Contains(err.Error(), "60000 by 60000 pixels") {
		t.Errorf("accepted: %v", err)
	}
	if _, known := acme().Hidden(".png", large, false); known {
		t.Error("it is read nevertheless")
	}
	for ext, content := range map[string][]byte{".png": small, ".jpg": asJPEG(t, drawn(color.Black, true))} {
		if err := CheckPixels(ext, content); err != nil {
			t.Errorf("%s: %v", ext, err)
		}
		if CheckPixels(ext, content[:len(content)-30]) == nil {
			t.Errorf("%s that is cut off is accepted", ext)
		}
	}
}

func TestLogosAreSeenOrNotOnTheirPages(t *testing.T) {
	t.Parallel()
	dark, light := color.NRGBA{0x10, 0x20, 0x40, 0xff}, color.NRGBA{0xf0, 0xf4, 0xff, 0xff}
	in := func(body string) []byte { return []byte(`<svg viewBox="0 0 20 10">` + body + `</svg>`) }
	for name, c := range map[string]struct {
		ext           string
		content       []byte
		day, night    float64
		cannotBeKnown bool
	}{
		"dark on nothing":      {ext: ".png", content: asPNG(t, drawn(dark, false)), night: 1},
		"light on nothing":     {ext: ".png", content: asPNG(t, drawn(light, false)), day: 1},
		"dark, on its own":     {ext: ".png", content: asPNG(t, drawn(dark, true))},
		"photograph":           {ext: ".jpg", content: asJPEG(t, drawn(dark, true))},
		"unread":               {ext: ".webp", content: asWebP("VP8 "), cannotBeKnown: true},
		"drawing without fill": {ext: ".svg", content: in(`<path/>`), night: 1},
		"drawing, half":        {ext: ".svg", content: in(`<path fill="#001"/><path style="fill:#FFEEDD;stroke:none"/>`), day: 0.5, night: 0.5},
		"drawing, inherited":   {ext: ".svg", content: in(`<g fill="white"><path/><path/></g>`), day: 1},
		"drawing, by class":    {ext: ".svg", content: in(`<style>.a{fill:#000}</style><path class="a"/>`), night: 1},
		"drawing, vague":       {ext: ".svg", content: in(`<path fill="oklch(1 0 0)"/>`), cannotBeKnown: true},
		"drawing on a plate":   {ext: ".svg", content: in(`<rect width="20" height="10" fill="#fff"/><path/>`)},
		"plate, inherited":     {ext: ".svg", content: in(`<g fill="#fff"><rect width="20" height="10"/></g><path/>`)},
		"plate of no colour":   {ext: ".svg", content: in(`<rect width="20" height="10" fill="none"/><path/>`), night: 1},
		"plate, style none":    {ext: ".svg", content: in(`<rect width="100%" height="100%" fill="#000" style="fill: none"/><path/>`), night: 1},
		"plate, let through":   {ext: ".svg", content: in(`<rect width="20" height="10" fill="#000" fill-opacity="0"/><path/>`), night: 1},
		"plate, a small one":   {ext: ".svg", content: in(`<rect width="4" height="2" fill="#000"/><path/>`), night: 1},
		"a clip":               {ext: ".svg", content: in(`<g><clipPath><rect width="20" height="10" fill="#fff"/></clipPath><path/></g>`), night: 1},
		"a mask in defs":       {ext: ".svg", content: in(`<defs><mask><rect width="20" height="10" fill="#fff"/></mask></defs><path/>`), night: 1},
		"a plate in defs":      {ext: ".svg", content: in(`<defs><rect width="20" height="10" fill="#000"/></defs><path/>`), night: 1},
		"a symbol":             {ext: ".svg", content: in(`<symbol><rect width="20" height="10" fill="#fff"/></symbol><use href="#a"/>`), day: 1},
		"a gradient":           {ext: ".svg", content: in(`<defs><linearGradient><stop stop-color="#fff"/></linearGradient></defs><path fill="url(#a)"/>`), day: 1},
	} {
		day, known := acme().Hidden(c.ext, c.content, false)
		night, _ := acme().Hidden(c.ext, c.content, true)
		if known == c.cannotBeKnown || day != c.day || night != c.night {
			t.Errorf("%s: hidden %.2f by day, %.2f by night (known: %t)", name, day, night, known)
		}
	}
}

func TestMeasuredKnowsWhatCanBeRead(t *testing.T) {
	t.Parallel()
	b := acme()
	b.LogoDark = "lost.png"
	b = b.Measured(fstest.MapFS{"img/acme.svg": {Data: []byte(svg)}})
	if b.LogoSize != (Size{225, 100}) || b.LogoDarkSize != (Size{}) {
		t.Errorf("%v, %v", b.LogoSize, b.LogoDarkSize)
	}
}

func FuzzCheckImage(f *testing.F) {
	for _, kind := range []string{"VP8 ", "VP8L", "VP8X"} {
		f.Add(".webp", asWebP(kind))
	}
	f.Add(".svg", []byte(svg))
	f.Add(".svg", []byte(`<svg viewBox="0 0 1e308 1e-308"><style>a{fill:#fff}</style></svg></svg>`))
	f.Fuzz(func(t *testing.T, ext string, content []byte) {
		size, err := CheckImage(ext, content)
		if size.Width < 0 || size.Height < 0 || err != nil && size != (Size{}) {
			t.Errorf("%v, %v", size, err)
		}
		acme().Hidden(ext, content, true)
	})
}
