package mailcheck

import (
	"bytes"
	"fmt"
	"strings"
)

// CheckPlain is everything that there is to say about the plain text beside a template.
func CheckPlain(source []byte, o Options) []Finding {
	text := string(bytes.TrimPrefix(source, byteOrderMark))
	var found []Finding
	for _, mark := range []struct{ is, of string }{{o.Text, "editable text"}, {o.Link, "link"}} {
		if n := strings.Count(text, mark.is); n != 1 {
			found = append(found, Finding{
				Line: lineIn(text, mark.is), Problem: true, What: fmt.Sprintf("The %s (%s) is there %d times in the plain text.", mark.of, mark.is, n),
				Fix: "Put " + mark.is + " there once, on a line of its own.",
			})
		}
	}
	return found
}
