package gallery

import (
	"context"
	"strings"
	"testing"

	"portal/internal/htmltest"
	"portal/internal/i18n"
)

func TestPagesHaveAFrame(t *testing.T) {
	each(t, pages, func(s shown, flaw func(string, ...any)) {
		if root := s.Root(); root.Name != "html" || root.Attrs["lang"] != s.locale.Lang() || root.Attrs["dir"] != s.locale.Dir() {
			flaw("root: %v", root.Attrs)
		}
		for _, name := range []string{"h1", "title", "main", "header", "footer"} {
			if e := s.only(name); e == nil || strings.TrimSpace(e.Text()) == "" {
				flaw("%d <%s>, or an empty one", len(s.Named(name)), name)
			}
		}
		if e := s.only("title"); e != nil && !strings.Contains(e.Text(), " – "+i18n.Apart(i18n.With(context.Background(), s.locale), acme.Name)) {
			flaw("title %q", e.Text())
		}
		if e := s.only("footer"); e != nil && !strings.Contains(e.Text(), acme.SupportEmail) {
			flaw("no way to get help")
		}
	})
}

func TestMailsSayTheirLanguage(t *testing.T) {
	each(t, func(s shown) bool { return s.Mail }, func(s shown, flaw func(string, ...any)) {
		if root := s.Root(); root.Attrs["lang"] != s.locale.Lang() || root.Attrs["dir"] != s.locale.Dir() {
			flaw("root: %v", root.Attrs)
		}
	})
}

func TestPagesKeepToTheContentSecurityPolicy(t *testing.T) {
	each(t, pages, func(s shown, flaw func(string, ...any)) {
		for _, e := range s.Elements {
			if e.Has("style") || e.Name == "style" {
				flaw("<%s> has a style of its own", e.Name)
			}
			for name := range e.Attrs {
				if strings.HasPrefix(name, "on") {
					flaw("<%s> has %s", e.Name, name)
				}
			}
			if e.Name == "script" && e.Attrs["src"] == "" && e.Attrs["type"] != "application/json" {
				flaw("a script stands in the page")
			}
		}
	})
}

// references are the ids that an element names.
func references(e *htmltest.Element) []string {
	ids := strings.Fields(e.Attrs["for"] + " " + e.Attrs["aria-describedby"] + " " + e.Attrs["aria-labelledby"] + " " + e.Attrs["aria-controls"])
	if fragment, ok := strings.CutPrefix(e.Attrs["href"], "#"); ok {
		ids = append(ids, fragment)
	}
	return ids
}

func TestPagesReferToWhatIsThere(t *testing.T) {
	each(t, all, func(s shown, flaw func(string, ...any)) {
		times := map[string]int{}
		for _, e := range s.Elements {
			times[e.Attrs["id"]]++
		}
		for _, e := range s.Elements {
			if id := e.Attrs["id"]; id != "" && times[id] != 1 {
				flaw("id %s is there %d times", id, times[id])
			}
			for _, id := range references(e) {
				if times[id] != 1 {
					flaw("<%s> refers to %q, which is not there", e.Name, id)
				}
			}
		}
	})
}

func TestControlsHaveNames(t *testing.T) {
	each(t, pages, func(s shown, flaw func(string, ...any)) {
		labels := make(map[string]string)
		for _, e := range s.Named("label") {
			labels[e.Attrs["for"]] = strings.TrimSpace(e.Text())
		}
		for _, e := range s.Elements {
			switch {
			case (e.Name == "input" || e.Name == "select") && e.Attrs["type"] != "hidden" && labels[e.Attrs["id"]] == "":
				flaw("field %s has no label", e.Attrs["name"])
			case (e.Name == "button" || e.Name == "a") && strings.TrimSpace(e.Text()) == "":
				flaw("a <%s> has no name", e.Name)
			case e.Name == "img" && e.Attrs["alt"] == "":
				flaw("an image has no text")
			}
		}
	})
}

func TestFormsPostToThePortal(t *testing.T) {
	each(t, pages, func(s shown, flaw func(string, ...any)) {
		for _, e := range s.Named("form") {
			if e.Attrs["method"] != "post" || !e.Has("novalidate") || !strings.HasPrefix(e.Attrs["action"], start+"/") {
				flaw("form %v", e.Attrs)
			}
		}
	})
}

// What is chosen is sent in one field alone: the others only fill it.
func TestOneFileIsSent(t *testing.T) {
	each(t, pages, func(s shown, flaw func(string, ...any)) {
		for _, e := range s.Named("input") {
			if e.Attrs["type"] == "file" && (e.Attrs["id"] == "file") != (e.Attrs["name"] == "file") {
				flaw("the field %v is sent, or is not", e.Attrs)
			}
		}
	})
}
