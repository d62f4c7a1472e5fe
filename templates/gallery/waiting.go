package gallery

import (
	"context"

	"github.com/a-h/templ"

	"portal/templates"
)

// waitingPages are for those for whom it is the portal's or the provider's turn.
func waitingPages() []Page {
	pages := []Page{
		waiting("waiting", func(context.Context, *templates.WaitingView) {}),
		waiting("waiting, slow", func(_ context.Context, v *templates.WaitingView) { v.Status, v.Slow = "unclear", true }),
		waiting("waiting, many before", func(_ context.Context, v *templates.WaitingView) { v.Queued, v.Minutes = true, 3 }),
		waiting("waiting, next", func(_ context.Context, v *templates.WaitingView) { v.Queued = true }),
		waiting("waiting, something to do meanwhile", func(ctx context.Context, v *templates.WaitingView) {
			v.Title, v.Behind = business.in(ctx), behind(0, 0)
		}),
		waiting("waiting, provider away", func(_ context.Context, v *templates.WaitingView) { v.Stage = "away" }),
		checking("checking", func(context.Context, *templates.CheckingView) {}),
		checking("checking, provider away", func(_ context.Context, v *templates.CheckingView) { v.Away = true }),
		checking("checking, slow", func(_ context.Context, v *templates.CheckingView) { v.Slow = true }),
	}
	for _, state := range behindStates {
		pages = append(pages, checking("checking a company, "+state.name, func(ctx context.Context, v *templates.CheckingView) {
			v.Title, v.Slow, v.Behind = business.in(ctx), true, state.behind
		}))
	}
	for _, kind := range templates.CheckKinds() {
		pages = append(pages, check(kind, false))
	}
	return append(pages, check("sent", true))
}

func waiting(name string, change func(ctx context.Context, v *templates.WaitingView)) Page {
	return worded(name, func(ctx context.Context) templ.Component {
		v := templates.WaitingView{Title: individual.in(ctx), StatusURL: statusURL, Status: "starting", Reference: reference, Account: known}
		change(ctx, &v)
		return templates.Waiting(v)
	})
}

func checking(name string, change func(ctx context.Context, v *templates.CheckingView)) Page {
	return worded(name, func(ctx context.Context) templ.Component {
		v := templates.CheckingView{
			Title: individual.in(ctx), StatusURL: statusURL, Status: "open", Account: known, ResumeURL: "/onboarding?flow=individual",
			Reference: reference,
		}
		change(ctx, &v)
		return templates.Checking(v)
	})
}

// check is the page of a stage of a check, for somebody who gets an e-mail at its end or not.
func check(kind string, mails bool) Page {
	name := "check, " + kind
	if kind == "" {
		name = "check, of tomorrow"
	}
	if mails {
		name += ", with e-mails"
	}
	return worded(name, func(ctx context.Context) templ.Component {
		return templates.CheckUnderWay(templates.CheckView{
			Kind: kind, Title: identity.in(ctx), StatusURL: "/onboarding/status?flow=documents&unattended=1", Status: "checking", Stage: kind,
			Mails: mails, Reference: reference, Account: known, Others: begun(ctx),
		})
	})
}
