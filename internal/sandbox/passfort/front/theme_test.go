package front_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"portal/internal/browsertest"
	"portal/internal/sandbox/passfort/front"
)

const acme = `loaders = ["static"]

[brand]
name = "Acme Bank"
logo = "acme.svg"
accent = "#1a4f8b"
support_email = "help@acme.example"
privacy_url = "https://acme.example/privacy"
imprint_url = "https://acme.example/imprint"

[[flow]]
name = "individual"
`

const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 40"><circle cx="20" cy="20" r="20"/></svg>`

// themed is a site whose theme is in a file, which it returns, beside a logo.
func themed(t *testing.T, text string) (s *site, file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "theme.toml")
	write(t, file, text)
	write(t, filepath.Join(filepath.Dir(file), "acme.svg"), logo)
	return newSite(t, front.Options{ThemeFile: file}, position()), file
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestThemeFileIsReadEachTime(t *testing.T) {
	t.Parallel()
	s, file := themed(t, acme)
	if _, _, css := s.get(t, "/collect/theme.css"); !strings.Contains(css, "--accent: #1a4f8b;") {
		t.Errorf("the accent is not that of the file:\n%s", css)
	}
	write(t, file, strings.ReplaceAll(acme, "#1a4f8b", "#7a1f5c"))
	if _, _, css := s.get(t, "/collect/theme.css"); !strings.Contains(css, "--accent: #7a1f5c;") {
		t.Errorf("the accent is still the old one:\n%s", css)
	}
	if _, _, page := s.get(t, "/theme"); !strings.Contains(page, "#7a1f5c") || !strings.Contains(page, `alt="Acme Bank"`) {
		t.Errorf("the preview does not show the tokens:\n%s", page)
	}
}

func TestThemeLogoIsAPictureAndNoMore(t *testing.T) {
	t.Parallel()
	s, _ := themed(t, acme)
	status, h, body := s.get(t, "/theme/logo.svg")
	if status != http.StatusOK || body != logo || h.Get("Content-Type") != "image/svg+xml" {
		t.Errorf("%d %s: %s", status, h.Get("Content-Type"), body)
	}
	if !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
		t.Error("a logo may run scripts")
	}
	if status, _, _ := s.get(t, "/theme/theme.toml"); status != http.StatusNotFound {
		t.Errorf("another file of the folder is answered with %d", status)
	}
}

func TestThemeIsAsCompleteAsThePortals(t *testing.T) {
	t.Parallel()
	more := "logo_dark = \"night.svg\"\nfont = \"Acme Sans\"\nfont_files = { \"400\" = \"acme.woff2\" }\nradius = \"0\"\ntext_size = \"18px\"\n"
	s, file := themed(t, strings.Replace(acme, "accent =", more+"accent =", 1))
	write(t, filepath.Join(filepath.Dir(file), "night.svg"), logo)
	font := "wOF2" + strings.Repeat("\x00", 7) + "\x30" + strings.Repeat("\x00", 36)
	write(t, filepath.Join(filepath.Dir(file), "acme.woff2"), font)
	_, _, css := s.get(t, "/collect/theme.css")
	for _, declared := range []string{`url("/theme/font-acme.woff2")`, `--font: "Acme Sans",`, "--radius: 0px;", "--text-size: 112.5%;", "--surface: #ffffff;"} {
		if !strings.Contains(css, declared) {
			t.Errorf("%s is not in the stylesheet:\n%s", declared, css)
		}
	}
	status, h, body := s.get(t, "/theme/font-acme.woff2")
	if status != http.StatusOK || h.Get("Content-Type") != "font/woff2" || body != font {
		t.Errorf("the font: %d %s", status, h.Get("Content-Type"))
	}
	_, h, page := s.get(t, "/theme")
	if !strings.Contains(page, `<source srcset="/theme/dark-logo.svg" media="(prefers-color-scheme: dark)">`) {
		t.Errorf("the preview has no logo for the dark:\n%s", page)
	}
	if _, frame, _ := s.get(t, "/collect"); !strings.Contains(h.Get("Content-Security-Policy")+frame.Get("Content-Security-Policy"), "font-src 'self'") {
		t.Error("browsers may not load the font")
	}
}

func TestThemeProblemsNameTheKey(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, new, problem string }{
		"not TOML":      {`name = "Acme Bank"`, `name = Acme`, `line 4 (last key "brand.name")`},
		"wrong type":    {`accent = "#1a4f8b"`, `accent = 7`, `brand.accent`},
		"pale accent":   {"#1a4f8b", "#ffcc00", "brand accent: #ffcc00 on the ground #f3f5f7 has a contrast"},
		"unknown token": {"logo =", "colour = \"red\"\nlogo =", "brand colour: there is no such token"},
		"no logo":       {"acme.svg", "lost.svg", "brand logo lost.svg: open lost.svg"},
		"no table":      {"[brand]", "[trademark]", "there is no [brand] table"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := themed(t, strings.Replace(acme, c.old, c.new, 1))
			status, _, page := s.get(t, "/theme?token=any&apikey=sample&request_id=sample")
			page = strings.NewReplacer("&#34;", `"`).Replace(page)
			if status != http.StatusUnprocessableEntity || !strings.Contains(page, c.problem) {
				t.Errorf("%d, without %q:\n%s", status, c.problem, page)
			}
			if status, _, css := s.get(t, "/collect/theme.css"); status != http.StatusOK || !strings.Contains(css, "--accent: #0b5c57;") {
				t.Errorf("forms do not have the built-in look meanwhile: %d\n%s", status, css)
			}
		})
	}
}

func TestPreviewShowsEveryState(t *testing.T) {
	t.Parallel()
	s, _ := themed(t, acme)
	p := browsertest.New(t).Page(t)
	p.Open(s.url + "/theme?token=any&apikey=sample&request_id=sample")
	p.See("Your details")
	for _, state := range []struct{ link, text string }{
		{"Errors", "There is a problem"},
		{"A document", "Which document do you have?"},
		{"Waiting", "Checking your details"},
		{"Expired", "This request has expired."},
		{"Done", "Data successfully submitted."},
		{"Review", "Check your answers"},
	} {
		p.Press(state.link)
		p.See(state.text)
	}
	p.Press("Change Your identity document") // and it can be used
	p.Attach("Or choose a file", picture(t, "passport.png"))
	p.See("passport.png has been received.")
	for _, r := range p.Requests() {
		if strings.Contains(r.URL, "/collect/api/") {
			t.Errorf("the preview asks the server: %s", r.URL)
		}
	}
}
