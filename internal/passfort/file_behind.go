package passfort

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"portal/internal/onboarding"
)

// Behind tells who is behind the company: every profile that is linked in its file, or in the files of companies behind it
// that are shown inside. Each is told once, whatever its roles.
func (c *Client) Behind(f onboarding.CompanyFile) (onboarding.BehindView, error) {
	d, err := openFile(f)
	if err != nil {
		return onboarding.BehindView{}, err
	}
	b := &behind{lists: c.lists, at: map[string]int{}}
	if err := b.look(d, 1); err != nil {
		return onboarding.BehindView{}, unreadableFile(err)
	}
	return onboarding.BehindView{Own: ownDetails(d), Associates: b.found}, nil
}

// ownDetails are a company's own.
func ownDetails(d *companyData) onboarding.Details {
	metadata := object(d.parts[""].at("metadata"))
	return onboarding.Details{
		EntityType: onboarding.Company, Name: textOf(metadata["name"]), Number: textOf(metadata["number"]),
		Country: unspelled(textOf(metadata["country_of_incorporation"])),
	}
}

// behind collects the associates of a company.
type behind struct {
	lists []roleList
	found []onboarding.AssociateView
	at    map[string]int // where in found a profile is, by its id in small letters
}

// look goes through a company's lists. The levels of associates are counted from one.
func (b *behind) look(d *companyData, level int) error {
	for _, l := range b.lists {
		entries, err := d.list(l)
		if err != nil {
			return err
		}
		for _, entry := range entries {
			if err := b.see(entry, l.role, level); err != nil {
				return fmt.Errorf("%s: %w", l.key, err)
			}
		}
	}
	return nil
}

// see takes note of an entry and of those behind it.
func (b *behind) see(entry []byte, role onboarding.AssociatedRole, level int) error {
	_, link, err := linkIn(entry)
	if err != nil {
		return err
	}
	id := textOf(link.at("id"))
	if !profileID.MatchString(id) {
		return nil
	}
	var applications []shownApplication
	if list := link.at("applications"); !absent(list) && json.Unmarshal(list, &applications) != nil {
		return fmt.Errorf("applications: %w", errNoArray)
	}
	b.note(id, role, shown(applications, shownApplication.view))
	inside := link.at("collected_data")
	if absent(inside) || level == maxLevels {
		return nil
	}
	d, err := openData(inside)
	if err != nil {
		return err
	}
	return b.look(d, level+1)
}

// note takes note of a profile. Not every place that links it need show its applications.
func (b *behind) note(id string, role onboarding.AssociatedRole, applications []onboarding.Application) {
	key := strings.ToLower(id)
	i, known := b.at[key]
	switch {
	case !known:
		b.at[key] = len(b.found)
		b.found = append(b.found, onboarding.AssociateView{Profile: onboarding.ProfileID(id), Applications: applications})
		i = len(b.found) - 1
	case len(b.found[i].Applications) == 0:
		b.found[i].Applications = applications
	}
	if !slices.Contains(b.found[i].Roles, role) {
		b.found[i].Roles = append(b.found[i].Roles, role)
	}
}
