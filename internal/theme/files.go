package theme

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"

	"portal/internal/brand"
	"portal/internal/coding"
)

// Sizes of files, in bytes. A phone in the country loads about 200 KB in a second. The first page is there within one round
// of the network, 14 KiB; the portal's own files leave linkRoom of that, compressed, on the page of e-mailed links, and
// landingRoom on the start page, in the language that takes most. Fonts take no part in it: pages are shown without them, and they come when there is room.
const (
	largeLogo    = 20 << 10
	largestLogo  = 200 << 10
	largeFont    = 60 << 10
	largestFont  = 400 << 10
	linkRoom     = 1200
	landingRoom  = 3900
	slowNetwork  = 200_000 // bytes a second
	sharpPixels  = 72      // of height, on screens with two pixels for one
	mostlyHidden = 0.5
)

// checkLogos looks at the logo for light pages, and at that for dark ones.
func (t Theme) checkLogos(b brand.Brand) []ofBrand {
	if b.Logo == "" {
		return nil
	}
	var found []ofBrand
	if b.LogoAlt == "" {
		found = append(found, problem("logo_alt", "is missing: whoever cannot see the logo does not hear whose page it is", fmt.Sprintf("write what the logo says, such as logo_alt = %q", b.Name)))
	}
	found = append(found, t.checkLogo(b, "logo", b.Logo, false)...)
	if b.LogoDark == "" {
		return append(found, t.checkOnDark(b)...)
	}
	return append(found, t.checkLogo(b, "logo_dark", b.LogoDark, true)...)
}

func (t Theme) checkLogo(b brand.Brand, setting, file string, dark bool) []ofBrand {
	content, size, wrong := t.readImage(setting, file)
	if wrong != nil {
		return wrong
	}
	ext := path.Ext(file)
	found := weigh(setting, file, len(content), largeLogo, largestLogo)
	if len(found) == 0 { // which says it all
		found = rounds(setting, file, content)
	}
	if ext != ".svg" && size.Height < sharpPixels {
		found = append(found, advice(setting, fmt.Sprintf("%s is %d pixels high and looks blurred on most phones", file, size.Height), fmt.Sprintf("use one of %d pixels or more, or an SVG", sharpPixels)))
	}
	const mend = "use a version in other colours"
	switch share, _ := b.Hidden(ext, content, dark); {
	case share >= unseen(ext):
		found = append(found, problem(setting, fmt.Sprintf("%s cannot be seen on the surface that it stands on", file), mend))
	case share >= mostlyHidden:
		found = append(found, advice(setting, fmt.Sprintf("parts of %s can hardly be seen on the surface that they stand on", file), "look at a page, and "+mend+" if need be"))
	}
	return found
}

// unseen is the share that must be hidden for an image to be lost. Of a drawing's colours it must be all: a share of them says
// nothing of how large the rest is.
func unseen(ext string) float64 {
	if ext == ".svg" {
		return 1
	}
	return mostlyHidden
}

// readImage reads an image that pages can show, or says why it is none.
func (t Theme) readImage(setting, file string) ([]byte, brand.Size, []ofBrand) {
	content, wrong := t.read(setting, file)
	if wrong != nil {
		return nil, brand.Size{}, wrong
	}
	size, err := brand.CheckImage(path.Ext(file), content)
	if err == nil {
		err = brand.CheckPixels(path.Ext(file), content)
	}
	if err != nil {
		return nil, brand.Size{}, []ofBrand{problem(setting, fmt.Sprintf("%s cannot be used", file), err.Error())}
	}
	return content, size, nil
}

// checkOnDark decides whether one logo does for light and dark pages.
func (t Theme) checkOnDark(b brand.Brand) []ofBrand {
	content, _, wrong := t.readImage("logo", b.Logo)
	if wrong != nil {
		return nil // said of the logo itself
	}
	const setting, mend = "logo_dark", "add a version of the logo for dark pages as logo_dark"
	ext := path.Ext(b.Logo)
	switch share, known := b.Hidden(ext, content, true); {
	case share >= unseen(ext):
		return []ofBrand{problem(setting, fmt.Sprintf("is missing, and %s cannot be seen on dark pages", b.Logo), mend)}
	case share > 0:
		return []ofBrand{advice(setting, fmt.Sprintf("is missing, and parts of %s can hardly be seen on dark pages", b.Logo), mend)}
	case !known:
		return []ofBrand{advice(setting, fmt.Sprintf("is missing, and whether %s can be seen on dark pages cannot be told by a program", b.Logo), "look at a page in the dark, and "+mend+" if need be")}
	}
	return nil
}

// checkFonts looks at the font files.
func (t Theme) checkFonts(b brand.Brand) []ofBrand {
	var found []ofBrand
	for _, weight := range slices.Sorted(maps.Keys(b.FontFiles)) {
		file := b.FontFiles[weight]
		content, wrong := t.read("font_files", file)
		if wrong != nil {
			found = append(found, wrong...)
			continue
		}
		if err := brand.CheckFont(content); err != nil {
			found = append(found, problem("font_files", fmt.Sprintf("%s cannot be used: %v", file, err), "ask whoever made the typeface for its WOFF2 files, or convert it with woff2_compress"))
		}
		for _, heavy := range weigh("font_files", file, len(content), largeFont, largestFont) {
			heavy.Mend += ". It holds no page up: what comes too late is shown from the next page on"
			found = append(found, heavy)
		}
	}
	return found
}

// read reads a file beside portal.toml, or says why it cannot be used.
func (t Theme) read(setting, file string) ([]byte, []ofBrand) {
	if !fs.ValidPath(file) {
		return nil, []ofBrand{problem(setting, fmt.Sprintf("%q is not in the folder of portal.toml", file), "put it there or below, and name it without ./ and ../")}
	}
	content, err := fs.ReadFile(t.Files, file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, []ofBrand{problem(setting, fmt.Sprintf("there is no file %s", file), "put it beside portal.toml, or correct its name; upper and lower case count")}
	case err != nil:
		return nil, []ofBrand{problem(setting, fmt.Sprintf("%s cannot be read", file), err.Error())}
	}
	return content, nil
}

// rounds says which first pages a logo makes wait for a second round of the network.
func rounds(setting, file string, content []byte) []ofBrand {
	const mend = "an SVG without an editor's data is often a tenth, and can be compressed"
	wire := len(content)
	if path.Ext(file) == ".svg" {
		if small := coding.Zstd.Compress(content); small != nil {
			wire = len(small)
		}
	}
	pages := "the page of e-mailed links then takes"
	switch {
	case wire <= linkRoom:
		return nil
	case wire > landingRoom:
		pages = "the start page and that of e-mailed links then take"
	}
	what := fmt.Sprintf("%s adds %.1f kB, compressed, to the first page: %s two rounds on a slow line", file, float64(wire)/1000, pages)
	return []ofBrand{advice(setting, what, mend)}
}

// weigh says what a large file costs.
func weigh(setting, file string, size, large, largest int) []ofBrand {
	const mend = "save it smaller: a simpler drawing, fewer pixels, or only the letters that are needed"
	what := fmt.Sprintf("%s has %d KB, which a phone far from town loads for %.1f seconds", file, size>>10, float64(size)/slowNetwork)
	switch {
	case size > largest:
		return []ofBrand{problem(setting, what, mend)}
	case size > large:
		return []ofBrand{advice(setting, what, mend)}
	}
	return nil
}
