package torture

import (
	"fmt"
	"maps"
	"math/big"
	"slices"

	"portal/internal/onboarding"
)

// entries: in each list that an associate of ours is in, its entry tells what was entered; and the company's share classes
// are those that somebody holds, each named once.
func (j *companyVerdict) entries(f file, company onboarding.AssociateID) {
	classes, lists := map[string]bool{}, j.listsOf(f.profile, company)
	for _, a := range j.st.Behind(company) {
		e := j.associates.find(a.ID)
		if e == nil || a.Profile == "" {
			continue
		}
		for _, role := range e.Details.Roles {
			if entry := f.entry(role, string(a.Profile)); entry != nil {
				j.entry(fmt.Sprintf("associate %s as %s", e.ID, role), entry, role, e)
				j.onLists(e, role, entry, lists[role])
			}
		}
		for _, h := range e.Details.Shareholdings {
			classes[h.Class] = true
		}
		j.appliesAs(a, e.Details.Roles, lists)
	}
	if want := slices.Sorted(maps.Keys(classes)); !slices.Equal(f.shareClasses(), want) {
		j.say("company %s: its share classes are %q and should be %q", f.profile, f.shareClasses(), want)
	}
}

// entry is the entry of a profile among those of a role; nil where it is not there once.
func (f file) entry(role onboarding.AssociatedRole, profile string) map[string]any {
	var found map[string]any
	for _, item := range f.list(role) {
		if entry := item.(map[string]any); linkedIn(entry) == profile {
			if found != nil {
				return nil
			}
			found = entry
		}
	}
	return found
}

// shareClasses are the names in the list of classes, sorted.
func (f file) shareClasses() (names []string) {
	ownership, _ := f.data["ownership_structure"].(map[string]any)
	list, _ := ownership["share_classes"].([]any)
	for _, item := range list {
		names = append(names, fmt.Sprint(item.(map[string]any)["name"]))
	}
	slices.Sort(names)
	return names
}

// entry compares one entry with what was entered.
func (j *companyVerdict) entry(whose string, entry map[string]any, role onboarding.AssociatedRole, e *entered) {
	if got := entry["entity_type"]; got != string(e.Details.EntityType) {
		j.say("%s: its entry is of type %v", whose, got)
	}
	from, to := []onboarding.Date{}, []onboarding.Date{}
	for _, d := range e.told {
		begins, ends := termIn(role, d)
		from, to = append(from, begins), append(to, ends)
	}
	j.day(whose, entry, "appointed_on", from)
	j.day(whose, entry, "resigned_on", to)
	var holdings []onboarding.Shareholding
	if arrays[role][0] == "ownership_structure" {
		holdings = e.Details.Shareholdings
	}
	j.shares(whose, entry, holdings)
}

// termIn is from when to when somebody has a role: whoever is authorized without a tenure is so while they hold their office.
func termIn(role onboarding.AssociatedRole, d onboarding.Details) (from, to onboarding.Date) {
	switch {
	case arrays[role][0] == "ownership_structure":
		return "", ""
	case role == onboarding.AuthorizedPerson && d.AuthorizedFrom+d.AuthorizedTo != "":
		return d.AuthorizedFrom, d.AuthorizedTo
	}
	return d.AppointedOn, d.ResignedOn
}

// day compares a day of an entry with what it should have been at every time since the associate was submitted. A day that
// was written stays, and one that was not known is written when it is.
func (j *companyVerdict) day(whose string, entry map[string]any, name string, told []onboarding.Date) {
	text, _ := entry[name].(string)
	got, last := onboarding.Date(text), told[len(told)-1]
	if !slices.Contains(told, got) || got == "" && last != "" {
		j.say("%s: %s is %q in its entry, and was told as %q", whose, name, got, told)
	}
}

// shares compares an entry's shareholdings with those that were entered, class by class, and their sum.
func (j *companyVerdict) shares(whose string, entry map[string]any, holdings []onboarding.Shareholding) {
	var want, got []string
	total := ""
	for _, h := range holdings {
		want = append(want, fmt.Sprintf("%q %s %s", h.Class, value(h.Amount), value(h.Percentage)))
		if h.Percentage != "" {
			total = sum(total, h.Percentage)
		}
	}
	list, _ := entry["shareholdings"].([]any)
	for _, item := range list {
		h := item.(map[string]any)
		got = append(got, fmt.Sprintf("%q %s %s", h["share_class"], value(h["amount"]), value(h["percentage"])))
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		j.say("%s: its entry tells of the shares %s, and should of %s", whose, got, want)
	}
	if shown := value(entry["total_percentage"]); shown != value(total) {
		j.say("%s: its entry tells of %s %% in all, and should of %s", whose, shown, value(total))
	}
	j.shareRows += len(got)
}

// value is a number however it is written; nothing is "-".
func value(number any) string {
	if number == nil || number == "" {
		return "-"
	}
	n, ok := new(big.Rat).SetString(fmt.Sprint(number))
	if !ok {
		return fmt.Sprintf("no number: %v", number)
	}
	return n.RatString()
}

// sum adds two decimal numbers, of which the first may be none.
func sum(a, b string) string {
	total := new(big.Rat)
	for _, text := range []string{a, b} {
		if n, ok := new(big.Rat).SetString(text); ok {
			total.Add(total, n)
		}
	}
	return total.RatString()
}
