package passfort_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/onboarding"
	"portal/internal/passfort"
)

// meaning is what a JSON text says, with its numbers as they are written.
func meaning(t interface{ Fatalf(string, ...any) }, text string) any {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		t.Fatalf("no JSON: %v in %.200s", err, text)
	}
	return v
}

// placing is a client that is asked for what needs no call.
var placing = passfort.New(passfort.Options{})

// fileOf is a company's file with that text.
func fileOf(text string) onboarding.CompanyFile {
	return onboarding.CompanyFile{Profile: profile, Version: etag, Text: []byte(text)}
}

// person is the placement of a person in roles.
func person(id onboarding.ProfileID, roles ...onboarding.AssociatedRole) onboarding.Placement {
	return onboarding.Placement{Profile: id, Details: onboarding.Details{EntityType: onboarding.Individual, Roles: roles}}
}

// placed puts associates into a file that must change by it, and returns its text.
func placed(t *testing.T, text string, placements ...onboarding.Placement) string {
	t.Helper()
	f, changed, err := placing.Placed(fileOf(text), placements)
	if err != nil || !changed || f.Profile != profile || f.Version != etag {
		t.Fatalf("changed %t, %v, profile %s, version %s", changed, err, f.Profile, f.Version)
	}
	return string(f.Text)
}

func TestPlacedPutsEveryRoleInItsList(t *testing.T) {
	t.Parallel()
	entry := `[{"entity_type":"INDIVIDUAL","linked_profile":{"id":"P-1"}}]`
	for role, want := range map[onboarding.AssociatedRole]string{
		onboarding.Director:               `"officers":{"directors":` + entry + `}`,
		onboarding.CompanySecretary:       `"officers":{"secretaries":` + entry + `}`,
		onboarding.Partner:                `"officers":{"partners":` + entry + `}`,
		onboarding.OtherOfficer:           `"officers":{"other":` + entry + `}`,
		onboarding.ResignedOfficer:        `"officers":{"resigned":` + entry + `}`,
		onboarding.Trustee:                `"officers":{"trustees":` + entry + `}`,
		onboarding.BeneficialOwner:        `"ownership_structure":{"beneficial_owners":` + entry + `}`,
		onboarding.Shareholder:            `"ownership_structure":{"shareholders":` + entry + `}`,
		onboarding.ControllingShareholder: `"ownership_structure":{"controlling_shareholders":` + entry + `}`,
		onboarding.GlobalUltimateOwner:    `"ownership_structure":{"global_ultimate_owners":` + entry + `}`,
		onboarding.AuthorizedPerson:       `"authorized_persons":` + entry,
	} {
		for _, before := range []string{``, `,"officers":null,"ownership_structure":null,"authorized_persons":null`} {
			got := placed(t, `{"entity_type":"COMPANY"`+before+`}`, person("P-1", role)) // what is null stays null elsewhere
			all, _ := meaning(t, got).(map[string]any)
			for name, value := range all {
				if value == nil {
					delete(all, name)
				}
			}
			if diff := cmp.Diff(meaning(t, `{"entity_type":"COMPANY",`+want+`}`), any(all)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", role, diff)
			}
		}
	}
	if len(onboarding.AssociatedRoles) != 11 {
		t.Error("there are other roles than those tried")
	}
}

func TestPlacedWritesWhatIsKnownOfARole(t *testing.T) {
	t.Parallel()
	p := onboarding.Placement{Profile: "P-1", Details: onboarding.Details{
		EntityType: onboarding.Company,
		Roles:      []onboarding.AssociatedRole{onboarding.Director, onboarding.Shareholder, onboarding.AuthorizedPerson},
		Shareholdings: []onboarding.Shareholding{
			{Class: "Ordinary <A>", Amount: "007", Percentage: "12.50"}, {Class: "B", Amount: "0"}, {Class: "C", Percentage: "00.05"},
		},
		AppointedOn: "2020-01-01", ResignedOn: "2021-01-01", AuthorizedFrom: "2022-01-01",
	}, Lists: map[onboarding.AssociatedRole][]string{onboarding.Director: {"v-1", "v-2"}}}
	const linked = `"entity_type":"COMPANY","linked_profile":{"id":"P-1"}`
	want := `{"a":1,
		"officers":{"directors":[{` + linked + `,"appointed_on":"2020-01-01","resigned_on":"2021-01-01","task_variant_ids":["v-1","v-2"]}]},
		"ownership_structure":{
			"share_classes":[{"name":"B","votes":1.0},{"name":"Ordinary <A>"},{"name":"C"}],
			"shareholders":[{` + linked + `,"total_percentage":12.55,"shareholdings":[
				{"share_class":"Ordinary <A>","amount":7,"percentage":12.50},{"share_class":"B","amount":0},{"share_class":"C","percentage":0.05}]}]},
		"authorized_persons":[{` + linked + `,"appointed_on":"2022-01-01"}]}`
	got := placed(t, `{"a":1,"ownership_structure":{"share_classes":[{"name":"B","votes":1.0}]}}`, p)
	if diff := cmp.Diff(meaning(t, want), meaning(t, got)); diff != "" {
		t.Error("(-want +got):", diff)
	}
}

func TestPlacedTakesTheTermOfOfficeForATenureThatIsNotKnown(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		details onboarding.Details
		want    string
	}{
		"none":        {onboarding.Details{AppointedOn: "2020-01-01", ResignedOn: "2021-01-01"}, `,"appointed_on":"2020-01-01","resigned_on":"2021-01-01"`},
		"its end":     {onboarding.Details{AppointedOn: "2020-01-01", AuthorizedTo: "2022-01-01"}, `,"resigned_on":"2022-01-01"`},
		"its begin":   {onboarding.Details{ResignedOn: "2021-01-01", AuthorizedFrom: "2022-01-01"}, `,"appointed_on":"2022-01-01"`},
		"no term":     {onboarding.Details{}, ``},
		"of an owner": {onboarding.Details{AppointedOn: "2020-01-01", Roles: []onboarding.AssociatedRole{onboarding.BeneficialOwner}}, ``},
	} {
		test.details.EntityType = onboarding.Individual
		want := `{"authorized_persons":[{"entity_type":"INDIVIDUAL","linked_profile":{"id":"P-1"}` + test.want + `}]}`
		if len(test.details.Roles) > 0 {
			want = `{"ownership_structure":{"beneficial_owners":[{"entity_type":"INDIVIDUAL","linked_profile":{"id":"P-1"}}]}}`
		} else {
			test.details.Roles = []onboarding.AssociatedRole{onboarding.AuthorizedPerson}
		}
		got := placed(t, `{}`, onboarding.Placement{Profile: "P-1", Details: test.details})
		if diff := cmp.Diff(meaning(t, want), meaning(t, got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestPlacedLeavesEntriesToWhoeverChangedThem(t *testing.T) {
	t.Parallel()
	there := `{"officers":{"directors":[{"linked_profile":{"id":"p-1","role":"X"},"appointed_on":"1999-01-01","task_variant_ids":["V-1"]},
		{"linked_profile":{"id":"P-1"}},null,{"immediate_data":{}},{"linked_profile":null}]},"ownership_structure":{"shareholders":[{"linked_profile":{"id":"P-1"}}]}}`
	p := person("P-1", onboarding.Director, onboarding.Shareholder)
	p.Linked, p.Details.AppointedOn = true, "2020-01-01"
	p.Details.Shareholdings = []onboarding.Shareholding{{Class: "A", Percentage: "1"}}
	f, changed, err := placing.Placed(fileOf(there), []onboarding.Placement{p})
	if err != nil || changed || string(f.Text) != there {
		t.Errorf("changed %t, %v", changed, err)
	}
	p.Lists = map[onboarding.AssociatedRole][]string{onboarding.Director: {"v-1", "v-2"}, onboarding.Shareholder: {"v-3"}}
	want := strings.Replace(there, `["V-1"]`, `["V-1","v-2"]`, 1)
	want = strings.Replace(want, `"shareholders":[{`, `"shareholders":[{"task_variant_ids":["v-3"],`, 1)
	got := placed(t, there, p)
	if diff := cmp.Diff(meaning(t, want), meaning(t, got)); diff != "" {
		t.Error("(-want +got):", diff)
	}
	if f, changed, err = placing.Placed(fileOf(got), []onboarding.Placement{p, p}); err != nil || changed || !bytes.Equal(f.Text, []byte(got)) {
		t.Errorf("again: changed %t, %v", changed, err)
	}
}

func TestPlacedKeepsTextThatIsNotOursToChange(t *testing.T) {
	t.Parallel()
	const more = `"é<&":"é\ud83d\u0000 \/","twice":1,"twice":1e400,"\ud800":-0.0,"deep":[{"officers":{"directors":[]}}]`
	got := placed(t, `{`+more+`,"officers":{`+more+`,"directors":[{`+more+`}]}}`, person("P-1", onboarding.Director))
	want := `{` + more + `,"officers":{` + more + `,"directors":[{` + more + `},{"entity_type":"INDIVIDUAL","linked_profile":{"id":"P-1"}}]}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestPlacedGoesByTheLastOfANameThatComesTwice(t *testing.T) {
	t.Parallel()
	got := placed(t, `{"officers":"first","officers":{"directors":7,"directors":[]}}`, person("P-1", onboarding.Director))
	want := `{"officers":"first","officers":{"directors":7,"directors":[{"entity_type":"INDIVIDUAL","linked_profile":{"id":"P-1"}}]}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestPlacedOverwritesNothingItDoesNotUnderstand(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		``, `{`, `null`, `[]`, `"Zimmer"`, `{}{}`, `{"officers":"Zimmer"}`, `{"officers":[]}`, `{"officers":{"directors":{}}}`, `{"ownership_structure":7}`,
		`{"officers":{"directors":["Zimmer"]}}`, `{"officers":{"directors":[[]]}}`, `{"officers":{"directors":[{"linked_profile":"Zimmer"}]}}`,
		`{"authorized_persons":true}`, `{"ownership_structure":{"share_classes":{"Zimmer":1}}}`,
		`{"officers":{"directors":[{"linked_profile":{"id":"P-1"},"task_variant_ids":"Zimmer"}]}}`,
	} {
		p := person("P-1", onboarding.Director, onboarding.Shareholder)
		p.Lists = map[onboarding.AssociatedRole][]string{onboarding.Director: {"v-1"}}
		f, changed, err := placing.Placed(fileOf(text), []onboarding.Placement{p})
		wantKind(t, err, onboarding.Busy)
		if changed || string(f.Text) != text || !errors.Is(err, onboarding.ErrUnreadable) || strings.Contains(err.Error(), "Zimmer") {
			t.Errorf("%s: changed %t, %v", text, changed, err)
		}
	}
}

func TestPlacedRefusesWhatIsNoNumber(t *testing.T) {
	t.Parallel()
	p := person("P-1", onboarding.Shareholder)
	p.Details.Shareholdings = []onboarding.Shareholding{{Class: "A", Amount: "Zimmer"}}
	_, changed, err := placing.Placed(fileOf(`{}`), []onboarding.Placement{p})
	if wantKind(t, err, onboarding.Invalid); changed || strings.Contains(err.Error(), "Zimmer") {
		t.Errorf("changed %t, %v", changed, err)
	}
}

// A role or a holding that is told later finds an entry that is there already.
func TestPlacedFillsInWhatAnEntryLacks(t *testing.T) {
	t.Parallel()
	file := fileOf(`{"entity_type":"COMPANY","ownership_structure":{"shareholders":[{"linked_profile":{"id":"p-1"},"total_percentage":5,"mark":1},{"linked_profile":{"id":"p-2"}}]}}`)
	holds := onboarding.Details{
		EntityType: onboarding.Individual, Roles: roles(onboarding.Shareholder),
		Shareholdings: []onboarding.Shareholding{{Class: "A", Percentage: "30"}},
	}
	placements := []onboarding.Placement{{Profile: "P-1", Details: holds, Linked: true}, {Profile: "P-2", Details: holds, Linked: true}, {Profile: "P-3", Details: holds, Linked: true}}
	if _, changed, err := placing.Placed(file, placements); err != nil || changed {
		t.Errorf("changed %v of those who are linked: %v", changed, err)
	}
	placements = []onboarding.Placement{{Profile: "P-1", Details: holds}, {Profile: "P-2", Details: holds}}
	placed, changed, err := placing.Placed(file, placements)
	if err != nil || !changed {
		t.Fatalf("changed %v: %v", changed, err)
	}
	const holding = `"shareholdings":[{"percentage":30,"share_class":"A"}]`
	want := `{"entity_type":"COMPANY","ownership_structure":{"share_classes":[{"name":"A"}],"shareholders":[{"linked_profile":{"id":"p-1"},"mark":1,` +
		holding + `,"total_percentage":5},{"linked_profile":{"id":"p-2"},` + holding + `,"total_percentage":30}]}}`
	if diff := cmp.Diff(want, sorted(t, placed.Text)); diff != "" {
		t.Error(diff)
	}
	if _, changed, err = placing.Placed(placed, placements); err != nil || changed {
		t.Errorf("changed %v the second time: %v", changed, err)
	}
}

// sorted is a JSON text with the members of its objects in order.
func sorted(t *testing.T, text []byte) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	in, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(in)
}

func TestPlacedAddsAClassOfSharesThatIsToldLater(t *testing.T) {
	t.Parallel()
	d := onboarding.Details{
		EntityType: onboarding.Individual, Roles: roles(onboarding.Shareholder),
		Shareholdings: []onboarding.Shareholding{{Class: "Ordinary", Percentage: "10"}, {Class: "Preference", Amount: "7", Percentage: "2.5"}},
	}
	placements := []onboarding.Placement{{Profile: "P-1", Details: d}}
	for total, want := range map[string]string{"10": "12.5", "11": "11"} { // another's sum is theirs
		file := fileOf(`{"ownership_structure":{"shareholders":[{"linked_profile":{"id":"p-1"},"total_percentage":` + total +
			`,"shareholdings":[{"share_class":"Ordinary","percentage":10,"currency":"GBP"}]}]}}`)
		placed, changed, err := placing.Placed(file, placements)
		if err != nil || !changed {
			t.Fatalf("changed %v: %v", changed, err)
		}
		wanted := `{"ownership_structure":{"share_classes":[{"name":"Ordinary"},{"name":"Preference"}],"shareholders":[{"linked_profile":{"id":"p-1"},` +
			`"shareholdings":[{"currency":"GBP","percentage":10,"share_class":"Ordinary"},{"amount":7,"percentage":2.5,"share_class":"Preference"}],` +
			`"total_percentage":` + want + `}]}}`
		if diff := cmp.Diff(wanted, sorted(t, placed.Text)); diff != "" {
			t.Error(diff)
		}
		if _, changed, err := placing.Placed(placed, placements); err != nil || changed {
			t.Errorf("changed %v the second time: %v", changed, err)
		}
	}
}

func TestPlacedPutsNobodyBackWhoWasTakenOut(t *testing.T) {
	t.Parallel()
	p := onboarding.Placement{
		Profile: "P-1", Linked: true, Details: onboarding.Details{EntityType: onboarding.Individual, Roles: roles(onboarding.Director)},
		Lists: map[onboarding.AssociatedRole][]string{onboarding.Director: {"v-1"}},
	}
	if _, changed, err := placing.Placed(fileOf(`{"officers":{"directors":[]}}`), []onboarding.Placement{p}); err != nil || changed {
		t.Errorf("changed %v: %v", changed, err)
	}
}
