package passfort

import (
	"encoding/json"
	"slices"
)

// taskRoles says which roles each task of a company verifies.
var taskRoles = map[string][]string{
	"COMPANY_IDENTIFY_OFFICERS":           {"DIRECTOR", "COMPANY_SECRETARY", "PARTNER", "OTHER", "RESIGNED_OFFICER"},
	"COMPANY_IDENTIFY_TRUSTEES":           {"TRUSTEE"},
	"COMPANY_IDENTIFY_BENEFICIAL_OWNERS":  {"SHAREHOLDER", "BENEFICIAL_OWNER"},
	"COMPANY_ASSESS_OWNERSHIP":            {"BENEFICIAL_OWNER", "CONTROLLING_SHAREHOLDER", "GLOBAL_ULTIMATE_OWNER", "SHAREHOLDER"},
	"COMPANY_IDENTIFY_AUTHORIZED_PERSONS": {"AUTHORIZED_PERSON"},
}

// verifyAssociates gives the associates that are on a verification list of the company an application each per role,
// for the product that the list's task names. They appear after a while. The lock is held.
func (p *Provider) verifyAssociates(pr *profile) {
	for _, a := range p.associatesOf(pr) {
		linked := p.index.profiles[a.profileID]
		if linked == nil || linked.Company != pr.ID {
			continue
		}
		for _, alias := range p.verificationLists(pr, a) {
			t, _ := p.account.Task(alias)
			product, _ := p.account.Product(t.AssociateProduct)
			if product.IsFor(linked.entityType()) && !linked.hasApplied(product.Alias, a.role) {
				p.apply(linked, product, a.role, true)
			}
		}
	}
}

// hasApplied says whether there is an application, even one that is over.
func (pr *profile) hasApplied(product, role string) bool {
	return slices.ContainsFunc(pr.Applications, func(a *application) bool { return a.Product == product && a.Role == role })
}

// verificationLists are the tasks of a company, by alias, on whose lists an associate is: named by its entry, or added
// automatically.
func (p *Provider) verificationLists(pr *profile, a associate) []string {
	o := p.Options()
	named := entityData(a.entry).texts("task_variant_ids")
	var lists []string
	for _, t := range pr.Tasks {
		configured, _ := p.account.Task(t.Alias)
		if configured.AssociateProduct == "" || !slices.Contains(taskRoles[configured.Type], a.role) {
			continue
		}
		if slices.Contains(named, configured.VariantID()) || !o.ManualLists && p.addsItself(a) {
			lists = append(lists, t.Alias)
		}
	}
	return lists
}

// addsItself says whether an entry is put on verification lists automatically: not shareholders of an unknown
// percentage, and not authorized persons whose time is over.
func (p *Provider) addsItself(a associate) bool {
	if !a.automatic {
		return false
	}
	switch a.role {
	case "SHAREHOLDER":
		return a.percentageKnown()
	case "AUTHORIZED_PERSON":
		over := entityData(a.entry).text("resigned_on")
		return over == "" || over > p.now().Format("2006-01-02")
	default:
		return true
	}
}

func (a associate) percentageKnown() bool {
	if isNumber(a.entry["total_percentage"]) {
		return true
	}
	return slices.ContainsFunc(entityData(a.entry).list("shareholdings"), func(item any) bool {
		holding, ok := item.(map[string]any)
		return ok && isNumber(holding["percentage"])
	})
}

// isNumber says whether a member is a number, read from JSON either way.
func isNumber(v any) bool {
	switch v.(type) {
	case json.Number, float64:
		return true
	default:
		return false
	}
}
