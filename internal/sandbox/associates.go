package sandbox

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// associate is an entry of a company's collected data that is linked to a profile.
type associate struct {
	List string // where the entry is, such as officers.directors
	ID   string
	Name string
}

// associatesIn finds the associates in collected data, in the order of the names of their lists.
func associatesIn(raw json.RawMessage) ([]associate, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	var data map[string]any
	if err := json.Unmarshal(raw, &data); err != nil {
		return nil, fmt.Errorf("reading the collected data: %w", err)
	}
	return associatesBelow("", data), nil
}

// associatesBelow goes through the members of an object. It stops at linked profiles: their associates are on pages of
// their own.
func associatesBelow(path string, data map[string]any) []associate {
	var found []associate
	for _, member := range slices.Sorted(maps.Keys(data)) {
		where := path + member
		switch value := data[member].(type) {
		case map[string]any:
			found = append(found, associatesBelow(where+".", value)...)
		case []any:
			for _, entry := range value {
				if a, ok := linked(where, entry); ok {
					found = append(found, a)
				}
			}
		}
	}
	return found
}

func linked(list string, entry any) (associate, bool) {
	fields, _ := entry.(map[string]any)
	profile, _ := fields["linked_profile"].(map[string]any)
	id, ok := profile["id"].(string)
	name, _ := profile["display_name"].(string)
	return associate{List: list, ID: id, Name: cmp.Or(name, "No name yet")}, ok
}
