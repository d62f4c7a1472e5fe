package passfort_test

import (
	"encoding/json"
	"errors"
	"regexp"
	"testing"

	"portal/internal/onboarding"
)

// FuzzCompanyFile holds that whatever a file says, it is refused as unreadable or the associates are in it afterwards, once
// and for all.
func FuzzCompanyFile(f *testing.F) {
	for _, text := range []string{
		`{"entity_type":"COMPANY"}`, `null`, `[]`, ``, `{"officers":{"directors":[{"linked_profile":{"id":"p-1"}},null]}}`,
		`{"officers":null,"officers":{"directors":[]},"authorized_persons":{}}`, `{"ownership_structure":{"share_classes":[{"name":"A"},7]}}`,
		`{"officers":{"partners":[{"linked_profile":{"id":"C","applications":[{}],"collected_data":{"officers":{}}}}]}}`, "{\"a\xff\":\"\xff\"}",
	} {
		f.Add([]byte(text))
	}
	word := regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)
	p := person("P-1", onboarding.AssociatedRoles...)
	p.Details.Shareholdings = []onboarding.Shareholding{{Class: "A", Amount: "1"}}
	p.Lists = map[onboarding.AssociatedRole][]string{onboarding.Director: {"v-1"}}
	f.Fuzz(func(t *testing.T, text []byte) {
		if view, err := placing.Behind(fileOf(string(text))); err == nil {
			for _, a := range view.Associates {
				if !word.MatchString(string(a.Profile)) {
					t.Errorf("profile id %q", a.Profile)
				}
			}
		} else if !errors.Is(err, onboarding.ErrUnreadable) {
			t.Error(err)
		}
		placed, _, err := placing.Placed(fileOf(string(text)), []onboarding.Placement{p})
		switch {
		case err != nil && !errors.Is(err, onboarding.ErrUnreadable):
			t.Error(err)
		case err != nil:
			return
		case !json.Valid(placed.Text):
			t.Fatal("what is written is no JSON")
		}
		if _, changed, err := placing.Placed(placed, []onboarding.Placement{p}); err != nil || changed {
			t.Errorf("again: changed %t, %v", changed, err)
		}
	})
}
