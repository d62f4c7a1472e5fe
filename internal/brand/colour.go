package brand

import (
	"encoding/hex"
	"fmt"
	"math"
	"strings"
)

// colour is an sRGB colour.
type colour [3]uint8

// Colour is the same to those who look at colours that the brand does not know of.
type Colour = colour

var (
	white = colour{0xff, 0xff, 0xff}
	black = colour{0, 0, 0}
	ink   = rgb(0x101418) // dark text on a light accent
)

// readable is the contrast that WCAG 2.2 AA asks of text, and visible that of the edges of fields; text is comfortable to
// read at the third, and a colour that is bright looks like one, and not like a shadow, on a dark ground.
const (
	readable    = 4.5
	visible     = 3.0
	comfortable = 7.0
	bright      = 6.0
)

func rgb(hex uint32) colour { return colour{uint8(hex >> 16), uint8(hex >> 8), uint8(hex)} }

// ParseColour reads #rrggbb.
func ParseColour(s string) (Colour, error) { return parseColour(s) }

func parseColour(s string) (colour, error) {
	digits, ok := strings.CutPrefix(s, "#")
	b, err := hex.DecodeString(digits)
	if !ok || err != nil || len(b) != len(colour{}) {
		return colour{}, fmt.Errorf("%q is not a colour like #1a4f8b", s)
	}
	return colour(b), nil
}

func (c colour) String() string {
	return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2])
}

// mix moves c towards other by share (0 to 1).
func (c colour) mix(other colour, share float64) colour {
	var mixed colour
	for i := range mixed {
		mixed[i] = uint8(math.Round(float64(c[i])*(1-share) + float64(other[i])*share))
	}
	return mixed
}

// until is c moved towards other, in small steps, until it has that contrast with all grounds. It ends with other.
func (c colour) until(other colour, ratio float64, grounds ...colour) colour {
	const steps = 50
	for i := range steps {
		if mixed := c.mix(other, float64(i)/steps); mixed.standsOut(ratio, grounds...) {
			return mixed
		}
	}
	return other
}

// under is c moved towards surface until everything on it reads, if that reads on the surface.
func (c colour) under(surface colour, on ...colour) colour { return c.until(surface, readable, on...) }

func (c colour) standsOut(ratio float64, from ...colour) bool {
	for _, other := range from {
		if contrast(c, other) < ratio {
			return false
		}
	}
	return true
}

// isDark reports whether light text reads better on c than dark text.
func (c colour) isDark() bool { return contrast(c, white) > contrast(c, black) }

// opposite is the portal's own text for a ground of that colour.
func (c colour) opposite() colour {
	if c.isDark() {
		return byNight.text
	}
	return byDay.text
}

// shade is c in its hue, with that brightness in its brightest channel.
func (c colour) shade(brightness uint8) colour {
	top := brightest(c)
	if top == 0 {
		return colour{brightness, brightness, brightness}
	}
	for i, channel := range c {
		c[i] = uint8(int(channel) * int(brightness) / int(top))
	}
	return c
}

func brightest(c colour) uint8 { return max(c[0], c[1], c[2]) }

// vivid is c as bright as its hue allows.
func (c colour) vivid() colour { return c.shade(0xff) }

// luminance is WCAG's relative luminance.
func (c colour) luminance() float64 {
	return 0.2126*linear(c[0]) + 0.7152*linear(c[1]) + 0.0722*linear(c[2])
}

func linear(channel uint8) float64 {
	v := float64(channel) / 255
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

// Contrast is WCAG's contrast ratio, from 1 (equal) to 21 (black on white).
func Contrast(a, b Colour) float64 { return contrast(a, b) }

func contrast(a, b colour) float64 {
	la, lb := a.luminance(), b.luminance()
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}
