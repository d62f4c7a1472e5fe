package mailcheck

import "golang.org/x/net/html"

// repeated are the elements that HTML begins anew in every paragraph for as long as they are not closed.
var repeated = map[string]bool{
	"b": true, "big": true, "code": true, "em": true, "font": true, "i": true, "s": true, "small": true, "strike": true, "strong": true,
	"tt": true, "u": true,
}

// maxRepeats is how often that may happen in a template: what a file of some kilobytes asks for may otherwise take minutes.
// Templates that close what they open need a few thousand.
const maxRepeats = 300_000

// unclosed counts elements that are open, and how often they may have to begin anew.
type unclosed struct {
	open    map[string]int
	all     int
	repeats int
}

// see counts one more piece of the source.
func (u *unclosed) see(kind html.TokenType, name string) {
	switch {
	case kind == html.StartTagToken && repeated[name]:
		u.open[name]++
		u.all++
	case kind == html.EndTagToken && u.open[name] > 0:
		u.open[name]--
		u.all--
	}
	u.repeats += u.all
}

func (u *unclosed) tooMany() bool { return u.repeats > maxRepeats }
