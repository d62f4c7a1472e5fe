package onboarding

import "slices"

// EntityType is what an associate is.
type EntityType string

// The types of entity, in the provider's words.
const (
	Individual EntityType = "INDIVIDUAL"
	Company    EntityType = "COMPANY"
)

// AssociatedRole is what an associate is to a company, in the provider's words (help article "Create a profile for an
// associate and link it to a company in the API").
type AssociatedRole string

// The roles of associates.
const (
	Director               AssociatedRole = "DIRECTOR"
	CompanySecretary       AssociatedRole = "COMPANY_SECRETARY"
	Partner                AssociatedRole = "PARTNER"
	Trustee                AssociatedRole = "TRUSTEE"
	OtherOfficer           AssociatedRole = "OTHER"
	ResignedOfficer        AssociatedRole = "RESIGNED_OFFICER"
	BeneficialOwner        AssociatedRole = "BENEFICIAL_OWNER"
	Shareholder            AssociatedRole = "SHAREHOLDER"
	ControllingShareholder AssociatedRole = "CONTROLLING_SHAREHOLDER"
	GlobalUltimateOwner    AssociatedRole = "GLOBAL_ULTIMATE_OWNER"
	AuthorizedPerson       AssociatedRole = "AUTHORIZED_PERSON"
)

// AssociatedRoles are all of them, as they are offered.
var AssociatedRoles = []AssociatedRole{
	Director, CompanySecretary, Partner, Trustee, OtherOfficer, ResignedOfficer,
	Shareholder, ControllingShareholder, BeneficialOwner, GlobalUltimateOwner, AuthorizedPerson,
}

var ownerRoles = []AssociatedRole{Shareholder, ControllingShareholder, BeneficialOwner, GlobalUltimateOwner}

// Owns says whether shareholdings belong to the role.
func (r AssociatedRole) Owns() bool { return slices.Contains(ownerRoles, r) }

// Officer says whether the role is held in the company's management, from a day and perhaps to a day.
func (r AssociatedRole) Officer() bool { return slices.Index(AssociatedRoles, r) < 6 && r.known() }

func (r AssociatedRole) known() bool { return slices.Contains(AssociatedRoles, r) }

// verificationTask says on whose lists of a company task associates of which roles are. Task types are in the provider's
// own spelling; the help article above spells one of them otherwise. Which roles belong to a task is elided in every copy
// of that article: ownership is its own example and the article "Tasks for company profiles", the others are inferred from
// the tasks' descriptions there and the arrays of the API's schema.
type verificationTask struct {
	spellings []string
	roles     []AssociatedRole
}

var verificationTasks = []verificationTask{
	{[]string{"COMPANY_IDENTIFY_OFFICERS"}, []AssociatedRole{Director, CompanySecretary, Partner, OtherOfficer, ResignedOfficer}},
	{[]string{"COMPANY_IDENTIFY_TRUSTEES"}, []AssociatedRole{Trustee}},
	{[]string{"COMPANY_IDENTIFY_BENEFICIAL_OWNERS"}, []AssociatedRole{Shareholder, BeneficialOwner}},
	{[]string{"COMPANY_ASSESS_OWNERSHIP"}, ownerRoles},
	{[]string{"COMPANY_IDENTIFY_AUTHORIZED_PERSONS", "COMPANY_IDENTIFY_AUTHORISED_PERSONS"}, []AssociatedRole{AuthorizedPerson}},
}

// verifies says whether a task of that type verifies associates of the role.
func verifies(taskType string, role AssociatedRole) bool {
	return slices.ContainsFunc(verificationTasks, func(t verificationTask) bool {
		return slices.Contains(t.spellings, taskType) && slices.Contains(t.roles, role)
	})
}

// lists are the verification lists of a company for each role: the variant ids of the tasks that its applications for the
// product require, or all its applications where no product is named. None at all means that they are not there yet.
func lists(v ProfileView, product string) map[AssociatedRole][]string {
	found := map[AssociatedRole][]string{}
	for _, app := range v.Applications {
		if product != "" && app.ProductAlias != product || over(app.Status) {
			continue
		}
		for _, task := range app.RequiredTasks {
			for _, role := range AssociatedRoles {
				if task.ID != "" && verifies(task.Type, role) && !slices.Contains(found[role], task.ID) {
					found[role] = append(found[role], task.ID)
				}
			}
		}
	}
	return found
}

// over says whether an application of that status has come to its end.
func over(status string) bool { return status == "REJECTED" || status == "CANCELLED" }
