package brand

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// systemFonts stand in for the company's own, also for scripts whose letters it lacks.
const systemFonts = `system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif`

const regularWeight = 400

// fontFamily is the list of typefaces for CSS.
func (b Brand) fontFamily() string {
	if b.Font == "" {
		return systemFonts
	}
	return fmt.Sprintf("%q, %s", b.Font, systemFonts)
}

// FontAsset is the name among the static assets of the font of running text, or nothing when the device's own is used.
func (b Brand) FontAsset() string {
	for _, weight := range slices.Sorted(maps.Keys(b.FontFiles)) {
		if from, to, ok := weights(weight); ok && from <= regularWeight && regularWeight <= to {
			return fontAsset(b.FontFiles[weight])
		}
	}
	return ""
}

// fontAsset is named after the file alone, so that brands which share a font share what browsers have kept of it. No file has a
// tilde in its name, so that two files never have one name.
func fontAsset(file string) string { return "font-" + strings.ReplaceAll(file, "/", "~") }

// weights reads "400", or "100 900" of a file that has all weights in between.
func weights(key string) (from, to int, ok bool) {
	first, last, isRange := strings.Cut(key, " ")
	if !isRange {
		last = first
	}
	from, wrong := strconv.Atoi(first)
	to, alsoWrong := strconv.Atoi(last)
	whole := isRange || from%100 == 0
	return from, to, wrong == nil && alsoWrong == nil && whole && 100 <= from && from <= to && to <= 900
}

var (
	fontName = regexp.MustCompile(`^[\pL\pN][\pL\pN .&'-]*$`)
	fontFile = regexp.MustCompile(`^[A-Za-z0-9._/-]+\.woff2$`)
)

// fontProblems says what is wrong with the settings; the files are looked at when they are read.
func (b Brand) fontProblems() []Problem {
	var found []Problem
	if b.Font != "" && !fontName.MatchString(b.Font) {
		found = append(found, Problem{"font", fmt.Sprintf("%q is not the name of a typeface", b.Font), "letters, digits and spaces, such as \"Acme Sans\""})
	}
	if b.Font == "" && len(b.FontFiles) > 0 {
		found = append(found, Problem{"font", "has no name, but font_files has files", "give the typeface a name, such as \"Acme Sans\""})
	}
	for _, weight := range slices.Sorted(maps.Keys(b.FontFiles)) {
		if _, _, ok := weights(weight); !ok {
			found = append(found, Problem{"font_files", fmt.Sprintf("%q is not a weight", weight), `such as "400" (regular), "700" (bold), or "100 900" for a file that has all of them`})
		}
		if file := b.FontFiles[weight]; !fontFile.MatchString(file) {
			found = append(found, Problem{"font_files", fmt.Sprintf("%q is not a font file that pages can use", file), "a .woff2 file, named with letters, digits, hyphens and dots"})
		}
	}
	if len(b.FontFiles) > 0 && b.FontAsset() == "" {
		found = append(found, Problem{"font_files", "has no file for running text", `add the regular weight, "400"`})
	}
	return found
}

// readFonts adds the font files to the assets.
func (b Brand) readFonts(files fs.FS, assets map[string][]byte) error {
	for _, weight := range slices.Sorted(maps.Keys(b.FontFiles)) {
		file := b.FontFiles[weight]
		content, err := fs.ReadFile(files, file)
		if err == nil {
			err = CheckFont(content)
		}
		if err != nil {
			return fmt.Errorf("brand font_files %s: %w", file, err)
		}
		assets[fontAsset(file)] = content
	}
	return nil
}

// CheckFont reports whether a file is a whole WOFF2 font.
func CheckFont(content []byte) error {
	const lengthAt = 8 // of the header, after signature and flavour
	switch {
	case len(content) < 48 || string(content[:4]) != "wOF2":
		return errors.New("it is not a WOFF2 font, whatever its name says")
	case int(binary.BigEndian.Uint32(content[lengthAt:])) != len(content):
		return errors.New("it is not whole: its header tells of another length")
	}
	return nil
}
