package web

import (
	"regexp"
	"strings"
	"unicode"

	"portal/internal/onboarding"
)

func typedDate(text string) onboarding.Date {
	return onboarding.Date(strings.TrimSpace(plainDigits(text)))
}

// plainDigits is a text with the digits of any script as those of ours.
func plainDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsDigit(r) {
			return r
		}
		return '0' + digitOf(r)
	}, text)
}

// digitOf is the value of a decimal digit. Unicode keeps the ten of each script together, zero first.
func digitOf(r rune) rune {
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10
		}
	}
	return 0
}

// bare is a number without the blanks in it and the other signs that are left out.
func bare(text, signs string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune(signs, r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, plainDigits(text))
}

// typedPercentage is a percentage with a decimal point, whatever its language writes there.
func typedPercentage(text string) string {
	text = strings.NewReplacer(",", ".", "٫", ".").Replace(bare(text, "%٪"))
	if strings.HasPrefix(text, ".") {
		return "0" + text
	}
	return text
}

// grouped is a whole number with signs between its groups of digits. What has a last group of another length may be a
// fraction, and is left for its owner to put right.
var grouped = regexp.MustCompile(`^[0-9]{1,3}([.,'’٬][0-9]{2,3})*[.,'’٬][0-9]{3}$`)

// typedAmount is a number of shares in digits alone.
func typedAmount(text string) string {
	text = bare(text, "")
	if !grouped.MatchString(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if !unicode.IsDigit(r) {
			return -1
		}
		return r
	}, text)
}
