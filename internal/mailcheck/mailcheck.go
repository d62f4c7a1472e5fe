// Package mailcheck reads an HTML template of e-mails as mail programs will, and says in plain words what it lacks and what
// will not work there: [Check], and [CheckPlain] for the text beside it.
//
// A rule is a function of the document, a file per subject. Lines are those of the source, as well as they can be told.
package mailcheck

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Options are what the template cannot say by itself.
type Options struct {
	Text, Link string // the marks of the editable paragraph and of the personal link
	HasPlain   bool   // whether there is a plain-text part beside it
}

// Finding is something to mend.
type Finding struct {
	Line    int    // 0 where it is about the whole
	Problem bool   // it does not work; otherwise it works, but not well everywhere
	What    string // what is wrong
	Fix     string // how to mend it
}

// maxDepth is how deeply elements may stand in each other. What is deeper was not made to be read.
const maxDepth = 500

// byteOrderMark is what some editors begin a file with. It is no part of what the file says.
var byteOrderMark = []byte("\ufeff")

var errUnclosed = errors.New("too many elements are not closed")

// Check is everything that there is to say about a template, by line.
func Check(source []byte, o Options) []Finding {
	d, err := parse(bytes.TrimPrefix(source, byteOrderMark), o)
	if errors.Is(err, errUnclosed) {
		return []Finding{{Problem: true, What: "Elements such as <font> or <b> are opened again and again and never closed.", Fix: "Close each where its words end, then check again."}}
	}
	if err != nil {
		return []Finding{{Problem: true, What: "The file cannot be read as HTML.", Fix: "Save it as HTML in UTF-8."}}
	}
	for _, rule := range []func(*document){
		checkSize, checkHead, checkPreheader, checkMarks, checkLogo, checkFooter, checkElements, checkStyles, checkImages,
		checkTables, checkReadable, checkLinks, checkPlain,
	} {
		rule(d)
	}
	slices.SortStableFunc(d.findings, func(a, b Finding) int { return a.Line - b.Line })
	return d.findings
}

// document is a template that is being checked.
type document struct {
	source   string
	options  Options
	root     *html.Node
	nodes    []*html.Node // all of them, in the order of the document
	places   map[*html.Node]place
	findings []Finding
}

// lineAttribute carries the line of an element through the parser, which knows none.
const lineAttribute = "mailcheck-line"

func parse(source []byte, o Options) (*document, error) {
	numbered, err := number(source)
	if err != nil {
		return nil, err
	}
	root, err := html.ParseWithOptions(bytes.NewReader(numbered), html.ParseOptionEnableScripting(false))
	if err != nil {
		return nil, err
	}
	d := &document{source: string(source), options: o, root: root, places: map[*html.Node]place{}}
	d.collect(root, place{}, 0)
	return d, nil
}

// collect notes a node, what it gets from the elements around it, and all that is in it.
func (d *document) collect(n *html.Node, around place, depth int) {
	here := around.inside(n)
	d.nodes, d.places[n] = append(d.nodes, n), here
	if depth > maxDepth {
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		d.collect(c, here, depth+1)
	}
}

func (d *document) problem(line int, what, fix string) {
	d.findings = append(d.findings, Finding{Line: line, Problem: true, What: what, Fix: fix})
}

func (d *document) advise(line int, what, fix string) {
	d.findings = append(d.findings, Finding{Line: line, What: what, Fix: fix})
}

// elements are those of the names, in order.
func (d *document) elements(names ...string) []*html.Node {
	var found []*html.Node
	for _, n := range d.nodes {
		if n.Type == html.ElementNode && slices.Contains(names, n.Data) {
			found = append(found, n)
		}
	}
	return found
}

// lineOf is the line of the first place where a text stands, or 0.
func (d *document) lineOf(text string) int { return lineIn(d.source, text) }

func lineIn(source, text string) int {
	before, _, ok := strings.Cut(source, text)
	if !ok {
		return 0
	}
	return 1 + strings.Count(before, "\n")
}
