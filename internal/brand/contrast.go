package brand

import "fmt"

// colourProblems says which colours cannot be read, or are none. What is not set is derived from what is, so that it reads if
// text and accent do.
func (b Brand) colourProblems() []Problem {
	if found := b.noColours(); len(found) > 0 {
		return found
	}
	day, night := b.light(), b.dark()
	found := day.unreadable("")
	for _, p := range night.unreadable("_dark") {
		p.What = "on dark pages " + p.What
		found = append(found, p)
	}
	return found
}

// noColours says which settings are no colours.
func (b Brand) noColours() []Problem {
	var found []Problem
	for _, s := range []struct{ setting, value string }{
		{"accent", b.Accent},
		{"accent_dark", b.AccentDark},
		{"ground", b.Ground},
		{"ground_dark", b.GroundDark},
		{"surface", b.Surface},
		{"surface_dark", b.SurfaceDark},
		{"text", b.Text},
		{"text_dark", b.TextDark},
	} {
		if _, err := parseColour(s.value); err != nil && (s.value != "" || s.setting == "accent") {
			found = append(found, Problem{s.setting, err.Error(), "write # and six digits or letters from a to f"})
		}
	}
	return found
}

// unreadable lists what does not read on the ground around the content, or on that of the content itself.
func (p palette) unreadable(suffix string) []Problem {
	var found []Problem
	for _, s := range []struct {
		setting string
		value   colour
	}{{"text", p.text}, {"accent", p.accent}} {
		worst, name := p.surface, "surface"
		if contrast(s.value, p.ground) < contrast(s.value, p.surface) {
			worst, name = p.ground, "ground"
		}
		if ratio := contrast(s.value, worst); ratio < readable {
			what := fmt.Sprintf("%s on the %s %s has a contrast of %.2f, and %.1f is needed to be read", s.value, name, worst, ratio, readable)
			found = append(found, Problem{s.setting + suffix, what, p.nearest(s.value, suffix)})
		}
	}
	return found
}

// nearest offers a colour in the place of one that does not read.
func (p palette) nearest(c colour, suffix string) string {
	for _, towards := range []colour{p.surface.away(), p.ground.away()} {
		if near := c.until(towards, readable, p.surface, p.ground); near.standsOut(readable, p.surface, p.ground) {
			return near.String() + " would do"
		}
	}
	return fmt.Sprintf("nothing reads on both ground%s %s and surface%s %s: make both light, or both dark", suffix, p.ground, suffix, p.surface)
}

// away is black on light colours and white on dark ones.
func (c colour) away() colour {
	if c.isDark() {
		return white
	}
	return black
}
