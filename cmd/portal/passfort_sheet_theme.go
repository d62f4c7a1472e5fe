package main

import (
	"cmp"
	"fmt"
	"net/url"

	"portal/internal/brand"
	"portal/internal/config"
)

func (s *sheet) theme(c config.Config) {
	s.section("Form theme")
	s.say("Company", c.Brand.Name)
	s.look(c.Brand)
	s.say("Preview", origin(c.PassFortCollectionURL)+"/theme, with the token from your guide")
}

// ownThemes are those of flows that have a brand of their own. Links wear it where the address of their form names the flow.
func (s *sheet) ownThemes(c config.Config) {
	for _, f := range c.Flows {
		if f.Brand == nil || f.Provider != "passfort" {
			continue
		}
		b := c.BrandOf(f)
		s.section("Form theme of the flow " + f.Name)
		s.say("Company", b.Name)
		s.look(b)
		if c.Static() {
			s.say("Form URL", formOf(c, f))
			s.say("Template of the request e-mail", "what `portal email build --flow "+f.Name+"` writes, enclosed")
		}
	}
}

// formOf is the address of the form page in the look of a flow.
func formOf(c config.Config, f config.Flow) string {
	u := *c.BaseURL
	u.RawQuery = url.Values{"flow": {f.Name}}.Encode()
	return u.String()
}

// look is a brand in words: which options a theme has, PassFort's staff know.
func (s *sheet) look(b brand.Brand) {
	light, dark := b.Colours()
	s.say("Colour of buttons and links", b.Accent+", with text in "+b.OnAccent())
	s.say("Colours", colourNames(light))
	s.say("Colours in the dark", colourNames(dark))
	s.say("Typeface", b.Font)
	s.say("Text size", b.TextSize)
	s.say("Radius of corners", b.Radius)
	s.say("Logo", cmp.Or(b.Logo, "none: the name in type"))
	s.say("Logo in the dark", b.LogoDark)
}

func colourNames(c brand.Colours) string {
	return fmt.Sprintf("text %s and %s on %s, around it %s, lines %s", c.Text, c.Muted, c.Surface, c.Ground, c.Line)
}
