package brand

import (
	"cmp"
	"encoding/xml"
	"errors"
	"regexp"
	"slices"
	"strings"
)

// drawing is what there is to know of an SVG image.
type drawing struct {
	begun         bool
	width, height float64
	colours       []colour // that it is drawn in, as far as they can be told
	plate         bool     // it has a ground of its own
	vague         bool     // some colours cannot be told
	around        []element
	style         []byte // what <style> holds so far
}

// element is one that is open.
type element struct {
	name   string
	set    bool   // a colour is set there or around it
	fill   string // set there or around it; empty where a class or nothing sets it
	kept   bool   // for later: it is shown where something refers to it, if at all
	unseen bool   // it only cuts
}

// Elements that are not drawn where they stand; the second kind is drawn nowhere.
var (
	keeping = []string{"defs", "symbol", "pattern", "marker", "clipPath", "mask"}
	cutting = []string{"clipPath", "mask"}
)

func (d *drawing) size() Size { return shape(d.width, d.height) }

// see notes the size and the colours, and refuses styles that do more than draw.
func (d *drawing) see(token xml.Token) error {
	switch token := token.(type) {
	case xml.StartElement:
		if !d.begun {
			if token.Name.Local != "svg" {
				return errOtherKind
			}
			d.begun = true
			d.width, d.height = svgBox(token)
		}
		return d.open(token)
	case xml.EndElement:
		return d.close()
	case xml.CharData:
		if d.inStyle() {
			d.style = append(d.style, token...)
		}
	}
	return nil
}

func (d *drawing) inStyle() bool {
	return len(d.around) > 0 && strings.EqualFold(d.around[len(d.around)-1].name, "style")
}

// close looks at a style when it is whole: comments may stand in the middle of a word.
func (d *drawing) close() error {
	wasStyle := d.inStyle()
	d.around = d.around[:len(d.around)-1]
	if !wasStyle {
		return nil
	}
	css := string(d.style)
	d.style = nil
	d.noteStyle(css)
	return refuseElsewhere("a style", css, true)
}

var shapes = []string{"path", "rect", "circle", "ellipse", "line", "polygon", "polyline", "text"}

func (d *drawing) open(e xml.StartElement) error {
	if d.inStyle() {
		return errors.New("it holds an element within <style>: save it without")
	}
	var in element
	if len(d.around) > 0 {
		in = d.around[len(d.around)-1]
	}
	in.name = e.Name.Local
	in.kept = in.kept || slices.Contains(keeping, in.name)
	in.unseen = in.unseen || slices.Contains(cutting, in.name)
	d.paint(&in, e.Attr)
	if slices.Contains(shapes, in.name) && !in.kept {
		d.plate = d.plate || isColour(in.fill) && d.covers(e)
		if !in.set {
			d.colours = append(d.colours, black) // as drawings are unless told otherwise
		}
	}
	d.around = append(d.around, in)
	return nil
}

// paint notes the colours of an element. A style goes before a class, and that before an attribute.
func (d *drawing) paint(in *element, attrs []xml.Attr) {
	fills := map[string]string{}
	for _, a := range attrs {
		switch a.Name.Local {
		case "fill", "stroke", "stop-color":
			fills[a.Name.Local] = a.Value
			in.set = true
			if !in.unseen {
				d.notePaint(a.Value)
			}
		case "style":
			if m := fillOf.FindStringSubmatch(a.Value); m != nil {
				fills["style"] = m[1]
			}
			in.set = paint.MatchString(a.Value) || in.set
			if !in.unseen {
				d.noteStyle(a.Value)
			}
		case "class":
			in.set, in.fill = true, "" // the colour comes from <style>
			fills["class"] = a.Value
		}
	}
	if fills["class"] == "" {
		in.fill = cmp.Or(fills["fill"], in.fill)
	}
	in.fill = cmp.Or(fills["style"], in.fill)
}

// isColour reports whether something that is filled like that hides what is behind it.
func isColour(fill string) bool {
	fill = strings.ToLower(strings.TrimSpace(fill))
	return fill != "" && !slices.Contains([]string{"none", "transparent", "inherit"}, fill) && !strings.HasPrefix(fill, "url(") && !strings.HasPrefix(fill, "var(")
}

// covers reports whether a rectangle is as large as the drawing, and lets nothing through.
func (d *drawing) covers(e xml.StartElement) bool {
	attrs := map[string]string{}
	for _, a := range e.Attr {
		attrs[a.Name.Local] = a.Value
	}
	whole := func(opacity string) bool { return opacity == "" || opacity == "1" || opacity == "100%" }
	width, height := attrs["width"], attrs["height"]
	all := width == "100%" && height == "100%" || d.width > 0 && length(width) >= d.width && d.height > 0 && length(height) >= d.height
	return e.Name.Local == "rect" && all && whole(attrs["opacity"]) && whole(attrs["fill-opacity"])
}

var fillOf = regexp.MustCompile(`(?:^|[;\s])fill\s*:\s*([^;}]+)`)

var paint = regexp.MustCompile(`(?:fill|stroke|stop-color)\s*:\s*([^;}]+)`)

// noteStyle notes the colours of CSS.
func (d *drawing) noteStyle(css string) {
	for _, m := range paint.FindAllStringSubmatch(css, -1) {
		d.notePaint(m[1])
	}
}

func (d *drawing) notePaint(value string) {
	value = strings.ToLower(strings.TrimSpace(value))
	if len(value) == 4 && value[0] == '#' {
		value = "#" + strings.Repeat(value[1:2], 2) + strings.Repeat(value[2:3], 2) + strings.Repeat(value[3:4], 2)
	}
	named := map[string]colour{"black": black, "white": white}
	c, err := parseColour(value)
	if n, ok := named[value]; ok {
		c, err = n, nil
	}
	switch {
	case value == "none" || value == "transparent" || strings.HasPrefix(value, "url("):
	case err != nil:
		d.vague = true
	default:
		d.colours = append(d.colours, c)
	}
}
