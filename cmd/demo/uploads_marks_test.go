package main

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// Marks stand in files at short distances.
const (
	markSize = 16
	markGap  = 512
)

// mark is what tells the bytes of a test's files from all others.
type mark [markSize]byte

func newMark() (m mark) {
	_, _ = rand.Read(m[:])
	return m
}

// noise is [noise] with marks.
func (m mark) noise(source *mathrand.ChaCha8, size int) []byte {
	p := noise(source, size)
	for at := 0; at+markSize <= size; at += markGap {
		copy(p[at:], m[:])
	}
	return p
}

// photo is a picture with marks everywhere that the pixels leave room for.
func (m mark) photo(t testing.TB, source *mathrand.ChaCha8, size int) file {
	t.Helper()
	begin, middle, end := picture(t)
	return file{begin, comments(m.noise(source, 4<<10)), middle, comments(m.noise(source, size)), end, m.noise(source, 4<<10)}
}

// paper is a PDF of comments with marks.
func (m mark) paper(source *mathrand.ChaCha8, size int) file {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	for b.Len() < size {
		b.WriteString("%")
		b.Write(m.noise(source, 8<<10))
		b.WriteString("\n")
	}
	b.WriteString("trailer <<>>\n%%EOF\n")
	return file{b.Bytes()}
}

// spellings are how a mark looks in files and texts: as it is, in hexadecimal, and in Base64, wherever it begins there.
func (m mark) spellings() [][]byte {
	list := [][]byte{m[:], []byte(hex.EncodeToString(m[:])), bytes.ToUpper([]byte(hex.EncodeToString(m[:])))}
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for before := range 3 {
			text := encoding.EncodeToString(append(make([]byte, before), m[:]...))
			list = append(list, []byte(text[4:len(text)-2])) // what does not depend on the bytes around it
		}
	}
	return list
}

// in says whether something holds the mark.
func (m mark) in(content []byte) bool {
	return slices.ContainsFunc(m.spellings(), func(s []byte) bool { return bytes.Contains(content, s) })
}

// inFiles lists the files below a folder that hold the mark, and says how many bytes it has looked at. What vanishes meanwhile is
// passed over.
func (m mark) inFiles(t *testing.T, folder string) (found []string, looked int) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if os.IsNotExist(err) || err == nil && !entry.Type().IsRegular() {
			return nil
		}
		if err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil && !os.IsNotExist(err) {
			return err
		}
		looked += len(content)
		if m.in(content) {
			found = append(found, path)
		}
		return nil
	})
	if err != nil {
		t.Errorf("searching %s: %v", folder, err)
	}
	return found, looked
}
