package passfort

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
)

// secretCutter takes secrets out of bytes and puts them back exactly as they were.
//
// In the place of a secret stands a mark: NUL, eight hexadecimal digits of the secret's hash, a colon, how the secret was
// spelt, NUL. JSON holds no NUL, so a mark in a message cannot be anything else. The spelling has a letter for every
// byte of the secret: r for the byte itself, s for a backslash and a letter, u and a digit for \uXXXX, the digit saying
// which of the four are capitals. It is left out where every byte stands for itself. So a mark says nothing of the
// secret but which of those we know it was.
type secretCutter struct {
	known []knownSecret // the longest first: one may begin with another
	first string        // the current secret
}

type knownSecret struct{ text, name string }

func newSecretCutter(secrets []string) secretCutter {
	var c secretCutter
	for _, s := range secrets {
		if s == "" {
			continue
		}
		sum := sha256.Sum256([]byte(s))
		c.known = append(c.known, knownSecret{s, hex.EncodeToString(sum[:4])})
		c.first = cmp.Or(c.first, s)
	}
	slices.SortStableFunc(c.known, func(a, b knownSecret) int { return cmp.Compare(len(b.text), len(a.text)) })
	return c
}

// cut takes out every occurrence of every known secret, in any spelling JSON has for it.
func (c secretCutter) cut(raw []byte) string {
	var out strings.Builder
	for at := 0; at < len(raw); {
		if s, spelling, n := c.at(raw[at:]); n > 0 {
			out.WriteString("\x00" + s.name + ":" + spelling + "\x00")
			at += n
			continue
		}
		out.WriteByte(raw[at])
		at++
	}
	return out.String()
}

// at says which secret the text begins with, if any, how it is spelt and how long it is.
func (c secretCutter) at(text []byte) (s knownSecret, spelling string, n int) {
	for _, s := range c.known {
		if text[0] != s.text[0] && text[0] != '\\' {
			continue
		}
		if spelling, n := spelt(text, s.text); n > 0 {
			return s, spelling, n
		}
	}
	return knownSecret{}, "", 0
}

// spelt matches the beginning of text with a secret; n is 0 where they differ.
func spelt(text []byte, secret string) (spelling string, n int) {
	var how []byte
	plain := true
	for k := range len(secret) {
		style, width := spellingOf(text[n:], secret[k])
		if width == 0 {
			return "", 0
		}
		plain = plain && width == 1
		how = append(how, style...)
		n += width
	}
	if plain {
		return "", n
	}
	return string(how), n
}

// short are the characters that JSON spells with a backslash and one letter, as far as they are printable.
const short = `"\/`

// spellingOf says how a character is spelt at the beginning of text, and how long that is: 0 where it is another.
func spellingOf(text []byte, c byte) (style string, width int) {
	switch {
	case len(text) >= 2 && text[0] == '\\' && text[1] == c && strings.IndexByte(short, c) >= 0:
		return "s", 2
	case len(text) >= 6 && text[0] == '\\' && text[1] == 'u' && isCode(text[2:6], c):
		return "u" + capitals(text[2:6]), 6
	case len(text) >= 1 && text[0] == c:
		return "r", 1
	}
	return "", 0
}

func isCode(digits []byte, c byte) bool {
	code, err := strconv.ParseUint(string(digits), 16, 16)
	return err == nil && code == uint64(c)
}

// capitals says which of four hexadecimal digits are capital letters, as a digit itself.
func capitals(digits []byte) string {
	mask := 0
	for i, d := range digits {
		if d >= 'A' && d <= 'F' {
			mask |= 1 << i
		}
	}
	return strconv.FormatInt(int64(mask), 16)
}

// spell writes a secret in a spelling.
func spell(secret, spelling string) string {
	var out strings.Builder
	for k, at := 0, 0; k < len(secret) && at < len(spelling); k, at = k+1, at+1 {
		switch c := secret[k]; spelling[at] {
		case 's':
			out.Write([]byte{'\\', c})
		case 'u':
			at++
			out.WriteString(`\u` + withCapitals(c, spelling[at:min(at+1, len(spelling))]))
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}

// withCapitals writes a character's code with the capitals that a mask names.
func withCapitals(c byte, mask string) string {
	code := []byte("00" + hex.EncodeToString([]byte{c}))
	set, _ := strconv.ParseUint(mask, 16, 8) // no mask, no capitals
	for i := range code {
		if set&(1<<i) != 0 {
			code[i] = bytes.ToUpper(code[i : i+1])[0]
		}
	}
	return string(code)
}
