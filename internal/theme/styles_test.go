package theme

import (
	"fmt"
	"strings"
	"testing"
)

func TestTextThatIsTooSmallIsFoundWithItsLine(t *testing.T) {
	t.Parallel()
	for value, small := range map[string]bool{
		"font-size: 12px": true, "font-size: 13px": false, "font-size:0.75rem": true, "font-size: .8125rem": false, "font-size: 80%": true,
		"font-size: 9pt": true, "font-size: x-small": true, "font-size: inherit": false, "font-size: var(--size)": false,
		"font: bold 12px/1.6 serif": true, "font: 1rem/1.2 serif": false, "font: 62.5%/1.5 serif": true, "font: inherit": false,
		"line-height: 0.75rem": false, "inline-size: 10px": false,
	} {
		css := fmt.Sprintf("%s\n@media print {\n  .note,\n  .hint { color: red; %s }\n}\n", sheet, value)
		found := checkStyles(map[string][]byte{"css/app.css": []byte(css)})
		if len(found) > 0 != small {
			t.Errorf("%s: %+v", value, found)
		}
		if small && !strings.HasPrefix(found[0].Where, "static/css/app.css, line 7, .note") {
			t.Errorf("%s: found at %q", value, found[0].Where)
		}
	}
}

func TestLinesOfRunningTextAreNotTooClose(t *testing.T) {
	t.Parallel()
	for css, close := range map[string]bool{
		"body { line-height: 1.39 }": true, "html{line-height:1.4;}": false, "main, body { line-height: 130%; }": true, "body { font: 1rem/1.2 serif; }": true,
		"html { font: var(--text-size)/1.55 var(--font); }": false, "body { line-height: 20px; }": true, "body { line-height: 24px; }": false,
		"h1 { line-height: 1.1; }": true, "/* body { line-height: 1.5; } */": true, "": true, // where none is set, browsers take 1.2
	} {
		if found := checkStyles(map[string][]byte{"css/app.css": []byte(css)}); len(found) > 0 != close {
			t.Errorf("%q: %+v", css, found)
		}
	}
}

func FuzzDeclarations(f *testing.F) {
	f.Add(sheet)
	f.Add("}}{;:/*")
	f.Fuzz(func(t *testing.T, css string) {
		lines := strings.Count(css, "\n") + 1
		for d := range declarations([]byte(css)) {
			if d.line < 1 || d.line > lines {
				t.Errorf("line %d of %d", d.line, lines)
			}
		}
	})
}
