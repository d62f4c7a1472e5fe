//go:build plant_bare

package onboarding

// placement has a planted bug, to prove that the torture runs find it: shares and days are forgotten.
func (a Associate) placement(lists map[AssociatedRole][]string) Placement {
	known := Details{EntityType: a.Details.EntityType, Roles: a.Details.Roles}
	return Placement{Profile: a.Profile, Details: known, Lists: lists, Linked: a.Status == AssociateLinked}
}
