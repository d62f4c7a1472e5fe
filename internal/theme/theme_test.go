package theme

import (
	"image"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"

	"portal/internal/brand"
)

const (
	drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 40"><circle r="20" fill="#1a4f8b"/></svg>`
	bright  = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 40"><circle r="20" fill="#ffe9a8"/></svg>`
	sheet   = "/* text */\nbody { font: 100%/1.5 serif; }\n.hint { font-size: 0.9rem; }\n"
	page    = `<meta name="viewport" content="width=device-width, initial-scale=1"/>`
)

// good is a theme without fault.
func good() Theme {
	return Theme{
		Brands: []Worn{{"portal.toml [brand]", brand.Brand{
			Name: "Acme", Logo: "acme.svg", LogoDark: "night.svg", LogoAlt: "Acme", Accent: "#1a4f8b", SupportEmail: "help@acme.example",
			PrivacyURL: "https://acme.example/privacy", ImprintURL: "https://acme.example/imprint", Address: "Acme, 1 High Street",
		}}},
		Files:       fstest.MapFS{"acme.svg": {Data: []byte(drawing)}, "night.svg": {Data: []byte(bright)}},
		Languages:   []string{"en", "de"},
		Titles:      []Titled{{"portal.toml [[flow]] (person)", "A person", map[string]string{"de": "Eine Person"}}},
		Stylesheets: map[string][]byte{"css/app.css": []byte(sheet)},
		Page:        []byte(page),
	}
}

// files are those of good, with another one in place of one of them.
func files(name, content string) fstest.MapFS {
	all := good().Files.(fstest.MapFS)
	all[name] = &fstest.MapFile{Data: []byte(content)}
	return all
}

func TestAGoodThemeHasNothingToMend(t *testing.T) {
	t.Parallel()
	if found := Check(good()); len(found) > 0 {
		t.Errorf("%+v", found)
	}
}

// TestCheckFinds has one fault a case, and wants one finding, at that place and with that word.
func TestCheckFinds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil       func(*Theme, *brand.Brand)
		where, what string
		advice      bool
	}{
		"a pale accent":          {spoil: func(_ *Theme, b *brand.Brand) { b.Accent = "#ff9900" }, where: "[brand] accent", what: "contrast"},
		"pale text in the dark":  {spoil: func(_ *Theme, b *brand.Brand) { b.TextDark = "#555555" }, where: "[brand] text_dark", what: "on dark pages"},
		"no address":             {spoil: func(_ *Theme, b *brand.Brand) { b.Address = " " }, where: "address", what: "missing"},
		"no way to get help":     {spoil: func(_ *Theme, b *brand.Brand) { b.SupportEmail = "" }, where: "support_email", what: "not an e-mail address"},
		"no privacy notice":      {spoil: func(_ *Theme, b *brand.Brand) { b.PrivacyURL = "/privacy" }, where: "privacy_url", what: "not the address of a page"},
		"tiny text":              {spoil: func(_ *Theme, b *brand.Brand) { b.TextSize = "12px" }, where: "text_size", what: "everybody can read"},
		"a silent logo":          {spoil: func(_ *Theme, b *brand.Brand) { b.LogoAlt = "" }, where: "logo_alt", what: "does not hear"},
		"a lost logo":            {spoil: func(_ *Theme, b *brand.Brand) { b.Logo = "lost.svg" }, where: "[brand] logo", what: "no file lost.svg"},
		"a logo elsewhere":       {spoil: func(_ *Theme, b *brand.Brand) { b.Logo = "../acme.svg" }, where: "[brand] logo", what: "folder of portal.toml"},
		"a logo that acts":       {spoil: func(t *Theme, _ *brand.Brand) { t.Files = files("acme.svg", "<svg><script/></svg>") }, where: "[brand] logo", what: "cannot be used"},
		"a logo of another kind": {spoil: func(t *Theme, _ *brand.Brand) { t.Files = files("acme.svg", "PNG") }, where: "[brand] logo", what: "cannot be used"},
		"a logo unseen":          {spoil: func(t *Theme, _ *brand.Brand) { t.Files = files("acme.svg", bright) }, where: "[brand] logo", what: "cannot be seen"},
		"a dark logo unseen":     {spoil: func(t *Theme, _ *brand.Brand) { t.Files = files("night.svg", drawing) }, where: "[brand] logo_dark", what: "cannot be seen"},
		"no dark logo":           {spoil: func(_ *Theme, b *brand.Brand) { b.LogoDark = "" }, where: "[brand] logo_dark", what: "cannot be seen on dark pages"},
		"half a dark logo": {
			spoil: func(t *Theme, b *brand.Brand) {
				t.Files, b.LogoDark = files("acme.svg", `<svg><path fill="#555"/><path fill="#777"/><path fill="#888"/></svg>`), ""
			},
			where: "[brand] logo_dark", what: "parts of", advice: true,
		},
		"half a logo": {
			spoil: func(t *Theme, _ *brand.Brand) {
				t.Files = files("acme.svg", `<svg><path fill="#1a4f8b"/><path fill="#fff"/><path fill="#fff"/></svg>`)
			},
			where: "[brand] logo", what: "parts of", advice: true,
		},
		"a logo in capitals": {
			spoil: func(t *Theme, b *brand.Brand) { t.Files, b.Logo = files("Acme.SVG", drawing), "Acme.SVG" },
			where: "[brand] logo", what: "not an image",
		},
		"a broken logo alone": {
			spoil: func(t *Theme, b *brand.Brand) { t.Files, b.LogoDark = files("acme.svg", "<svg><script/></svg>"), "" },
			where: "[brand] logo", what: "cannot be used",
		},
		"a logo cut off": {
			spoil: func(t *Theme, b *brand.Brand) {
				t.Files, b.Logo, b.LogoDark = files("acme.png", cutPNG(1, 72)), "acme.png", ""
			},
			where: "[brand] logo", what: "cannot be used",
		},
		"a dark logo unknown": {
			spoil: func(t *Theme, b *brand.Brand) {
				t.Files, b.LogoDark = files("acme.svg", `<svg><path fill="rebeccapurple"/></svg>`), ""
			},
			where: "[brand] logo_dark", what: "cannot be told", advice: true,
		},
		"a heavy logo": {
			spoil: func(t *Theme, _ *brand.Brand) {
				t.Files = files("acme.svg", strings.Replace(drawing, ">", "><!--"+strings.Repeat("-x", 20_000)+"-->", 1))
			},
			where: "[brand] logo", what: "39 KB, which a phone far from town loads for 0.2 seconds", advice: true,
		},
		"a logo for a second round of links": {
			spoil: func(t *Theme, _ *brand.Brand) { t.Files = files("acme.svg", commented(3400)) },
			where: "[brand] logo", what: "kB, compressed, to the first page: the page of e-mailed links then takes two rounds", advice: true,
		},
		"a dark logo for a second round of both": {
			spoil: func(t *Theme, _ *brand.Brand) {
				t.Files = files("night.svg", strings.ReplaceAll(commented(14_000), "#1a4f8b", "#ffe9a8"))
			},
			where: "[brand] logo_dark", what: "the start page and that of e-mailed links then take", advice: true,
		},
		"a font unloaded": {spoil: func(_ *Theme, b *brand.Brand) { b.Font = "Acme Sans" }, where: "[brand] font", what: "no file is loaded", advice: true},
		"a font that is none": {
			spoil: func(t *Theme, b *brand.Brand) {
				t.Files, b.Font, b.FontFiles = files("a.woff2", "TrueType"), "Acme", map[string]string{"400": "a.woff2"}
			},
			where: "font_files", what: "not a WOFF2 font",
		},
		"a lost font": {
			spoil: func(_ *Theme, b *brand.Brand) { b.Font, b.FontFiles = "Acme", map[string]string{"400": "a.woff2"} },
			where: "font_files", what: "no file a.woff2",
		},
		"a title untranslated":  {spoil: func(t *Theme, _ *brand.Brand) { t.Titles[0].Titles = nil }, where: "[[flow]] (person) titles", what: `"A person" is not translated into de`},
		"a title nobody sees":   {spoil: func(t *Theme, _ *brand.Brand) { t.Titles[0].Titles["fre"] = "Une personne" }, where: "titles", what: "nobody sees", advice: true},
		"an unknown language":   {spoil: func(t *Theme, _ *brand.Brand) { t.Languages[0] = "tlh" }, where: "languages", what: "tlh"},
		"an unknown text":       {spoil: func(t *Theme, _ *brand.Brand) { t.Texts = texts("layout.nothing", "x") }, where: "[texts]", what: "layout.nothing"},
		"a text that lost some": {spoil: func(t *Theme, _ *brand.Brand) { t.Texts = texts("layout.signed_in", "Hello") }, where: "[texts]", what: "layout.signed_in"},
		"a text of no kind":     {spoil: func(t *Theme, _ *brand.Brand) { t.Texts = map[string]map[string]any{"de": {"a": 7}} }, where: "[texts]", what: "not a text"},
		"no viewport":           {spoil: func(t *Theme, _ *brand.Brand) { t.Page = []byte("<html>") }, where: "viewport", what: "missing"},
		"no zoom":               {spoil: func(t *Theme, _ *brand.Brand) { t.Page = viewportOf("user-scalable=no") }, where: "viewport", what: "user-scalable=no"},
		"little zoom":           {spoil: func(t *Theme, _ *brand.Brand) { t.Page = viewportOf("maximum-scale=1.5") }, where: "viewport", what: "maximum-scale=1.5"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spoilt := good()
			c.spoil(&spoilt, &spoilt.Brands[0].Brand)
			found := Check(spoilt)
			if len(found) != 1 || !strings.Contains(found[0].Where, c.where) || !strings.Contains(found[0].What, c.what) || found[0].Problem == c.advice || found[0].Mend == "" {
				t.Errorf("found %+v, want one at %s with %q", found, c.where, c.what)
			}
		})
	}
}

// commented is the drawing with what editors leave in one: so many digits, of which compression leaves about half.
func commented(digits int) string {
	random := rand.New(rand.NewPCG(1, 2))
	var data strings.Builder
	for range digits {
		data.WriteByte("0123456789abcdef"[random.IntN(16)])
	}
	return strings.Replace(drawing, ">", "><!--"+data.String()+"-->", 1)
}

func texts(key, text string) map[string]map[string]any {
	return map[string]map[string]any{"de": {key: text}}
}

// cutPNG is a picture of which only the header has arrived.
func cutPNG(width, height int) string {
	var b strings.Builder
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		panic(err)
	}
	const header = 33
	return b.String()[:header]
}

func viewportOf(more string) []byte { return []byte(strings.Replace(page, "initial-scale=1", more, 1)) }

func TestAFlowsBrandIsAskedOnlyForItsOwn(t *testing.T) {
	t.Parallel()
	spoilt := good()
	spoilt.Brands[0].Brand.Address = ""
	own := spoilt.Brands[0].Brand.For("company", brand.Brand{Accent: "#ff9900"})
	spoilt.Brands = append(spoilt.Brands, Worn{"portal.toml [flow.brand] (company)", own})
	var where []string
	for _, f := range Check(spoilt) {
		where = append(where, f.Where)
	}
	if strings.Join(where, ", ") != "portal.toml [brand] address, portal.toml [flow.brand] (company) accent" {
		t.Errorf("found at %q", where)
	}
}

func TestTitlesWaitForLanguagesThatAreOff(t *testing.T) {
	t.Parallel()
	few := good()
	few.Languages = []string{"en"}
	if found := Check(few); len(found) > 0 {
		t.Errorf("%+v", found)
	}
}

func TestProblemsComeBeforeAdvice(t *testing.T) {
	t.Parallel()
	spoilt := good()
	spoilt.Brands[0].Brand.Font = "Acme Sans"
	spoilt.Titles[0].Titles = nil
	if found := Check(spoilt); len(found) != 2 || !found[0].Problem || found[1].Problem {
		t.Errorf("%+v", found)
	}
}

func TestAllLanguagesAreSpokenUnlessSomeAreNamed(t *testing.T) {
	t.Parallel()
	all := good()
	all.Languages = nil
	if found := Check(all); len(found) != 1 || !strings.Contains(found[0].What, "fr, es, it, pt, nl, pl, ar, zh") {
		t.Errorf("%+v", found)
	}
}
