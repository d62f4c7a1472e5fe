package front

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/BurntSushi/toml"

	"portal/internal/brand"
)

// theme is a brand with the files made from it: its stylesheet, its icon and perhaps its logos and fonts.
type theme struct {
	brand brand.Brand
	files map[string][]byte
}

// theme reads the theme as it is now.
func (f *Front) theme() (theme, error) {
	if f.options.ThemeFile == "" {
		return builtIn(), nil
	}
	text, err := os.ReadFile(f.options.ThemeFile)
	if err != nil {
		return theme{}, err
	}
	return readTheme(string(text), os.DirFS(filepath.Dir(f.options.ThemeFile)))
}

// CheckTheme says everything that is wrong with a theme file, as Options.ThemeFile.
func CheckTheme(file string) error {
	_, err := New(Options{ThemeFile: file}).theme()
	return err
}

// look is the theme to show forms in: a broken one is no reason to show none.
func (f *Front) look() theme {
	t, err := f.theme()
	if err != nil {
		return builtIn()
	}
	return t
}

func builtIn() theme {
	t, err := readTheme(string(asset("default.toml")), nil)
	if err != nil {
		panic(err) // it is compiled in, and tested
	}
	return t
}

// readTheme makes a theme from a file's text, or says everything that is wrong with it. Logos and fonts are among the files.
// Other tables than [brand] are somebody else's.
func readTheme(text string, files fs.FS) (theme, error) {
	var content struct {
		Brand brand.Brand `toml:"brand"`
	}
	known, err := toml.Decode(text, &content)
	if err != nil {
		return theme{}, err
	}
	if !known.IsDefined("brand") {
		return theme{}, errors.New("brand: there is no [brand] table in the file")
	}
	problems := []error{content.Brand.Check()}
	for _, key := range known.Undecoded() {
		if name, ok := strings.CutPrefix(key.String(), "brand."); ok {
			problems = append(problems, fmt.Errorf("brand %s: there is no such token", name))
		}
	}
	t := theme{brand: content.Brand}
	t.files, err = t.brand.Assets(files)
	return t, errors.Join(append(problems, err)...)
}

// serveThemeStyle answers with the brand as custom properties.
func (f *Front) serveThemeStyle(w http.ResponseWriter, r *http.Request) {
	send(w, r, "theme.css", bytes.ReplaceAll(f.look().brand.Stylesheet(), []byte("asset:"), []byte(themePath)))
}

// themePath is where the theme's files are.
const themePath = "/theme/"

// themeFile is the address of a file of the theme, or nothing.
func themeFile(name string) string {
	if name == "" {
		return ""
	}
	return themePath + name
}

// serveThemeFile answers with the theme's icon, or one of its logos or fonts.
func (f *Front) serveThemeFile(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	content, ok := f.look().files[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Security-Policy", imageCSP)
	send(w, r, name, content)
}
