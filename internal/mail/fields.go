package mail

import (
	"bufio"
	"io"
	"strings"
)

// fields are those of a group of lines such as "Action: failed", by their names in lower case. The first of a name counts.
type fields map[string]string

// Limits of what is read: the groups about the message and about its recipients, and the bytes of a folded field.
const (
	maxGroups = 100
	maxField  = 4 << 10
)

// readFields reads groups of fields, which empty lines part. Mail servers differ in how well they write them, so a line
// that is none is passed over.
func readFields(r io.Reader) []fields {
	var groups []fields
	var group fields
	var last string // the field that a folded line goes on with
	lines := bufio.NewReader(r)
	for len(groups) < maxGroups {
		line, err := lines.ReadString('\n')
		text := strings.TrimRight(line, "\r\n")
		switch {
		case strings.TrimSpace(text) == "":
			if group != nil {
				groups, group, last = append(groups, group), nil, ""
			}
		case text[0] == ' ' || text[0] == '\t':
			group.goOn(last, text)
		default:
			if group == nil {
				group = fields{}
			}
			last = group.take(text)
		}
		if err != nil {
			break
		}
	}
	if group != nil && len(groups) < maxGroups {
		groups = append(groups, group)
	}
	return groups
}

// take notes a line and returns its field, or nothing where a line that follows must not go on with it.
func (f fields) take(line string) string {
	name, value, ok := strings.Cut(line, ":")
	name = strings.ToLower(strings.TrimSpace(name))
	if _, known := f[name]; !ok || known {
		return ""
	}
	f[name] = strings.TrimSpace(value)
	return name
}

// goOn adds a line to a folded field, whose end matters to nobody when it is long.
func (f fields) goOn(name, line string) {
	if name != "" && len(f[name]) < maxField {
		f[name] = strings.TrimSpace(f[name] + " " + strings.TrimSpace(line))
	}
}

// firstWord leaves out the comments that mail servers add in brackets.
func firstWord(value string) string {
	word, _, _ := strings.Cut(value, "(")
	words := strings.Fields(word)
	if len(words) == 0 {
		return ""
	}
	return words[0]
}
