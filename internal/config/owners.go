package config

import (
	"errors"
	"regexp"
	"slices"
)

// ownersKey is what a member of PassFort's data may be called.
var ownersKey = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

// documentedOwnersKeys are the members of an ownership structure that PassFort has documented for something else.
var documentedOwnersKeys = []string{"beneficial_owners", "shareholders", "share_classes"}

// checkOwnersKeys wants a member of its own for each of the two kinds of owners: another kind's list is no place for them.
func (e Environment) checkOwnersKeys() error {
	var wrong []error
	taken := documentedOwnersKeys
	for _, s := range []struct{ name, value string }{
		{"PASSFORT_CONTROLLING_SHAREHOLDERS_KEY", e.PassFortControllersKey}, {"PASSFORT_GLOBAL_ULTIMATE_OWNERS_KEY", e.PassFortUltimatesKey},
	} {
		switch {
		case !ownersKey.MatchString(s.value):
			wrong = append(wrong, wrongly(s.name, "a key of JSON: lower-case letters, digits and underscores"))
		case slices.Contains(taken, s.value):
			wrong = append(wrong, wrongly(s.name, "%q is another kind's key", s.value))
		}
		taken = append(slices.Clone(taken), s.value)
	}
	return errors.Join(wrong...)
}
