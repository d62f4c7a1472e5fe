package brand

import "cmp"

// palette is the colours of one scheme, by what they are for.
type palette struct {
	ground, surface, text, muted, line, edge colour
	accent, strong, soft, onAccent           colour
	danger, dangerSoft, good, goodSoft       colour
}

// byDay and byNight are the portal's own colours, for what a company does not set.
var (
	byDay = palette{
		ground: rgb(0xf3f5f7), surface: white, text: rgb(0x1a2028), muted: rgb(0x4d5865), line: rgb(0xd5dbe2), edge: rgb(0x6b7785),
		danger: rgb(0xa8201a), dangerSoft: rgb(0xfdf2f1), good: rgb(0x1b6637), goodSoft: rgb(0xedf7f0),
	}
	byNight = palette{
		ground: rgb(0x12161b), surface: rgb(0x1b2027), text: rgb(0xe8ebef), muted: rgb(0xaab4c0), line: rgb(0x39424e), edge: rgb(0x8592a1),
		danger: rgb(0xffa59d), dangerSoft: rgb(0x321f20), good: rgb(0x86d7a4), goodSoft: rgb(0x18291f),
	}
)

// light is the palette of light pages. What is not set is the portal's own, or made to go with what is.
func (b Brand) light() palette {
	p := byDay
	p.surface = read(b.Surface, byDay.surface)
	p.text = read(b.Text, byDay.text)
	if b.Text == "" && contrast(p.text, p.surface) < comfortable {
		p.text = p.surface.opposite()
	}
	p.ground = byDay.ground
	if b.Surface != "" {
		p.ground = p.surface.around()
	}
	p.ground = read(b.Ground, p.ground)
	p.accent = read(b.Accent, black)
	return p.complete(byDay, byNight)
}

// dark is the palette of dark pages. What is not set is made from the light colours, in their hue; a brand whose pages are
// dark at all times keeps them.
func (b Brand) dark() palette {
	day, p := b.light(), byNight
	switch {
	case day.surface.isDark():
		p.surface, p.ground = day.surface, day.ground
	default:
		if b.Surface != "" {
			p.surface = day.surface.shade(brightest(byNight.surface))
		}
		if cmp.Or(b.Ground, b.Surface) != "" {
			p.ground = day.ground.shade(brightest(byNight.ground))
		}
	}
	if b.SurfaceDark != "" && b.GroundDark == "" {
		p.ground = read(b.SurfaceDark, black).around()
	}
	p.surface, p.ground = read(b.SurfaceDark, p.surface), read(b.GroundDark, p.ground)
	p.text, p.accent = read(b.TextDark, b.textOn(day, p.surface)), read(b.AccentDark, accentOn(day, p.surface))
	return p.complete(byNight, byDay)
}

// textOn is the text of dark pages where none is set.
func (b Brand) textOn(day palette, surface colour) colour {
	switch {
	case contrast(day.text, surface) >= comfortable:
		return day.text
	case b.Text == "":
		return byNight.text
	}
	return day.text.mix(white, 0.9)
}

// accentOn is the accent of dark pages where none is set: softer and brighter, in the same hue.
func accentOn(day palette, surface colour) colour {
	if surface == day.surface {
		return day.accent
	}
	soft := day.accent.mix(white, 0.35)
	return soft.until(soft.vivid(), bright, surface).until(white, bright, surface)
}

// complete derives the rest from ground, surface, text and accent, so that whatever stands on something reads if these do.
// The scheme's own colours serve where they fit the surface, and other's where they do.
func (p palette) complete(own, other palette) palette {
	if p.surface.isDark() != own.surface.isDark() {
		own = other
	}
	p.danger, p.good = own.danger, own.good
	if p.surface == own.surface && p.ground == own.ground && p.text == own.text {
		p.muted, p.line, p.edge = own.muted, own.line, own.edge
	} else {
		p.muted, p.line, p.edge = p.text.mix(p.surface, 0.3), p.text.mix(p.surface, 0.82), p.text.mix(p.surface, 0.5)
	}
	p.muted = p.muted.until(p.text, readable, p.surface, p.ground)
	p.edge = p.edge.until(p.text, visible, p.surface, p.ground)
	p.danger = p.danger.until(p.text, readable, p.surface, p.ground)
	p.good = p.good.until(p.text, readable, p.surface, p.ground)
	p.dangerSoft = p.tint(own.dangerSoft, own.surface, p.danger)
	p.goodSoft = p.tint(own.goodSoft, own.surface, p.good)
	return p.press()
}

// tint is a faint ground for something on the surface, on which that and text still read.
func (p palette) tint(own, surface, on colour) colour {
	if p.surface != surface {
		own = on.mix(p.surface, 0.92)
	}
	return own.under(p.surface, p.text, on)
}

// press derives what goes with the accent: its stronger self under a pointer, its faint one as a ground, and what stands on it.
func (p palette) press() palette {
	away, share := black, 0.2
	p.onAccent = white
	if p.accent.luminance() > p.surface.luminance() {
		away, share = white, 0.25
		p.onAccent = ink.until(black, readable, p.accent)
	}
	p.strong = p.accent.mix(away, share)
	p.soft = p.accent.mix(p.surface, softness(p.surface)).under(p.surface, p.text, p.accent)
	return p
}

// around is a ground that sets a surface of that colour off.
func (c colour) around() colour {
	if c.isDark() {
		return c.mix(black, 0.33)
	}
	return c.mix(black, 0.05)
}

// softness is how much of the surface is in a faint ground: on dark ones less would be seen.
func softness(surface colour) float64 {
	if surface.isDark() {
		return 0.85
	}
	return 0.92
}

// read is the colour that is set, or another where none is or it cannot be read.
func read(set string, other colour) colour {
	if c, err := parseColour(set); err == nil {
		return c
	}
	return other
}
