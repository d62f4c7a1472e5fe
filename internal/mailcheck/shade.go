package mailcheck

import (
	"regexp"
	"strconv"
	"strings"

	"portal/internal/brand"
)

// shade is what a style says of a colour: nothing, something that is not understood, or which one it is.
type shade struct {
	told, known bool
	brand.Colour
}

var (
	rgb    = regexp.MustCompile(`^rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*(?:[,/]\s*([0-9.]+%?)\s*)?\)$`)
	named  = map[string]brand.Colour{"white": {255, 255, 255}, "black": {}, "gray": {128, 128, 128}, "grey": {128, 128, 128}, "silver": {192, 192, 192}, "red": {255, 0, 0}, "blue": {0, 0, 255}, "navy": {0, 0, 128}, "green": {0, 128, 0}}
	doubly = regexp.MustCompile(`^#([0-9a-f])([0-9a-f])([0-9a-f])$`)
	parts  = regexp.MustCompile(`[^\s(]+(?:\([^)]*\)?)?`)
)

// parseShade reads the ways of writing a colour that mail programs know.
func parseShade(text string) shade {
	text = strings.ToLower(strings.TrimSpace(text))
	switch text {
	case "", "none", "transparent", "inherit", "initial", "unset":
		return shade{}
	}
	if c, ok := named[text]; ok {
		return shade{true, true, c}
	}
	if m := rgb.FindStringSubmatch(text); m != nil {
		return channels(m[1:4], m[4])
	}
	c, err := brand.ParseColour(doubly.ReplaceAllString(text, "#$1$1$2$2$3$3"))
	return shade{true, err == nil, c}
}

// channels joins red, green and blue. How a colour looks that lets through what is behind it is not known.
func channels(numbers []string, opacity string) shade {
	c := shade{told: true, known: true}
	for i, number := range numbers {
		n, err := strconv.ParseUint(number, 10, 8)
		if err != nil {
			return shade{told: true}
		}
		c.Colour[i] = uint8(n)
	}
	share, err := strconv.ParseFloat(strings.TrimSuffix(opacity, "%"), 64)
	switch {
	case err == nil && share == 0:
		return shade{}
	case opacity == "" || opacity == "100%" || err == nil && share >= 1 && !strings.HasSuffix(opacity, "%"):
		return c
	}
	return shade{told: true}
}

// shorthand reads the value of background: the first colour in it, beside whatever else. A gradient has several.
func shorthand(text string) shade {
	ground := parseShade(text)
	if strings.Contains(text, "gradient(") {
		return ground
	}
	for _, part := range parts.FindAllString(text, -1) {
		if c := parseShade(part); c.known {
			return c
		}
	}
	return ground
}
