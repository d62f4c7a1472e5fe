package theme

import (
	"iter"
	"regexp"
	"strings"
)

// declaration is one line of a stylesheet, such as color: red, and what it is about.
type declaration struct {
	line                      int
	selector, property, value string
}

var comment = regexp.MustCompile(`(?s)/\*.*?\*/`)

// declarations reads what stylesheets of ours are made of: rules, in groups or not. Strings with braces or semicolons in them
// are taken apart, which does no harm to what is looked for.
func declarations(css []byte) iter.Seq[declaration] {
	text := comment.ReplaceAllStringFunc(string(css), func(c string) string { return strings.Repeat("\n", strings.Count(c, "\n")) })
	return func(yield func(declaration) bool) {
		var around []string // the selectors of the rules that are open
		line := 1
		for rest := text; ; {
			end := strings.IndexAny(rest, "{};")
			if end < 0 {
				return
			}
			part := rest[:end]
			line += strings.Count(part, "\n")
			switch rest[end] {
			case '{':
				around = append(around, strings.TrimSpace(part))
			default:
				if d, ok := declare(part, around, line); ok && !yield(d) {
					return
				}
				if rest[end] == '}' && len(around) > 0 {
					around = around[:len(around)-1]
				}
			}
			rest = rest[end+1:]
		}
	}
}

func declare(part string, around []string, line int) (declaration, bool) {
	property, value, ok := strings.Cut(part, ":")
	if !ok || len(around) == 0 {
		return declaration{}, false
	}
	return declaration{line, around[len(around)-1], strings.ToLower(strings.TrimSpace(property)), strings.TrimSpace(value)}, true
}
