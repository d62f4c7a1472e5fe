package calls

import (
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"
)

// maxBody is how many bytes of a body are kept.
const maxBody = 64 << 10

// body is the beginning of a body, if it is text, and its length.
type body struct {
	contentType string
	keep        bool
	kept        []byte
	bytes       int64
}

// newBody expects a body of this type. One that does not name its type is kept until somebody looks.
func newBody(contentType string) body {
	return body{contentType: contentType, keep: contentType == "" || isText(contentType)}
}

// add takes a copy of a piece, as far as there is room.
func (b *body) add(p []byte) {
	b.bytes += int64(len(p))
	if b.keep {
		b.kept = append(b.kept, p[:min(len(p), maxBody-len(b.kept))]...)
	}
}

// show makes a copy for people.
func (b *body) show(headers http.Header) Message {
	m := Message{Headers: joined(headers), Bytes: b.bytes}
	if b.bytes == 0 {
		return m
	}
	contentType := b.contentType
	if contentType == "" {
		contentType = http.DetectContentType(b.kept)
	}
	kept := wholeRunes(b.kept)
	if !b.keep || !isText(contentType) || !utf8.Valid(kept) {
		m.Body = fmt.Sprintf("(%d bytes of %s)", b.bytes, mediaType(contentType))
		return m
	}
	m.Body, m.Truncated = maskTokens(string(kept)), int64(len(b.kept)) < b.bytes
	return m
}

// textTypes are media types that are text without being called so.
var textTypes = map[string]bool{
	"application/json":                  true,
	"application/xml":                   true,
	"application/javascript":            true,
	"application/x-ndjson":              true,
	"application/x-www-form-urlencoded": true,
}

// isText says whether a body of this type can be shown.
func isText(contentType string) bool {
	t := mediaType(contentType)
	return strings.HasPrefix(t, "text/") || strings.HasSuffix(t, "+json") || strings.HasSuffix(t, "+xml") || textTypes[t]
}

// mediaType is a content type without its parameters.
func mediaType(contentType string) string {
	t, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(t))
}

// wholeRunes leaves out the character in which the kept part of a body happens to end.
func wholeRunes(p []byte) []byte {
	for i := len(p) - 1; i >= max(0, len(p)-utf8.UTFMax); i-- {
		if utf8.RuneStart(p[i]) {
			if !utf8.FullRune(p[i:]) {
				return p[:i]
			}
			break
		}
	}
	return p
}
