package passfort

import "portal/internal/onboarding"

// roleList is where a company's collected data lists its associates of one role.
type roleList struct {
	role  onboarding.AssociatedRole
	group string // the member that holds the list; empty where that is the data itself
	key   string // the list's own name
}

// The members of collected data that hold lists.
const (
	officersGroup  = "officers"
	ownershipGroup = "ownership_structure"
)

// unauthorizedPerson is a role that nobody is given here. Its list is known because reads expand it like the others.
const unauthorizedPerson onboarding.AssociatedRole = "UNAUTHORIZED_PERSON"

// roleLists are all of them, by the API's schema; the names of two are not in it.
func roleLists(controllers, ultimates string) []roleList {
	return []roleList{
		{onboarding.Director, officersGroup, "directors"},
		{onboarding.CompanySecretary, officersGroup, "secretaries"},
		{onboarding.Partner, officersGroup, "partners"},
		{onboarding.OtherOfficer, officersGroup, "other"},
		{onboarding.ResignedOfficer, officersGroup, "resigned"},
		{onboarding.Trustee, officersGroup, "trustees"},
		{onboarding.BeneficialOwner, ownershipGroup, "beneficial_owners"},
		{onboarding.Shareholder, ownershipGroup, "shareholders"},
		{onboarding.ControllingShareholder, ownershipGroup, controllers},
		{onboarding.GlobalUltimateOwner, ownershipGroup, ultimates},
		{onboarding.AuthorizedPerson, "", "authorized_persons"},
		{unauthorizedPerson, "", "unauthorized_persons"},
	}
}

// shareClasses is the list of the classes of shares that owners may hold.
var shareClasses = roleList{group: ownershipGroup, key: "share_classes"}
