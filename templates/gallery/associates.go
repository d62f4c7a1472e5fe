package gallery

import (
	"context"

	"github.com/a-h/templ"

	"portal/internal/i18n"
	"portal/templates"
)

// associatesPages are of all people and companies behind a company.
func associatesPages() []Page {
	var pages []Page
	for _, stage := range templates.AssociateStages() {
		pages = append(pages, associates(stage, stage, func(context.Context, *templates.AssociatesView) {}))
	}
	return append(pages,
		associates("empty, form over", "empty", over),
		associates("moving, form expired", "moving", func(ctx context.Context, v *templates.AssociatesView) {
			v.Form, v.GoOn.Text = "expired", i18n.T(ctx, "associates.go_renew")
		}),
		associates("passed, form over", "passed", over),
		associates("drafts, form finished", "drafts", func(ctx context.Context, v *templates.AssociatesView) {
			over(ctx, v)
			v.Notice = "associates.done_form"
		}),
		associates("drafts, many", "drafts", func(ctx context.Context, v *templates.AssociatesView) {
			for len(v.Rows) < 50 { // as many as a page has
				v.Rows = append(v.Rows, row(ctx, names[len(v.Rows)%len(names)], "linked"))
			}
			v.Pager = templates.Pager{Page: 2, Pages: 3, Previous: listURL + "&page=1", Next: listURL + "&page=3"}
		}),
		worded("associates of an associate", func(ctx context.Context) templ.Component {
			return templates.Associates(templates.AssociatesView{
				Account: known, Head: deepest(ctx), Stage: "passed", Form: "open", GoOn: goOn(ctx), Closed: "error.associate_depth",
			})
		}),
		worded("associates, to be reviewed", func(ctx context.Context) templ.Component { return templates.Review(review(ctx)) }),
		worded("associates, review not confirmed", func(ctx context.Context) templ.Component {
			v := review(ctx)
			v.Confirmed, v.Confirm = false, i18n.T(ctx, "associates.confirm", "count", 1, "name", company)
			v.Troubles = []templates.Trouble{
				{To: "#confirmed", Text: i18n.T(ctx, "associates.confirm_first", "count", 1, "name", company)},
				{To: oneURL, Text: i18n.T(ctx, "associates.confirm_first", "count", 2, "name", listed(ctx, german, company))},
			}
			return templates.Review(v)
		}),
	)
}

// below is the head of a page about a company behind the one that registers.
func below(ctx context.Context) templates.CompanyHead {
	return templates.CompanyHead{
		Flow: business.in(ctx), Name: company,
		Path: []templates.Link{{Text: i18n.T(ctx, "associates.own_company"), URL: listURL}, {Text: german, URL: listURL + "&of=1"}},
	}
}

// deepest is the head of a company behind which there can be no other.
func deepest(ctx context.Context) templates.CompanyHead {
	head := below(ctx)
	for len(head.Path) < 10 {
		head.Path = append(head.Path, head.Path[1])
	}
	return head
}

func goOn(ctx context.Context) templates.Link {
	return templates.Link{Text: i18n.T(ctx, "associates.go_on"), URL: "/onboarding?flow=company"}
}

// names are what those behind a company are called.
var names = []string{person, german, arabic, chinese, thai, company}

// review is the page before sending, of two levels.
func review(ctx context.Context) templates.ReviewView {
	details := []templates.Detail{
		{Label: i18n.T(ctx, "associates.told_roles"), Value: i18n.T(ctx, "associates.shareholder")},
		{Label: i18n.T(ctx, "associates.told_email"), Value: applicant},
		{Label: i18n.T(ctx, "associates.told_holding"), Value: shares(ctx)},
	}
	return templates.ReviewView{
		Account: known, Head: templates.CompanyHead{Flow: business.in(ctx), Name: german, Own: true}, Count: 4, Registration: "r-1", Back: listURL,
		Confirmed: true,
		Groups: []templates.ReviewGroup{
			{
				Name: german, Totals: []string{i18n.T(ctx, "associates.total", "role", i18n.T(ctx, "associates.shareholder"), "share", shares(ctx))},
				Entries: []templates.ReviewEntry{
					{Name: person, Short: person, Details: details, Change: oneURL}, {Name: arabic, Short: arabic, Details: details, Change: oneURL},
				},
			},
			{Name: company, Entries: []templates.ReviewEntry{
				{Name: chinese, Short: chinese, Details: details, Change: oneURL}, {Name: thai, Short: thai, Details: details, Change: oneURL},
			}},
		},
	}
}
