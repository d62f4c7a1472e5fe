package torture

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"portal/internal/onboarding"
)

// file is a company's collected data without what reads show of the profiles that it links.
type file struct {
	profile string
	data    map[string]any
	text    string
}

func (r *run) fileOf(profile string) file {
	f := file{profile: profile, data: r.ask("GET", "/profiles/"+profile+"/collected_data", "", nil).body}
	for role := range arrays {
		for _, item := range f.list(role) {
			entry := item.(map[string]any)
			entry["linked_profile"] = map[string]any{"id": linkedIn(entry)}
		}
	}
	text, err := json.Marshal(f.data)
	if err != nil {
		panic(err) // it was read from JSON
	}
	f.text = string(text)
	return f
}

// list is the entries of those who have a role.
func (f file) list(role onboarding.AssociatedRole) []any {
	holder := f.data
	if group := arrays[role][0]; group != "" {
		holder, _ = f.data[group].(map[string]any)
	}
	list, _ := holder[arrays[role][1]].([]any)
	return list
}

// linkedIn is the profile that an entry links.
func linkedIn(entry map[string]any) string {
	linked, _ := entry["linked_profile"].(map[string]any)
	id, _ := linked["id"].(string)
	return id
}

// compare holds a list against the profiles that should be somewhere in the file, by their roles.
func (f file) compare(r *run, role onboarding.AssociatedRole, expected map[string][]onboarding.AssociatedRole) {
	times := map[string]int{}
	for _, item := range f.list(role) {
		times[linkedIn(item.(map[string]any))]++
	}
	for id, roles := range expected {
		want := 0
		if slices.Contains(roles, role) {
			want = 1
		}
		if times[id] != want {
			r.say("company %s: profile %s is %d times a %s, not %d times", f.profile, id, times[id], role, want)
		}
		delete(times, id)
	}
	for id := range times {
		r.say("company %s: profile %s is a %s, and nobody wanted it", f.profile, id, role)
	}
}

// wantMark makes sure that a mark is there once.
func (r *run) wantMark(f file, m mark) {
	if n := strings.Count(f.text, `"`+m.text+`"`); n != 1 {
		r.say("company %s: what the stranger has left, %s, is there %d times", f.profile, m.text, n)
	}
}

// say notes a violation.
func (r *run) say(format string, args ...any) {
	r.found = append(r.found, fmt.Sprintf(format, args...))
}

func registrationID(text string) onboarding.RegistrationID {
	return onboarding.RegistrationID(uuid.MustParse(text))
}
