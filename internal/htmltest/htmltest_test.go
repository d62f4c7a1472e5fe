package htmltest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/htmltest"
)

func TestPagesAreReadWithTheirTextsAndAttributes(t *testing.T) {
	t.Parallel()
	d, err := htmltest.Parse(`<!doctype html><html lang="en"><body><p id="a" hidden>One &amp; <b>two</b>, three</p><input value="a &gt; b"/></body></html>`)
	if err != nil {
		t.Fatal(err)
	}
	p := d.WithID("a")[0]
	if got, want := p.Text(), "One & two, three"; got != want {
		t.Errorf("text %q, want %q", got, want)
	}
	if !p.Has("hidden") || p.Has("lang") || !p.Within("body") || p.Within("input") || d.Root().Attrs["lang"] != "en" {
		t.Errorf("%+v within %+v", p, p.Parent)
	}
	if got := d.Named("input")[0]; got.Attrs["value"] != "a > b" || got.Parent.Name != "body" {
		t.Errorf("%+v", got)
	}
	var said []string
	for _, one := range d.Texts {
		said = append(said, one.Of.Name+": "+one.Said)
	}
	if diff := cmp.Diff([]string{"p: One & ", "b: two", "p: , three"}, said); diff != "" {
		t.Error(diff)
	}
}

// What a browser would put right is an error here.
func TestBrokenPagesAreRefused(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"left open":          `<p>a`,
		"closed twice":       `<p>a</p></p>`,
		"crossed":            `<b><i>a</b></i>`,
		"stray less-than":    `<p>a < b</p>`,
		"unquoted":           `<p id=a>a</p>`,
		"upper case":         `<P>a</P>`,
		"attribute twice":    `<p id="a" id="b">a</p>`,
		"attribute unclosed": `<p id="a>a</p>`,
		"text outside":       `</html>a<html>`,
	} {
		if _, err := htmltest.Parse("<!doctype html><html>" + body + "</html>"); err == nil {
			t.Errorf("%s: %s is taken", name, body)
		}
	}
	if _, err := htmltest.Parse("<html></html>"); err == nil {
		t.Error("a page without a doctype is taken")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`<!doctype html><html lang="en"><p hidden>a</p><br/></html>`)
	f.Fuzz(func(t *testing.T, page string) {
		d, err := htmltest.Parse(page)
		if err != nil {
			return
		}
		for _, e := range d.Elements {
			if e.Parent != nil && !strings.Contains(e.Parent.Text(), e.Text()) {
				t.Errorf("%+v", e)
			}
		}
	})
}
