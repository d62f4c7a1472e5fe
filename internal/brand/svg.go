package brand

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// acting are elements that do more than draw.
var acting = []string{"script", "foreignobject", "iframe", "embed", "object", "audio", "video", "handler", "listener"}

// readSVG reads an image and refuses one that does more than draw: scripts, handlers, and references to other files.
func readSVG(content []byte) (drawing, error) {
	var d drawing
	if !utf8.Valid(content) && isText(content) {
		return d, errEncoding
	}
	decoder := xml.NewDecoder(bytes.NewReader(content))
	decoder.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errEncoding }
	for {
		token, err := decoder.Token()
		if err == io.EOF && d.begun {
			return d, nil
		}
		if errors.Is(err, errEncoding) {
			return drawing{}, errEncoding
		}
		if err != nil {
			return drawing{}, errOtherKind
		}
		if err := refuse(token); err != nil {
			return drawing{}, err
		}
		if err := d.see(token); err != nil {
			return drawing{}, err
		}
	}
}

// errEncoding is that of a drawing in letters of another kind than browsers and this package take.
var errEncoding = errors.New("its text is in another encoding: save it as UTF-8")

// isText tells a drawing in another encoding from what is no drawing at all: by its first tag, or by the mark of UTF-16.
func isText(content []byte) bool {
	return bytes.Contains(content, []byte("<svg")) || bytes.HasPrefix(content, []byte("\xff\xfe")) || bytes.HasPrefix(content, []byte("\xfe\xff"))
}

func refuse(token xml.Token) error {
	switch token := token.(type) {
	case xml.StartElement:
		return refuseActing(token)
	case xml.ProcInst:
		if token.Target != "xml" {
			return fmt.Errorf("it holds <?%s …?>: save it without", token.Target)
		}
	case xml.Directive:
		if bytes.Contains(token, []byte("ENTITY")) {
			return errors.New("it holds <!ENTITY …>: save it without")
		}
	}
	return nil
}

func refuseActing(e xml.StartElement) error {
	name := strings.ToLower(e.Name.Local)
	if slices.Contains(acting, name) {
		return fmt.Errorf("it holds <%s>, and a logo may only draw: save it without", name)
	}
	for _, a := range e.Attr {
		attr, value := strings.ToLower(a.Name.Local), strings.TrimSpace(a.Value)
		switch {
		case strings.HasPrefix(attr, "on"):
			return fmt.Errorf("it holds %s=…, and a logo may only draw: save it without", attr)
		case (attr == "href" || attr == "src") && !strings.HasPrefix(value, "#") && !strings.HasPrefix(value, "data:image/"):
			return fmt.Errorf("it refers to another file or page (%s): put everything into the logo itself", attr)
		case attr == "attributename" && (strings.EqualFold(value, "href") || strings.HasSuffix(strings.ToLower(value), ":href")):
			return fmt.Errorf("it changes what it refers to (<%s>): save it without", name)
		case a.Name.Space != "": // a drawing program's notes, which browsers do not read
			continue
		}
		if err := refuseElsewhere(attr, value, attr == "style" || strings.Contains(value, "(")); err != nil {
			return err
		}
	}
	return nil
}

var (
	reference = regexp.MustCompile(`(?i)url\(\s*["']?\s*(#|data:)?`)
	loading   = regexp.MustCompile(`(?i)@import|image-set\(`)
)

// refuseElsewhere refuses CSS that loads something. Where an escape could hide that it does, there may be none.
func refuseElsewhere(what, css string, mayHide bool) error {
	if mayHide && strings.Contains(css, `\`) {
		return fmt.Errorf("%s has a backslash, which may hide something: save it without", what)
	}
	elsewhere := slices.ContainsFunc(reference.FindAllStringSubmatch(css, -1), func(m []string) bool { return m[1] == "" })
	if elsewhere || loading.MatchString(css) {
		return fmt.Errorf("%s refers to another file: put everything into the logo itself", what)
	}
	return nil
}

// svgBox is the size of the view box, or else width and height, in the drawing's own units.
func svgBox(e xml.StartElement) (width, height float64) {
	for _, a := range e.Attr {
		switch a.Name.Local {
		case "viewBox":
			if f := strings.Fields(strings.ReplaceAll(a.Value, ",", " ")); len(f) == 4 {
				return length(f[2]), length(f[3])
			}
		case "width":
			width = length(a.Value)
		case "height":
			height = length(a.Value)
		}
	}
	return width, height
}

// shape is a size at a height of a hundred: drawings have no pixels.
func shape(width, height float64) Size {
	const high = 100
	if width == 0 || height == 0 || width/height > 100 {
		return Size{}
	}
	return Size{int(math.Round(width / height * high)), high}
}

// length reads a number that may stand before px; anything else is no length.
func length(s string) float64 {
	v, err := strconv.ParseFloat(strings.TrimSuffix(s, "px"), 64)
	if err != nil || v <= 0 || math.IsInf(v, 0) || math.IsNaN(v) {
		return 0
	}
	return v
}
