// Package static holds the portal's stylesheet, scripts and images, compressed once at start and served under names that carry a hash of their
// content, so that browsers may keep them for ever and never show an old one.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"path"
	"strings"
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
	plain       []byte
	gzipped     []byte // nil when it would not be smaller
}

// New makes the set of the embedded assets and the extra ones, by name: "app.css", "loader.js", and what the brand adds. An extra asset replaces an
// embedded one of its name.
func New(extra map[string][]byte) *Set {
	s := &Set{urls: make(map[string]string), assets: make(map[string]asset)}
	contents := readEmbedded()
	for name, content := range extra {
		contents[name] = content
	}
	for name, content := range contents {
		s.add(name, content)
	}
	return s
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

func (s *Set) add(name string, content []byte) {
	const digits = 12
	sum := sha256.Sum256(content)
	ext := path.Ext(name)
	u := prefix + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:])[:digits] + ext
	s.urls[name] = u
	s.assets[u] = asset{contentType: contentTypes[ext], plain: content, gzipped: compress(content)}
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

func compress(content []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	_, _ = w.Write(content)
	_ = w.Close()
	if b.Len() >= len(content) {
		return nil
	}
	return b.Bytes()
}
