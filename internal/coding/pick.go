package coding

import (
	"strconv"
	"strings"
)

// Pick is the coding that somebody likes best who sends these lines of Accept-Encoding: the one of the greatest weight, and
// of several of the same weight Zstd, which is the quickest both to make and to unpack. Whoever does not say that they take a
// coding gets Identity, also those who say that they do not take that: they had better read it than nothing.
func Pick(accept []string) Coding {
	liked := weigh(accept)
	best, most := Identity, max(liked.identity, 0)
	for _, c := range [...]Coding{Gzip, Zstd} {
		if weight := liked.of(c); weight > 0 && weight >= most {
			best, most = c, weight
		}
	}
	return best
}

// weights are how much somebody likes each coding; what is not named is less than nought.
type weights struct{ identity, gzip, zstd, others float64 }

// of is the weight of a coding, or of any other where it is not named itself.
func (w weights) of(c Coding) float64 {
	given := w.gzip
	if c == Zstd {
		given = w.zstd
	}
	if given < 0 {
		return w.others
	}
	return given
}

func weigh(accept []string) weights {
	found := weights{-1, -1, -1, -1}
	for _, line := range accept {
		for one := range strings.SplitSeq(line, ",") {
			name, parameter, weighed := strings.Cut(one, ";")
			weight := 1.0
			if weighed {
				weight = weightOf(parameter)
			}
			found.note(strings.TrimSpace(name), weight)
		}
	}
	return found
}

func (w *weights) note(name string, weight float64) {
	switch {
	case strings.EqualFold(name, "identity"):
		w.identity = weight
	case strings.EqualFold(name, string(Gzip)):
		w.gzip = weight
	case strings.EqualFold(name, string(Zstd)):
		w.zstd = weight
	case name == "*":
		w.others = weight
	}
}

// weightOf reads "q=0.5". What is no weight is nought: a coding is not sent on a guess.
func weightOf(parameter string) float64 {
	name, value, _ := strings.Cut(parameter, "=")
	weight, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || !strings.EqualFold(strings.TrimSpace(name), "q") || !(weight >= 0 && weight <= 1) {
		return 0
	}
	return weight
}
