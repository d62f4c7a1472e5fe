package front

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"portal/internal/brand"
)

var pages = template.Must(template.ParseFS(assets, "assets/preview.html", "assets/problems.html"))

// states are what the preview can show; assets/preview.js knows what to do for each.
var states = []state{
	{Name: "step", Label: "A step"},
	{Name: "error", Label: "Errors"},
	{Name: "document", Label: "A document"},
	{Name: "waiting", Label: "Waiting"},
	{Name: "review", Label: "Review"},
	{Name: "done", Label: "Done"},
	{Name: "expired", Label: "Expired"},
}

type state struct {
	Name, Label string
	Current     bool
}

// preview is the page that shows a theme.
type preview struct {
	Brand      brand.Brand
	Logo       string // its address, if there is one
	LogoDark   string // that of dark pages, likewise
	File       string // where the theme is from, if it is not built in
	State      string
	States     []state
	Tokens     []token
	Properties []token
}

type token struct{ Name, Value string }

// problems is the page that says what is wrong with a theme.
type problems struct {
	File     string
	Problems []string
}

// showTheme answers with the forms, filled with samples, in the theme of the file as it is now. The token and the pair
// in the address of the real preview are not looked at.
func (f *Front) showTheme(w http.ResponseWriter, r *http.Request) {
	t, err := f.theme()
	if err != nil {
		page := problems{File: f.options.ThemeFile, Problems: strings.Split(err.Error(), "\n")}
		render(w, http.StatusUnprocessableEntity, "problems.html", page)
		return
	}
	render(w, http.StatusOK, "preview.html", f.preview(t, r.URL.Query().Get("state")))
}

func (f *Front) preview(t theme, asked string) preview {
	at := max(slices.IndexFunc(states, func(s state) bool { return s.Name == asked }), 0)
	page := preview{
		Brand: t.brand, File: f.options.ThemeFile,
		State: states[at].Name, States: slices.Clone(states),
		Tokens: tokens(t.brand), Properties: properties(t.brand.Stylesheet()),
	}
	page.States[at].Current = true
	page.Logo, page.LogoDark = themeFile(t.brand.LogoAsset()), themeFile(t.brand.LogoDarkAsset())
	return page
}

// tokens are the tokens of a brand that are set, as they are called in its file.
func tokens(b brand.Brand) []token {
	var list []token
	for field, value := range reflect.ValueOf(b).Fields() {
		if name := field.Tag.Get("toml"); name != "" && !value.IsZero() {
			list = append(list, token{name, fmt.Sprint(value)})
		}
	}
	return list
}

var property = regexp.MustCompile(`(--[\w-]+):\s*([^;]+);`)

// properties are the custom properties of a stylesheet's first block, which is the light one.
func properties(css []byte) []token {
	first, _, _ := bytes.Cut(css, []byte("}"))
	var list []token
	for _, found := range property.FindAllSubmatch(first, -1) {
		list = append(list, token{string(found[1]), string(found[2])})
	}
	return list
}

// render answers with a page, once it is whole.
func render(w http.ResponseWriter, status int, name string, page any) {
	var whole bytes.Buffer
	if err := pages.ExecuteTemplate(&whole, name, page); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", ownCSP+"'none'")
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Permissions-Policy", cameraOnly)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = whole.WriteTo(w)
}
