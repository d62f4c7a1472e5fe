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
	best, most := Identity, liked["identity"]
	for _, c := range []Coding{Gzip, Zstd} {
		if weight := liked.of(c); weight > 0 && weight >= most {
			best, most = c, weight
		}
	}
	return best
}

// weights are how much somebody likes each coding, by its name in small letters.
type weights map[string]float64

// of is the weight of a coding, or of any other where it is not named itself.
func (w weights) of(c Coding) float64 {
	if given, ok := w[string(c)]; ok {
		return given
	}
	return w["*"]
}

func weigh(accept []string) weights {
	found := weights{}
	for _, line := range accept {
		for one := range strings.SplitSeq(line, ",") {
			name, parameter, weighed := strings.Cut(one, ";")
			weight := 1.0
			if weighed {
				weight = weightOf(parameter)
			}
			found[strings.ToLower(strings.TrimSpace(name))] = weight
		}
	}
	return found
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
