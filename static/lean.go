package static

import (
	"bytes"
	"path"
	"strings"
)

// lean is a stylesheet or script without what is for people who read it here: a fifth of it, compressed. Nothing else about it
// changes. A script's comments have lines of their own, and its strings none that begin like one; a test sees to that.
func lean(name string, content []byte) []byte {
	comment := func(string) bool { return false }
	switch path.Ext(name) {
	case ".css":
		content = withoutComments(content)
	case ".js":
		comment = func(line string) bool { return strings.HasPrefix(line, "//") }
	default:
		return content
	}
	var b strings.Builder
	for line := range strings.Lines(string(content)) {
		if line = strings.TrimSpace(line); line != "" && !comment(line) {
			b.WriteString(line + "\n")
		}
	}
	return []byte(b.String())
}

// withoutComments is a stylesheet without its comments; what looks like one within a string is none.
func withoutComments(css []byte) []byte {
	var kept []byte
	for i := 0; i < len(css); {
		switch n := 1; {
		case bytes.HasPrefix(css[i:], []byte("/*")):
			i += comment(css[i:])
		default:
			if css[i] == '"' || css[i] == '\'' {
				n = quoted(css[i:])
			}
			kept = append(kept, css[i:i+n]...)
			i += n
		}
	}
	return kept
}

// comment is the length of the comment that css begins with.
func comment(css []byte) int {
	if end := bytes.Index(css[2:], []byte("*/")); end >= 0 {
		return end + 4
	}
	return len(css)
}

// quoted is the length of the string that css begins with.
func quoted(css []byte) int {
	for i := 1; i < len(css); i++ {
		switch css[i] {
		case '\\':
			i++
		case css[0]:
			return i + 1
		}
	}
	return len(css)
}
