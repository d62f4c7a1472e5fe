package torture

import (
	"bytes"
	"context"
	"slices"

	"portal/internal/onboarding"
	provider "portal/internal/sandbox/passfort"
)

// taskLists says associates of which roles each task of a company verifies.
var taskLists = map[string][]onboarding.AssociatedRole{
	"COMPANY_IDENTIFY_OFFICERS": {
		onboarding.Director, onboarding.CompanySecretary, onboarding.Partner, onboarding.OtherOfficer, onboarding.ResignedOfficer,
	},
	"COMPANY_IDENTIFY_TRUSTEES":          {onboarding.Trustee},
	"COMPANY_IDENTIFY_BENEFICIAL_OWNERS": {onboarding.Shareholder, onboarding.BeneficialOwner},
	"COMPANY_ASSESS_OWNERSHIP": {
		onboarding.BeneficialOwner, onboarding.ControllingShareholder, onboarding.GlobalUltimateOwner, onboarding.Shareholder,
	},
	"COMPANY_IDENTIFY_AUTHORIZED_PERSONS": {onboarding.AuthorizedPerson},
}

// companyProduct is what companies apply for, and associateProduct what those on their verification lists do.
const (
	companyProduct   = "business-account"
	associateProduct = "associate-checks"
)

// companyFlow is the flow of companies; in some runs the portal itself puts those behind them on verification lists.
func (r *run) companyFlow() onboarding.Flow {
	f := onboarding.Flow{
		Name: companyFlow, Provider: onboarding.PassFort, Role: onboarding.CompanyCustomer, FlowTemplate: "company-onboarding", Theme: "default", Associates: true, DirectorAge: 18,
	}
	if r.explicit {
		f.ExplicitLists, f.Product, f.ProductAtStub = true, companyProduct, r.atStub
	}
	return f
}

// namedIn counts in a company's file the entries for which lists are named.
func namedIn(f onboarding.CompanyFile) int { return bytes.Count(f.Text, []byte(`"task_variant_ids"`)) }

// apply has staff add an application to a company behind a company, which gives it verification lists of its own.
func (r *run) apply(ctx context.Context) error {
	companies, err := rowsOf[struct{ ID string }](ctx, r.bench.Pool, `
		select profile_id from associates where entity_type = 'COMPANY' and profile_id is not null order by 1`)
	if err != nil || len(companies) == 0 {
		return err
	}
	id := one(r, companies, "which company").ID
	a := r.ask("POST", "/profiles/"+id+"/applications", "", map[string]any{
		"product": map[string]any{"alias": companyProduct}, "associated_role": string(onboarding.Shareholder),
	})
	r.tell("staff have company %s apply: %d", id, a.status)
	return nil
}

// applyAtLast completes the forms that are open, if it is time: with that their companies apply, before or after those behind
// them are linked.
func (r *run) applyAtLast(now bool) error {
	if !r.explicit || !now {
		return nil
	}
	for _, q := range r.sandbox.PassFort().Requests(100) {
		if q.State != provider.Sent {
			continue
		}
		r.tell("request %s is completed at last", q.ID)
		if err := r.sandbox.SetRequestState(q.ID, provider.Completed); err != nil {
			return err
		}
	}
	return nil
}

// appliedFor is an application of a profile's.
type appliedFor struct {
	product, role string
	tasks         []requiredTask
}

type requiredTask struct{ id, kind string }

// applications are those of a profile.
func (r *run) applications(profile string) (list []appliedFor) {
	shown, _ := r.ask("GET", "/profiles/"+profile, "", nil).body["applications"].([]any)
	for _, item := range shown {
		a := item.(map[string]any)
		product := a["product"].(map[string]any)
		role, _ := a["associated_role"].(string)
		applied := appliedFor{product: product["alias"].(string), role: role}
		for _, item := range a["required_tasks"].([]any) {
			t := item.(map[string]any)
			applied.tasks = append(applied.tasks, requiredTask{t["id"].(string), t["task_type"].(string)})
		}
		list = append(list, applied)
	}
	return list
}

// listsOf are the verification lists of a company by role, as its applications name them; that of a registration's company
// for the flow's product. There are none where the portal leaves them to the provider.
func (j *companyVerdict) listsOf(profile string, company onboarding.AssociateID) map[onboarding.AssociatedRole][]string {
	lists := map[onboarding.AssociatedRole][]string{}
	if !j.explicit {
		return lists
	}
	for _, a := range j.applications(profile) {
		if company.IsZero() && a.product != companyProduct {
			continue
		}
		for _, t := range a.tasks {
			for _, role := range taskLists[t.kind] {
				lists[role] = append(lists[role], t.id)
			}
		}
	}
	for role := range lists {
		slices.Sort(lists[role])
		lists[role] = slices.Compact(lists[role])
	}
	return lists
}

// onLists: where the portal names the lists, an entry names those of its role, each once, and no other.
func (j *companyVerdict) onLists(e *entered, role onboarding.AssociatedRole, entry map[string]any, want []string) {
	if !j.explicit { // reads show the lists on which the provider has put it
		return
	}
	var got []string
	named, _ := entry["task_variant_ids"].([]any)
	for _, id := range named {
		got = append(got, id.(string))
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		j.say("associate %s as %s is on the lists %v, and should be on %v", e.ID, role, got, want)
	}
	j.listed += len(got)
}

// appliesAs: where the portal names the lists, an associate applies in the roles in which it is on one, and in no other. What
// the provider adds by itself is not ours to judge.
func (j *companyVerdict) appliesAs(a onboarding.Associate, roles []onboarding.AssociatedRole, lists map[onboarding.AssociatedRole][]string) {
	if !j.explicit {
		return
	}
	var got, want []string
	for _, applied := range j.applications(string(a.Profile)) {
		if applied.product == associateProduct {
			got = append(got, applied.role)
		}
	}
	for _, role := range roles {
		if len(lists[role]) > 0 {
			want = append(want, string(role))
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		j.say("associate %s applies as %v, and is on lists as %v", a.ID, got, want)
	}
	if named := len(want) > 0; named && !a.Listed {
		j.say("associate %s is on its lists, and that is not known", a.ID)
	}
}
