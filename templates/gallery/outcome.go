package gallery

import (
	"context"

	"github.com/a-h/templ"

	"portal/internal/i18n"
	"portal/templates"
)

// outcomePages are for registrations that are over, and the list of all that somebody has.
func outcomePages() []Page {
	pages := []Page{
		worded("choose", func(ctx context.Context) templ.Component {
			return templates.Choose(templates.ChooseView{Account: known, Flows: usual(ctx)})
		}),
		worded("choose, in every status", func(ctx context.Context) templ.Component {
			return templates.Choose(templates.ChooseView{Account: known, Flows: begun(ctx)})
		}),
		worded("choose, unavailable", func(ctx context.Context) templ.Component {
			return templates.Choose(templates.ChooseView{Account: known, Problem: "error.unavailable", Flows: flows(ctx)})
		}),
	}
	for _, kind := range templates.OutcomeKinds() {
		pages = append(pages, outcome("outcome, "+kind, kind, func(context.Context, *templates.OutcomeView) {}))
	}
	pages = append(pages, outcome("outcome, completed for some days", "completed", func(_ context.Context, v *templates.OutcomeView) { v.Days = 3 }))
	pages = append(pages, outcome("outcome, rejected for reasons", "rejected", func(ctx context.Context, v *templates.OutcomeView) {
		v.Reasons = []templates.DocumentReason{{Said: comment}, {Of: i18n.T(ctx, "documents.side_front"), Texts: []string{i18n.T(ctx, "review.expired")}}}
	}))
	for _, state := range behindStates {
		pages = append(pages, chooseCompany(state.name, state.behind))
		for _, kind := range []string{"completed", "expired"} {
			pages = append(pages, outcome("outcome of a company, "+kind+", "+state.name, kind, func(ctx context.Context, v *templates.OutcomeView) {
				v.Title, v.Flow, v.Behind = business.in(ctx), "a company", state.behind
			}))
		}
	}
	return pages
}

func outcome(name, kind string, change func(ctx context.Context, v *templates.OutcomeView)) Page {
	return worded(name, func(ctx context.Context) templ.Component {
		v := templates.OutcomeView{
			Kind: kind, Title: individual.in(ctx), Flow: "individual", ContinueURL: continueURL, Reference: reference, Account: known,
			Others: flows(ctx)[2:],
		}
		switch kind {
		case "approved", "rejected", "undecided", "removed": // of documents; the others are of another provider
			v.Title, v.Flow, v.Others = identity.in(ctx), "documents", flows(ctx)[:1]
		}
		change(ctx, &v)
		return templates.Outcome(v)
	})
}

// chooseCompany is the list with one registration, of a company.
func chooseCompany(name string, b templates.Behind) Page {
	return worded("choose, "+name, func(ctx context.Context) templ.Component {
		flow := templates.FlowChoice{Name: "a company", Title: business.in(ctx), Status: "open", Behind: b}
		return templates.Choose(templates.ChooseView{Account: known, Flows: []templates.FlowChoice{flow}})
	})
}
