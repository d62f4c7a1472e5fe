package static

import (
	"bytes"
	"strings"
	"testing"
)

func TestLeanTakesAwayWhatIsForReaders(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ file, content, want string }{
		"stylesheet":             {"a.css", "/* one\n   two */\n\na {\n  margin: 0; /* three */\n}\n", "a {\nmargin: 0;\n}\n"},
		"strings":                {"a.css", `a { content: "/* \" */"; b: '/*"*/' } /* x */`, `a { content: "/* \" */"; b: '/*"*/' }` + "\n"},
		"a comment without end":  {"a.css", "a {}\n/* b {}", "a {}\n"},
		"a string without end":   {"a.css", `a { b: "/* c */`, `a { b: "/* c */` + "\n"},
		"script":                 {"a.js", "// One.\n(() => {\n  // Two.\n  f('//'); // three\n})();\n", "(() => {\nf('//'); // three\n})();\n"},
		"a picture stays":        {"a.svg", "  <!-- a -->\n // b\n", "  <!-- a -->\n // b\n"},
		"a stylesheet of nought": {"a.css", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := string(lean(test.file, []byte(test.content))); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// A string over several lines could hold one that begins like a comment.
func TestScriptsHaveNoStringsOfSeveralLines(t *testing.T) {
	t.Parallel()
	for name, content := range readEmbedded() {
		for line := range strings.Lines(string(content)) {
			if strings.HasSuffix(name, ".js") && strings.Count(line, "`")%2 != 0 {
				t.Errorf("%s: %s", name, line)
			}
		}
	}
}

func FuzzLean(f *testing.F) {
	f.Add([]byte("/* a */ b { c: \"/* d */\" } '\\"))
	f.Fuzz(func(t *testing.T, css []byte) {
		once := lean("a.css", css)
		if len(once) > len(css)+1 || bytes.Contains(once, []byte("\n\n")) {
			t.Errorf("%q has become %q", css, once)
		}
	})
}
