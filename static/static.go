// Package static holds the portal's stylesheet, scripts and images, compressed once and served under names that carry a hash of their
// content, so that browsers may keep them for ever and never show an old one.
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"portal/internal/coding"
)

//go:embed css js
var embedded embed.FS

// Set is the assets of one portal.
type Set struct {
	urls   map[string]string // by name
	assets map[string]asset  // by URL
}

type asset struct {
	contentType string
	integrity   string
	body        *coding.Body
}

// New makes the set of the embedded assets and the extra ones, by name: "app.css", "loader.js", and what the brand adds. An extra asset replaces an
// embedded one of its name. A stylesheet names other assets as "asset:NAME"; one that does not exist panics, as URL does.
func New(extra map[string][]byte) *Set {
	s := &Set{urls: make(map[string]string), assets: make(map[string]asset)}
	contents := readEmbedded()
	for name, content := range contents {
		contents[name] = lean(name, content)
	}
	for name, content := range extra {
		contents[name] = content
	}
	for name, content := range contents {
		if path.Ext(name) != styles {
			s.add(name, content)
		}
	}
	for name, content := range contents {
		if path.Ext(name) == styles {
			s.add(name, s.resolve(content))
		}
	}
	return s
}

// styles is the kind of asset that can name others.
const styles = ".css"

var reference = regexp.MustCompile(`asset:([\w.~-]+)`)

// resolve puts addresses in place of the names of assets, as in url("asset:font-400.woff2"). All assets are in one folder, so
// that the address is right below any base.
func (s *Set) resolve(css []byte) []byte {
	return reference.ReplaceAllFunc(css, func(found []byte) []byte {
		return []byte(path.Base(s.URL(string(found[len("asset:"):]))))
	})
}

// Stylesheets are the embedded ones as they are in this folder, by their path: for those who look at what they say.
func Stylesheets() map[string][]byte {
	sheets := map[string][]byte{}
	names, err := fs.Glob(embedded, "css/*"+styles)
	if err != nil {
		panic(err) // the pattern is a constant
	}
	for _, name := range names {
		sheets[name], err = embedded.ReadFile(name)
		if err != nil {
			panic(err) // the files are part of the program
		}
	}
	return sheets
}

// URL is the address of an asset below the portal's base, such as "/static/app.3f9a0c21d4e7.css". A name that does not exist is a mistake in a
// template and panics; every template is rendered in tests.
func (s *Set) URL(name string) string {
	u, ok := s.urls[name]
	if !ok {
		panic("static: no asset is named " + name)
	}
	return u
}

// Integrity is what a page can say of an asset so that browsers take no other in its place, whoever has kept or changed it on the way.
func (s *Set) Integrity(name string) string { return s.assets[s.URL(name)].integrity }

func (s *Set) add(name string, content []byte) {
	const digits = 12
	sum := sha256.Sum256(content)
	ext := path.Ext(name)
	u := prefix + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:])[:digits] + ext
	s.urls[name] = u
	s.assets[u] = asset{
		contentType: contentTypes[ext], body: coding.NewBody(content, contentTypes[ext]),
		integrity: "sha256-" + base64.StdEncoding.EncodeToString(sum[:]),
	}
}

// readEmbedded is the embedded files by their base names: css/app.css is app.css.
func readEmbedded() map[string][]byte {
	contents := make(map[string][]byte)
	err := fs.WalkDir(embedded, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		contents[path.Base(file)], err = embedded.ReadFile(file)
		return err
	})
	if err != nil {
		panic(err) // the files are part of the program
	}
	return contents
}
