package passfort_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"portal/internal/onboarding"
)

// drawValue draws a JSON value of any kind, which nobody here knows.
func drawValue(rt *rapid.T, depth int) any {
	kinds := 4
	if depth > 0 {
		kinds = 6
	}
	switch rapid.IntRange(0, kinds-1).Draw(rt, "kind") {
	case 0:
		return nil
	case 1:
		return json.Number(rapid.StringMatching(`-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,8}0)?(e[0-9]{1,3})?`).Draw(rt, "number"))
	case 2:
		return rapid.String().Draw(rt, "text")
	case 3:
		return rapid.Bool().Draw(rt, "truth")
	case 4:
		return slices.Collect(func(yield func(any) bool) {
			for range rapid.IntRange(1, 3).Draw(rt, "elements") {
				if !yield(drawValue(rt, depth-1)) {
					return
				}
			}
		})
	default:
		return drawMembers(rt, depth-1)
	}
}

// drawMembers draws an object of members that nobody here knows.
func drawMembers(rt *rapid.T, depth int) map[string]any {
	all := map[string]any{}
	for _, name := range rapid.SliceOfN(rapid.StringMatching(`x_[a-zé<"\\]{0,3}`), 0, 3).Draw(rt, "names") {
		all[name] = drawValue(rt, depth)
	}
	return all
}

// someProfiles are few, so that they meet.
var someProfiles = []onboarding.ProfileID{"P-1", "P-2", "P-3", "P-4", "P-5"}

// listsOf are where the lists are.
var listsOf = map[onboarding.AssociatedRole][]string{
	onboarding.Director: {"officers", "directors"}, onboarding.Trustee: {"officers", "trustees"},
	onboarding.Shareholder: {"ownership_structure", "shareholders"}, onboarding.AuthorizedPerson: {"authorized_persons"},
}

func drawRoles(rt *rapid.T) []onboarding.AssociatedRole {
	offered := slices.DeleteFunc(slices.Clone(onboarding.AssociatedRoles), func(r onboarding.AssociatedRole) bool { return listsOf[r] == nil })
	return rapid.SliceOfNDistinct(rapid.SampledFrom(offered), 1, 4, rapid.ID).Draw(rt, "roles")
}

// drawDocument draws a company's data with some associates and members that nobody here knows, at every level.
func drawDocument(rt *rapid.T) map[string]any {
	doc := drawMembers(rt, 3)
	doc["entity_type"] = "COMPANY"
	for _, role := range drawRoles(rt) {
		list := []any{}
		for _, id := range rapid.SliceOfDistinct(rapid.SampledFrom(someProfiles), rapid.ID).Draw(rt, "there") {
			entry, link := drawMembers(rt, 2), drawMembers(rt, 2)
			link["id"], entry["linked_profile"] = string(id), link
			list = append(list, entry)
		}
		here := doc
		path := listsOf[role]
		if len(path) == 2 {
			if doc[path[0]] == nil {
				doc[path[0]] = drawMembers(rt, 2)
			}
			here = doc[path[0]].(map[string]any)
		}
		here[path[len(path)-1]] = list
	}
	return doc
}

func drawPlacements(rt *rapid.T) []onboarding.Placement {
	var list []onboarding.Placement
	for _, id := range rapid.SliceOfNDistinct(rapid.SampledFrom(someProfiles), 1, -1, rapid.ID).Draw(rt, "placed") {
		p := person(id, drawRoles(rt)...)
		if slices.Contains(p.Details.Roles, onboarding.Shareholder) {
			p.Details.Shareholdings = []onboarding.Shareholding{{Class: rapid.SampledFrom([]string{"A", "B"}).Draw(rt, "class"), Percentage: "10"}}
		}
		p.Lists = map[onboarding.AssociatedRole][]string{onboarding.Director: rapid.SliceOfDistinct(rapid.SampledFrom([]string{"v-1", "v-2"}), rapid.ID).Draw(rt, "lists")}
		list = append(list, p)
	}
	return list
}

func encoded(rt *rapid.T, v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		rt.Fatal(err)
	}
	return string(text)
}

// kept says whether everything in before is in after, where lists may only have grown at their end.
func kept(before, after any) bool {
	switch before := before.(type) {
	case map[string]any:
		now, ok := after.(map[string]any)
		for name, value := range before {
			still, there := now[name]
			ok = ok && there && kept(value, still)
		}
		return ok
	case []any:
		now, ok := after.([]any)
		for i, value := range before {
			ok = ok && i < len(now) && kept(value, now[i])
		}
		return ok
	default:
		return cmp.Equal(before, after)
	}
}

// present lists who is in which list how often, on which verification lists.
func present(rt *rapid.T, text string) map[string]int {
	found := map[string]int{}
	doc, _ := meaning(rt, text).(map[string]any)
	for role, path := range listsOf {
		here := any(doc)
		for _, name := range path {
			object, _ := here.(map[string]any)
			here = object[name]
		}
		list, _ := here.([]any)
		for _, entry := range list {
			all, _ := entry.(map[string]any)
			id, _ := all["linked_profile"].(map[string]any)["id"].(string)
			found[string(role)+" "+id]++
			variants, _ := all["task_variant_ids"].([]any)
			for _, v := range variants {
				found[string(role)+" "+id+" "+v.(string)]++
			}
		}
	}
	return found
}

// Whatever is in a file stays in it, everybody who is placed is there once, placing again changes nothing, and it does not
// matter who is placed first, or by whom.
func TestPlacingKeepsEverythingAndIsDoneOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		before, placements := encoded(rt, drawDocument(rt)), drawPlacements(rt)
		after, _, err := placing.Placed(fileOf(before), placements)
		if err != nil {
			rt.Fatal(err)
		}
		if !kept(meaning(rt, before), meaning(rt, string(after.Text))) {
			rt.Fatalf("something is lost:\n%s\n%s", before, string(after.Text))
		}
		for _, p := range placements {
			for _, role := range p.Details.Roles {
				if n := present(rt, string(after.Text))[string(role)+" "+string(p.Profile)]; n != 1 {
					rt.Fatalf("%s is there %d times as %s", p.Profile, n, role)
				}
			}
		}
		if again, changed, err := placing.Placed(after, placements); err != nil || changed || string(again.Text) != string(after.Text) {
			rt.Fatalf("again: changed %t, %v", changed, err)
		}
		other := fileOf(before)
		for _, p := range slices.Backward(placements) { // one by one, in another order
			if other, _, err = placing.Placed(other, []onboarding.Placement{p}); err != nil {
				rt.Fatal(err)
			}
		}
		if diff := cmp.Diff(present(rt, string(after.Text)), present(rt, string(other.Text))); diff != "" {
			rt.Fatal("the order matters:", diff)
		}
	})
}
