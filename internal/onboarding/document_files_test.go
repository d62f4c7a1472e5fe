package onboarding_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

// scene is a picture in which no two places are alike.
func scene(width, height int) image.Image {
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			picture.Set(x, y, color.RGBA{R: uint8(x * 37), G: uint8(y * 59), B: uint8(x * y), A: 0xff})
		}
	}
	return picture
}

func jpegFile(t testing.TB, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, scene(width, height), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withThumbnail puts a smaller picture into the first segment, as cameras do.
func withThumbnail(photo, thumbnail []byte) []byte {
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(thumbnail)+2))
	return bytes.Join([][]byte{photo[:2], segment, thumbnail, photo[2:]}, nil)
}

// jpegHeader is a photo up to its pixels.
func jpegHeader(t testing.TB) []byte {
	photo := jpegFile(t, 40, 30)
	return photo[:bytes.Index(photo, []byte("\xff\xda"))]
}

// jpegOfPrecision is a photo that says how many bits its colours have.
func jpegOfPrecision(t testing.TB, bits byte) []byte {
	photo := jpegFile(t, 40, 30)
	photo[bytes.Index(photo, []byte("\xff\xc0"))+4] = bits
	return photo
}

func pngFile(t testing.TB, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, scene(width, height)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// spoilt is the file with one byte changed in its middle.
func spoilt(file []byte) []byte {
	file[len(file)/2] ^= 1
	return file
}

// pdfFile is a document with a stream and a trailer.
func pdfFile(stream, trailer string) []byte {
	return fmt.Appendf(nil, "%%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n2 0 obj\n<< /Length %d /DecodeParms <<>>>>stream\r\n%s\nendstream\nendobj\n"+
		"xref\n0 1\n0000000000 65535 f \ntrailer\n%s\nstartxref\n99\n%%%%EOF\n", len(stream), stream, trailer)
}

// pdfXRefStream is a document with a stream in place of its trailer.
func pdfXRefStream(more string) []byte {
	return fmt.Appendf(nil, "%%PDF-1.7\n1 0 obj\n<</Type/XRef/Size 3%s/Root 2 0 R>>stream\n\x01\x02\x03\nendstream\nendobj\nstartxref\n9\n%%%%EOF\n", more)
}

func film(boxes ...[]byte) []byte { return bytes.Join(boxes, nil) }

func box(name, content string) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(8+len(content))), name+content...)
}

// filmFile is a film of these brands, the one that it is made for first, with its index at the end.
func filmFile(brands ...string) []byte {
	first := box("ftyp", brands[0]+"\x00\x00\x02\x00"+strings.Join(brands[1:], ""))
	return film(first, box("free", ""), box("mdat", "pixels"), box("moov", "index"))
}
