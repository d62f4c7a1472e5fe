package passfort

import "strings"

// mark is what stands in the place of a secret.
type mark struct{ name, spelling string }

// nextMark finds the first mark of a text; ok is false where there is none.
func nextMark(text string) (before string, m mark, after string, ok bool) {
	for at := 0; ; {
		begin := strings.IndexByte(text[at:], 0)
		if begin < 0 {
			return text, mark{}, "", false
		}
		begin += at
		end := strings.IndexByte(text[begin+1:], 0)
		if end < 0 {
			return text, mark{}, "", false
		}
		end += begin + 1
		name, spelling, found := strings.Cut(text[begin+1:end], ":")
		if found && len(name) == 8 && strings.Trim(name, "0123456789abcdef") == "" && strings.Trim(spelling, "rsu0123456789abcdef") == "" {
			return text[:begin], mark{name, spelling}, text[end+1:], true
		}
		at = begin + 1
	}
}

// restore puts the secrets back. In the place of one that is no longer known stands the current one.
func (c secretCutter) restore(text string) string {
	var out strings.Builder
	for {
		before, m, after, ok := nextMark(text)
		out.WriteString(before)
		if !ok {
			return out.String()
		}
		out.WriteString(c.put(m))
		text = after
	}
}

func (c secretCutter) put(m mark) string {
	for _, s := range c.known {
		if s.name == m.name && m.spelling != "" {
			return spell(s.text, m.spelling)
		}
		if s.name == m.name {
			return s.text
		}
	}
	return quotedInside(c.first)
}

// quotedInside is a secret as it may stand between the quotes of a JSON string.
func quotedInside(secret string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(secret)
}

// sentWith is the secret that the sender of a message used, or the current one where that cannot be told.
func (c secretCutter) sentWith(text string) string {
	_, m, _, ok := nextMark(text)
	for _, s := range c.known {
		if ok && s.name == m.name {
			return s.text
		}
	}
	return c.first
}

// withoutMarks is a text with nothing in the place of its secrets.
func withoutMarks(text string) string {
	var out strings.Builder
	for {
		before, _, after, ok := nextMark(text)
		out.WriteString(before)
		if !ok {
			return out.String()
		}
		text = after
	}
}

// within says whether a text holds a secret, in small letters or in capitals.
func (c secretCutter) within(text string) bool {
	for _, s := range c.known {
		if strings.Contains(strings.ToUpper(text), strings.ToUpper(s.text)) {
			return true
		}
	}
	return false
}

// withoutBegun is a text that was cut off, without a secret that was cut in the middle, however it is spelt.
func (c secretCutter) withoutBegun(raw []byte) []byte {
	for _, s := range c.known {
		for at := max(0, len(raw)-longestSpelling*len(s.text)); at < len(raw); at++ {
			if begun(raw[at:], s.text) {
				raw = raw[:at]
			}
		}
	}
	return raw
}

const longestSpelling = len(`\u0000`)

// begun says whether text ends in the middle of a secret that it begins with.
func begun(text []byte, secret string) bool {
	for k := range len(secret) {
		if len(text) == 0 || text[0] == '\\' && len(text) < longestSpelling {
			return true
		}
		_, width := spellingOf(text, secret[k])
		if width == 0 {
			return false
		}
		text = text[width:]
	}
	return false
}
