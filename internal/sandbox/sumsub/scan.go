package sumsub

import (
	"bytes"
	"slices"
)

// Marks in a file tell the sandbox what to make of it. They stand anywhere in its bytes, as "sandbox:" and a word.
const (
	markStart = "sandbox:"
	maxMark   = 120 // the longest word, in bytes
	maxMarks  = 20  // of one file
)

// encryptedMark stands in every PDF that is encrypted, and in no other.
const encryptedMark = "/Encrypt"

// scanner looks for marks in bytes that pass by.
type scanner struct {
	marks     []string
	encrypted bool
	window    []byte // what is looked at; between pieces the end of what has passed, in which something may begin
}

// Write is part of io.Writer.
func (s *scanner) Write(p []byte) (int, error) {
	s.window = append(s.window, p...)
	s.encrypted = s.encrypted || bytes.Contains(s.window, []byte(encryptedMark))
	s.window = append(s.window[:0], s.find(s.window, false)...)
	return len(p), nil
}

// close looks at what is left at the end.
func (s *scanner) close() { s.find(s.window, true) }

// find takes the marks out of a window and returns its end, in which another may begin.
func (s *scanner) find(window []byte, last bool) []byte {
	for {
		at := bytes.Index(window, []byte(markStart))
		if at < 0 {
			return window[max(0, len(window)-len(markStart)+1):]
		}
		word := window[at+len(markStart):]
		end := slices.IndexFunc(word[:min(len(word), maxMark)], notOfMark)
		if end < 0 && len(word) < maxMark && !last {
			return window[at:]
		}
		if end < 0 {
			end = min(len(word), maxMark)
		}
		if end > 0 && len(s.marks) < maxMarks {
			s.marks = append(s.marks, string(word[:end]))
		}
		window = word[end:]
	}
}

// notOfMark says whether a mark ends before this byte.
func notOfMark(b byte) bool {
	return !(b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_' || b == '=' || b == ',')
}
