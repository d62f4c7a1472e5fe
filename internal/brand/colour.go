package brand

import (
	"encoding/hex"
	"fmt"
	"math"
	"strings"
)

// colour is an sRGB colour.
type colour [3]uint8

var (
	white = colour{0xff, 0xff, 0xff}
	black = colour{0, 0, 0}
	// ink and night are the darkest surfaces of the stylesheet: text on a light accent, and the card in the dark scheme.
	ink   = colour{0x10, 0x14, 0x18}
	night = colour{0x1b, 0x20, 0x27}
)

// readable is the contrast that WCAG 2.2 AA asks of text; bright is what looks like a colour, and not like a shadow, on a dark ground.
const (
	readable = 4.5
	bright   = 6
)

// parseColour reads #rrggbb.
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

// until is c moved towards other, in small steps, until it has that contrast with ground.
func (c colour) until(other, ground colour, ratio float64) colour {
	const steps = 50
	for i := range steps {
		if mixed := c.mix(other, float64(i)/steps); contrast(mixed, ground) >= ratio {
			return mixed
		}
	}
	return other
}

// vivid is c as bright as its hue allows.
func (c colour) vivid() colour {
	brightest := max(c[0], c[1], c[2])
	if brightest == 0 {
		return white
	}
	for i, channel := range c {
		c[i] = uint8(int(channel) * 0xff / int(brightest))
	}
	return c
}

// onNight is c as a colour of text and buttons in the dark scheme: softer and brighter, in the same hue.
func (c colour) onNight() colour {
	soft := c.mix(white, 0.35)
	return soft.until(soft.vivid(), night, bright).until(white, night, bright)
}

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

// contrast is WCAG's contrast ratio, from 1 (equal) to 21 (black on white).
func contrast(a, b colour) float64 {
	la, lb := a.luminance(), b.luminance()
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}
