//go:build !plant_bare

package onboarding

// placement is where the associate belongs, with all that is known of it there.
func (a Associate) placement(lists map[AssociatedRole][]string) Placement {
	return Placement{Profile: a.Profile, Details: a.Details, Lists: lists, Linked: a.Status == AssociateLinked}
}
