package sumsub_test

import (
	"bytes"
	"hash/fnv"
	"image"
	"image/color"
	"image/png"
	"testing"
)

// picture is a small PNG. What it shows depends on the seed; a mark stands behind its end.
func picture(t *testing.T, seed, mark string) []byte {
	t.Helper()
	h := fnv.New32a()
	_, _ = h.Write([]byte(seed))
	n := h.Sum32()
	img := image.NewRGBA(image.Rect(0, 0, 8, 6))
	for x := range 8 {
		img.Set(x, 0, color.RGBA{R: byte(n >> x), G: byte(n >> (8 + x)), B: byte(n >> (16 + x)), A: 255})
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		t.Fatal(err)
	}
	if mark != "" {
		buf.WriteString("\nsandbox:" + mark + "\n")
	}
	return buf.Bytes()
}
