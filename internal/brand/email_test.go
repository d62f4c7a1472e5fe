package brand

import (
	"strings"
	"testing"
)

func TestEmailLogoIsWhatMailProgramsCanShow(t *testing.T) {
	for name, c := range map[string]struct {
		url           string
		width, height int
		complains     string
	}{
		"none":             {},
		"a good one":       {"https://acme.example/logo.png", 160, 40, ""},
		"with a query":     {"https://acme.example/logo.jpg?v=2", 160, 40, ""},
		"not encrypted":    {"http://acme.example/logo.png", 160, 40, "email_logo_url"},
		"this machine's":   {"/logo.png", 160, 40, "email_logo_url"},
		"not a bitmap":     {"https://acme.example/logo.svg", 160, 40, "png, jpg or gif"},
		"without a width":  {"https://acme.example/logo.png", 0, 40, "email_logo_width"},
		"too wide":         {"https://acme.example/logo.png", 1600, 40, "email_logo_width"},
		"too high":         {"https://acme.example/logo.png", 160, 400, "email_logo_height"},
		"a size of no one": {"", 160, 40, "email_logo_url"},
	} {
		b := acme()
		b.EmailLogoURL, b.EmailLogoWidth, b.EmailLogoHeight = c.url, c.width, c.height
		err := b.Check()
		if (err != nil) != (c.complains != "") || err != nil && !strings.Contains(err.Error(), c.complains) {
			t.Errorf("%s: %v, want a word of %q", name, err, c.complains)
		}
	}
}
