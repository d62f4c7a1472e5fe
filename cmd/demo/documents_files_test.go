package main

import (
	"bytes"
	"hash/fnv"
	"html"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// shot is an image file that shows something else for every name. The name's ending says which format.
func shot(t *testing.T, name string) []byte {
	t.Helper()
	hash := fnv.New32a()
	_, _ = io.WriteString(hash, t.Name()+name)
	shade := hash.Sum32()
	img := image.NewRGBA(image.Rect(0, 0, 320, 200))
	for x := range 320 {
		for y := range 200 {
			img.Set(x, y, color.RGBA{byte(shade) + byte(x/8), byte(shade>>8) + byte(y/8), byte(shade >> 16), 255})
		}
	}
	var b bytes.Buffer
	encode := func() error { return jpeg.Encode(&b, img, nil) }
	if strings.HasSuffix(name, ".png") {
		encode = func() error { return png.Encode(&b, img) }
	}
	if err := encode(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// shotFile is one on disk, to be chosen in a browser.
func shotFile(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, shot(t, name), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// upload sends a picture by the form of a page.
func (v *visitor) upload(p view, file []byte, country string) view {
	v.t.Helper()
	form := forms.FindStringSubmatch(p.says(v.t, say("documents.send")).html[strings.Index(p.html, "<main"):])
	return v.uploadTo(html.UnescapeString(form[1]), file, country)
}

// uploadTo sends a picture to an address, whatever the page offers.
func (v *visitor) uploadTo(address string, file []byte, country string) view {
	v.t.Helper()
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	_ = parts.WriteField("country", country) // nothing fails in memory
	part, _ := parts.CreateFormFile("file", "picture.jpg")
	_, _ = part.Write(file)
	_ = parts.Close()
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, v.origin+address, &body)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", parts.FormDataContentType())
	r.Header.Set("Accept-Language", "en")
	resp, err := v.http.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return view{resp.StatusCode, resp.Header, string(text)}
}
