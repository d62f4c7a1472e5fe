package web_test

import (
	"io/fs"
	"maps"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"portal/internal/brand"
	"portal/static"
)

// dressed is how the pages of a portal look.
type dressed struct {
	brand  brand.Brand
	brands map[string]brand.Brand // of the flows that have one of their own
	assets *static.Set
}

// dress makes the assets of a brand, and of what flows have of their own, as cmd/portal does.
func dress(t testing.TB, b brand.Brand, files fs.FS, own map[string]brand.Brand) *dressed {
	t.Helper()
	d := &dressed{brand: b.Measured(files), brands: map[string]brand.Brand{}}
	all, err := b.Assets(files)
	if err != nil {
		t.Fatal(err)
	}
	for flow, has := range own {
		d.brands[flow] = b.For(flow, has).Measured(files)
		more, err := d.brands[flow].Assets(files)
		if err != nil {
			t.Fatal(err)
		}
		maps.Copy(all, more)
	}
	d.assets = static.New(all)
	return d
}

const (
	dayLogo   = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 40"><circle cx="20" cy="20" r="20" fill="#7a1f5c"/></svg>`
	nightLogo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 40"><circle cx="20" cy="20" r="20" fill="#ffd5ee"/></svg>`
)

// inTwoBrands is a portal whose flow "company" has a brand of its own.
func inTwoBrands(t *testing.T) wanted {
	files := fstest.MapFS{"day.svg": {Data: []byte(dayLogo)}, "night.svg": {Data: []byte(nightLogo)}}
	own := brand.Brand{Name: "Northlight Business", Accent: "#7a1f5c", Logo: "day.svg", LogoDark: "night.svg", LogoAlt: "Northlight for companies"}
	return wanted{dressed: dress(t, northlight, files, map[string]brand.Brand{"company": own})}
}

// wears checks whose brand a page wears: its name, its stylesheet, its icon and its logo.
func (p page) wears(own bool) page {
	p.t.Helper()
	title, _, _ := strings.Cut(p.body, "</title>")
	for what, has := range map[string]bool{
		"name": strings.Contains(title, "Northlight Business"), "alternative": strings.Contains(p.body, `alt="Northlight for companies"`),
		"stylesheet": strings.Contains(p.body, "/static/brand-company."), "icon": strings.Contains(p.body, "/static/icon-company."),
		"logo": strings.Contains(p.body, "/static/logo-company."), "dark logo": strings.Contains(p.body, "/static/dark-logo-company."),
	} {
		if has != own {
			p.t.Errorf("%s has the %s of the flow's brand: %t, want %t:\n%.1500s", p.what, what, has, own, p.body)
		}
	}
	if plain := strings.Contains(p.body, `/static/brand.`); plain == own {
		p.t.Errorf("%s: the portal's stylesheet: %t", p.what, plain)
	}
	return p
}

func TestPagesOfAFlowWearItsBrand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, inTwoBrands(t))
	b := w.browser()
	b.get("?flow=company").shows(http.StatusOK).wears(true)
	b.get("/sign-in?flow=company").shows(http.StatusOK).wears(true)
	b.get("?request_id=r&apikey=k&flow=company").shows(http.StatusOK).wears(true)
	b.post("/sign-in", "email", "ada@example.com", "flow", "company").leads("/sign-in?sent=1")
	b.get("/sign-in?sent=1").shows(http.StatusOK, "sign_in.code_title").wears(true)
	b.post("/sign-in", "email", "nobody", "flow", "company").shows(http.StatusUnprocessableEntity).wears(true)
	b.post("/sign-in/code", "code", w.code("ada@example.com")).leads("?flow=company")
	b.get("?flow=company").shows(http.StatusOK).wears(true)
	b.post("/start", "flow", "company").leads("")
	b.await("open")
	b.get("").shows(http.StatusOK).wears(true)
	b.get("/complete").wears(true)
}

func TestOtherPagesWearThePortals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, inTwoBrands(t))
	b := w.browser()
	for _, address := range []string{"", "?flow=individual", "/sign-in", "/sign-in?flow=individual", "?request_id=r&apikey=k", "/nothing"} {
		b.get(address).wears(false)
	}
	b.start("grace@example.com", "individual")
	b.get("").shows(http.StatusOK).wears(false)
}

func TestErrorsWithinAFlowWearItsBrand(t *testing.T) {
	t.Parallel()
	b := newWorld(t, inTwoBrands(t)).browser().signIn("ada@example.com")
	b.get("/complete?flow=company").wears(true)
	b.get("/associates?flow=company&registration=nobodys").shows(http.StatusNotFound).wears(true)
	b.get("?flow=nosuch").shows(http.StatusNotFound).wears(false)
}

func TestTheLogoKeepsItsRoomAndHasAVersionForTheDark(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{linkOnly: true, dressed: inTwoBrands(t).dressed})
	p := w.browser().get("?request_id=r&apikey=k&flow=company")
	img, dark := p.elements("img"), p.elements("source")
	if len(img) != 1 || img[0].attrs["width"] != "225" || img[0].attrs["height"] != "100" {
		t.Errorf("the logo: %v", img)
	}
	if len(dark) != 1 || dark[0].attrs["media"] != "(prefers-color-scheme: dark)" || dark[0].attrs["width"] != "200" {
		t.Errorf("the logo in the dark: %v", dark)
	}
}

func TestAFontIsAskedForBeforeTheStylesheetNamesIt(t *testing.T) {
	t.Parallel()
	b := northlight
	b.Font, b.FontFiles = "Northlight Sans", map[string]string{"400": "regular.woff2", "700": "bold.woff2"}
	font := func(last byte) *fstest.MapFile {
		return &fstest.MapFile{Data: append([]byte("wOF2\x00\x01\x00\x00\x00\x00\x00\x32"), append(make([]byte, 37), last)...)}
	}
	d := dress(t, b, fstest.MapFS{"regular.woff2": font('r'), "bold.woff2": font('b')}, nil)
	p := newWorld(t, wanted{linkOnly: true, dressed: d}).browser().get("?request_id=r&apikey=k")
	ahead := p.elements("link").with("rel", "preload")
	if len(ahead) != 1 || ahead[0].attrs["as"] != "font" || ahead[0].attrs["href"] != "/onboarding"+d.assets.URL("font-regular.woff2") {
		t.Fatalf("asked for ahead: %v", ahead)
	}
	if _, ok := ahead[0].attrs["crossorigin"]; !ok {
		t.Error("without crossorigin the font would be loaded twice")
	}
}
