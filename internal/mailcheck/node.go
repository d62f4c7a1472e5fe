package mailcheck

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// number gives each start tag an attribute with its line. It fails on a template that would take too long to read.
func number(source []byte) ([]byte, error) {
	var out bytes.Buffer
	z := html.NewTokenizer(bytes.NewReader(source))
	line, left := 1, unclosed{open: map[string]int{}}
	for {
		kind := z.Next()
		raw := z.Raw()
		lines := bytes.Count(raw, []byte("\n"))
		if kind == html.StartTagToken || kind == html.SelfClosingTagToken {
			name := 1 + bytes.IndexAny(append(raw[1:len(raw):len(raw)], '>'), " \t\r\n\f/>")
			out.Write(raw[:name])
			out.WriteString(" " + lineAttribute + "=\"" + strconv.Itoa(line) + "\"")
			raw = raw[name:]
		}
		out.Write(raw)
		line += lines
		tag, _ := z.TagName()
		if left.see(kind, string(tag)); left.tooMany() {
			return nil, errUnclosed
		}
		if kind == html.ErrorToken {
			return out.Bytes(), nil
		}
	}
}

// line is where a node begins: of a text, where its element does.
func line(n *html.Node) int {
	for ; n != nil; n = n.Parent {
		if number, err := strconv.Atoi(attribute(n, lineAttribute)); err == nil {
			return number
		}
	}
	return 0
}

// attribute is the value of an attribute, or nothing.
func attribute(n *html.Node, name string) string {
	value, _ := lookUp(n, name)
	return value
}

func lookUp(n *html.Node, name string) (value string, ok bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return strings.TrimSpace(a.Val), true
		}
	}
	return "", false
}

// within reports whether a node stands in an element of one of the names, at whatever distance.
func within(n *html.Node, names ...string) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Type == html.ElementNode && slices.Contains(names, p.Data) {
			return true
		}
	}
	return false
}

// words is the text of a node, its spaces made one.
func words(n *html.Node) string {
	var b strings.Builder
	var collect func(n *html.Node, depth int)
	collect = func(n *html.Node, depth int) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
		for c := n.FirstChild; c != nil && depth < maxDepth; c = c.NextSibling {
			collect(c, depth+1)
		}
	}
	collect(n, 0)
	return strings.Join(strings.Fields(b.String()), " ")
}

// called reports whether the class or the id of a node has such a word in it.
func called(n *html.Node, word string) bool {
	return strings.Contains(strings.ToLower(attribute(n, "class")+" "+attribute(n, "id")), word)
}
