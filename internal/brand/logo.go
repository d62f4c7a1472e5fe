package brand

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// logoTypes are the kinds of image that browsers show and the static handler knows.
var (
	logoTypes   = []string{".svg", ".png", ".jpg", ".webp"}
	logoEndings = strings.Join(logoTypes, ", ")
)

// LogoAsset is the name of the logo among the static assets, or nothing when there is no logo.
func (b Brand) LogoAsset() string { return b.logoAsset("logo", b.Logo) }

// LogoDarkAsset is the name of the logo of dark pages, or nothing when there is none of their own.
func (b Brand) LogoDarkAsset() string {
	if b.Logo == "" {
		return ""
	}
	return b.logoAsset("dark-logo", b.LogoDark)
}

func (b Brand) logoAsset(name, file string) string {
	if file == "" {
		return ""
	}
	return b.asset(name + path.Ext(file))
}

// logoProblems says what is wrong with the settings; the files are looked at when they are read.
func (b Brand) logoProblems() []Problem {
	var found []Problem
	for setting, file := range b.logos() {
		if file != "" && !slices.Contains(logoTypes, path.Ext(file)) {
			found = append(found, Problem{setting, fmt.Sprintf("%q is not an image that pages can show", file), "must be an image file that ends in " + logoEndings})
		}
	}
	if b.LogoDark != "" && b.Logo == "" {
		found = append(found, Problem{"logo_dark", "is there, but logo is not", "set logo, too"})
	}
	return found
}

// logos yields the settings and files of the logo, for light pages first.
func (b Brand) logos() func(yield func(setting, file string) bool) {
	return func(yield func(setting, file string) bool) {
		_ = yield("logo", b.Logo) && yield("logo_dark", b.LogoDark)
	}
}

// readLogos adds the logos to the assets.
func (b Brand) readLogos(files fs.FS, assets map[string][]byte) error {
	names := map[string]string{"logo": b.LogoAsset(), "logo_dark": b.LogoDarkAsset()}
	for setting, file := range b.logos() {
		if names[setting] == "" {
			continue
		}
		content, err := fs.ReadFile(files, file)
		if err == nil {
			_, err = CheckImage(path.Ext(file), content)
		}
		if err != nil {
			return fmt.Errorf("brand %s %s: %w", setting, file, err)
		}
		assets[names[setting]] = content
	}
	return nil
}

// Measured is the brand with the sizes of its logos, so that pages keep room for them. What cannot be read has no size.
func (b Brand) Measured(files fs.FS) Brand {
	b.LogoSize, b.LogoDarkSize = measure(files, b.Logo), measure(files, b.LogoDark)
	return b
}

func measure(files fs.FS, file string) Size {
	if file == "" {
		return Size{}
	}
	content, err := fs.ReadFile(files, file)
	if err != nil {
		return Size{}
	}
	size, _ := CheckImage(path.Ext(file), content)
	return size
}

// Hidden is the share of an image that does not stand out from the surface of light or dark pages, as far as that can be told: of
// its pixels, or of a drawing's colours, however small or large what has them is.
func (b Brand) Hidden(ext string, content []byte, dark bool) (share float64, known bool) {
	surface := b.light().surface
	if dark {
		surface = b.dark().surface
	}
	colours, plate, known := colours(ext, content)
	if plate || !known {
		return 0, known
	}
	return hidden(colours, surface), true
}

// colours are those of an image, as far as they can be told. One with a plate brings its own ground, and stands out anywhere.
func colours(ext string, content []byte) (all []colour, plate, known bool) {
	switch ext {
	case ".svg":
		d, err := readSVG(content)
		return d.colours, d.plate, err == nil && (d.plate || !d.vague && len(d.colours) > 0)
	case ".jpg":
		return nil, true, true // it has no holes
	case ".png":
		if _, err := CheckImage(ext, content); err != nil {
			return nil, false, false // it may be too large to be read
		}
		picture, err := png.Decode(bytes.NewReader(content))
		if err != nil {
			return nil, false, false
		}
		all, holes := sample(picture)
		return all, !holes, len(all) > 0
	}
	return nil, false, false
}

func hidden(colours []colour, surface colour) float64 {
	count := 0
	for _, c := range colours {
		if contrast(c, surface) < visible {
			count++
		}
	}
	return float64(count) / float64(len(colours))
}

// sample takes the colours of some of a picture's pixels, and reports whether others let the page show through.
func sample(picture image.Image) (colours []colour, holes bool) {
	const across, half = 100, 0x8000
	box := picture.Bounds()
	step := max(1, box.Dx()/across, box.Dy()/across)
	for y := box.Min.Y; y < box.Max.Y; y += step {
		for x := box.Min.X; x < box.Max.X; x += step {
			r, g, b, a := picture.At(x, y).RGBA()
			if a < half {
				holes = true
				continue
			}
			colours = append(colours, colour{uint8(r * 0xff / a), uint8(g * 0xff / a), uint8(b * 0xff / a)})
		}
	}
	return colours, holes
}
