package templates

import "testing"

func TestRoleKeyKnowsEveryRoleOffered(t *testing.T) {
	for _, r := range roleTexts {
		if RoleKey(r.value) != r.label {
			t.Errorf("%s has no name", r.value)
		}
	}
	if RoleKey("KING") != "" {
		t.Error("a role that is not offered has a name")
	}
}
