package gallery

import (
	"context"

	"github.com/a-h/templ"

	"portal/internal/i18n"
	"portal/templates"
)

// standing are the statuses that there are in a stage.
var standing = map[string][]string{
	"ended":   {"linked", "unsent", "removed", "needs_attention"},
	"drafts":  {"draft", "linked", "draft", "starting", "unclear", "created", "removed", "needs_attention"},
	"moving":  {"starting", "unclear", "created", "linked"},
	"slow":    {"created", "linked"},
	"removed": {"linked", "removed"},
	"looking": {"linked", "needs_attention"},
	"passed":  {"linked"},
}

// said is what has just been done in a stage.
var said = map[string]string{"drafts": "associates.done_added", "moving": "associates.done_sent"}

func associates(name, stage string, change func(ctx context.Context, v *templates.AssociatesView)) Page {
	return worded("associates, "+name, func(ctx context.Context) templ.Component {
		v := templates.AssociatesView{
			Account: known, Head: templates.CompanyHead{Flow: business.in(ctx), Name: german, Own: true}, Notice: said[stage], Stage: stage,
			GoOn: goOn(ctx), Watch: stage == "moving", Pager: templates.Pager{Page: 1, Pages: 1},
		}
		for i, status := range standing[stage] {
			v.Rows = append(v.Rows, row(ctx, names[i%len(names)], status))
		}
		if stage == "ended" { // nothing is left to do
			over(ctx, &v)
		} else {
			v.Form, v.AddPerson, v.AddCompany = "open", "/onboarding/associates/new?type=INDIVIDUAL", "/onboarding/associates/new?type=COMPANY"
		}
		if stage == "drafts" {
			v.Drafts, v.Review = 2, "/onboarding/associates/review"
		}
		change(ctx, &v)
		return templates.Associates(v)
	})
}

// over has the form of the company be over.
func over(ctx context.Context, v *templates.AssociatesView) {
	v.Form, v.GoOn.Text = "", i18n.T(ctx, "associates.go_back")
}

func row(ctx context.Context, name, status string) templates.AssociateRow {
	r := templates.AssociateRow{
		ID: status, Name: name, Short: name, Roles: i18n.T(ctx, "associates.director"), Status: status,
		Holds: i18n.T(ctx, "associates.holds", "share", shares(ctx)), Show: oneURL,
	}
	if name == german || name == company {
		r.Behind, r.Count = listURL+"&of=1", 3
	}
	if status == "draft" {
		r.Change, r.Remove, r.Show = oneURL, oneURL+"/withdraw", ""
	}
	return r
}
