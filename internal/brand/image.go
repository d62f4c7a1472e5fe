package brand

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
)

// Size is that of an image, in its own pixels; zero where the file does not tell.
type Size struct{ Width, Height int }

// errOtherKind is that of a file which is not what its name says.
var errOtherKind = errors.New("the file is not what its name says: save it again in that format")

// CheckImage reads the size of an image from its content, by the extension of its name. It refuses a file of another kind, and
// SVG that does more than draw.
func CheckImage(ext string, content []byte) (Size, error) {
	switch ext {
	case ".svg":
		d, err := readSVG(content)
		return d.size(), err
	case ".png":
		return raster(png.DecodeConfig(bytes.NewReader(content)))
	case ".jpg":
		return raster(jpeg.DecodeConfig(bytes.NewReader(content)))
	case ".webp":
		return webpSize(content)
	}
	return Size{}, fmt.Errorf("images end in %s", logoEndings)
}

func raster(c image.Config, err error) (Size, error) {
	if err != nil {
		return Size{}, errOtherKind
	}
	return within(Size{c.Width, c.Height})
}

// largestSide is that of an image in pixels: more would take a phone's memory, however small the file is.
const largestSide = 4000

func within(s Size) (Size, error) {
	if max(s.Width, s.Height) > largestSide {
		return Size{}, fmt.Errorf("it is %d by %d pixels large: save it with %d or fewer on each side", s.Width, s.Height, largestSide)
	}
	return s, nil
}

// CheckPixels reads all of a png or jpg that CheckImage has taken, and refuses one that is cut off or damaged.
func CheckPixels(ext string, content []byte) error {
	var err error
	switch ext {
	case ".png":
		_, err = png.Decode(bytes.NewReader(content))
	case ".jpg":
		_, err = jpeg.Decode(bytes.NewReader(content))
	}
	if err != nil {
		return errors.New("the file is cut off or damaged: save it again")
	}
	return nil
}

// webpSize reads the header of each of the three kinds of WebP.
func webpSize(b []byte) (Size, error) {
	if len(b) < 30 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WEBP" {
		return Size{}, errOtherKind
	}
	le := binary.LittleEndian
	switch string(b[12:16]) {
	case "VP8 ":
		return within(Size{int(le.Uint16(b[26:]) & 0x3fff), int(le.Uint16(b[28:]) & 0x3fff)})
	case "VP8L":
		bits := le.Uint32(b[21:])
		return within(Size{int(bits&0x3fff) + 1, int(bits>>14&0x3fff) + 1})
	case "VP8X":
		return within(Size{int(le.Uint32(b[24:])&0xffffff) + 1, int(le.Uint32(b[26:])>>8) + 1})
	}
	return Size{}, errOtherKind
}
