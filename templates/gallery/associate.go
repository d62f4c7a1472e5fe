package gallery

import (
	"context"

	"github.com/a-h/templ"

	"portal/internal/i18n"
	"portal/templates"
)

// associatePages are of one person or company behind a company.
func associatePages() []Page {
	return append([]Page{
		associate("associate, person", func(context.Context, *templates.AssociateView) {}),
		associate("associate, company", func(_ context.Context, v *templates.AssociateView) {
			v.Typed = templates.AssociateForm{Type: "COMPANY", Name: german, Country: "DEU", Holdings: make([]templates.AssociateHolding, 1)}
		}),
		associate("associate, wrong", wrong),
		associate("associate, there already", asked),
		associate("associate, signed out meanwhile", func(_ context.Context, v *templates.AssociateView) {
			v.Account, v.Lost = templates.Account{}, true
		}),
		associate("associate, changed meanwhile", func(_ context.Context, v *templates.AssociateView) {
			v.New, v.Version, v.Action, v.Remove = false, "1", oneURL, oneURL+"/withdraw"
			v.Halt = &templates.AssociateHalt{
				Title: "associates.stale_title", Text: "error.associate_stale", Link: templates.Link{Text: "associates.stale_show", URL: oneURL},
			}
		}),
		associate("associate, company above is gone", func(_ context.Context, v *templates.AssociateView) {
			v.Of, v.Instead = "2", true
			v.Halt = &templates.AssociateHalt{Text: "associates.halted_parent", Link: templates.Link{Text: "associates.halted_list", URL: listURL}}
		}),
		associate("associate, not kept", func(_ context.Context, v *templates.AssociateView) { v.Problem = "associates.not_kept" }),
		associate("associate, session about to end", func(_ context.Context, v *templates.AssociateView) { v.Session = session }),
		worded("associate, to be removed", func(ctx context.Context) templ.Component {
			return templates.Withdraw(templates.WithdrawView{
				Account: known, Head: below(ctx), Name: german, Behind: []string{person, arabic}, More: 2, Action: oneURL + "/withdraw", Back: listURL,
			})
		}),
	}, sentAssociates()...)
}

// associate is the form of a person who is new.
func associate(name string, change func(ctx context.Context, v *templates.AssociateView)) Page {
	return worded(name, func(ctx context.Context) templ.Component {
		v := templates.AssociateView{
			Account: known, Head: below(ctx), New: true, Action: "/onboarding/associates", Cancel: "/onboarding/associates", More: true,
			Typed:     templates.AssociateForm{Type: "INDIVIDUAL", FamilyName: typed, Roles: []string{"DIRECTOR"}, Holdings: make([]templates.AssociateHolding, 1)},
			Countries: places(ctx), Nationalities: append(places(ctx), special(ctx)),
		}
		change(ctx, &v)
		return templates.Associate(v)
	})
}

// places are countries to choose from.
func places(ctx context.Context) []templates.OptionGroup {
	return []templates.OptionGroup{{Options: []templates.Answer{{Value: "DEU", Text: place(ctx, "DE")}, {Value: "SWE", Text: place(ctx, "SE")}}}}
}

func special(ctx context.Context) templates.OptionGroup {
	return templates.OptionGroup{
		Label: i18n.T(ctx, "nationality.special"), Options: []templates.Answer{{Value: "XXA", Text: i18n.T(ctx, "nationality.stateless")}},
	}
}

// wrong has something wrong with every field.
func wrong(ctx context.Context, v *templates.AssociateView) {
	v.Remove = oneURL + "/withdraw"
	v.Typed.Holdings, v.Errors = make([]templates.AssociateHolding, 2), map[string]string{}
	for _, one := range [][2]string{
		{"given_names", "error.associate_text"},
		{"family_name", "error.associate_family_name"},
		{"date_of_birth", "error.associate_date"},
		{"email", "error.associate_email"},
		{"nationality", "error.associate_nationality"},
		{"roles", "error.associate_roles_missing"},
		{"shareholdings-1-percentage", "error.associate_percentage"},
		{"authorized_to", "error.associate_term"},
	} {
		text := i18n.T(ctx, one[1])
		v.Errors[one[0]] = text
		v.Troubles = append(v.Troubles, templates.Trouble{To: "#" + one[0], Text: text})
	}
	v.Errors["shareholdings"] = i18n.T(ctx, "error.associate_holdings_many", "most", 9)
	v.Troubles = append(v.Troubles, templates.Trouble{Text: i18n.T(ctx, "error.associate_full")})
}

// asked is a form whose question has not been answered.
func asked(ctx context.Context, v *templates.AssociateView) {
	choose := i18n.T(ctx, "error.associate_answer")
	v.Asked, v.Typed.Nationality = "1 2", "XXA"
	v.Errors, v.Troubles = map[string]string{"answer": choose}, []templates.Trouble{{To: "#answer", Text: choose}}
	v.Question = &templates.AssociateQuestion{
		Title:     i18n.T(ctx, "associates.question"),
		Sentences: []string{i18n.T(ctx, "associates.same", "name", person, "place", i18n.T(ctx, "associates.your_company"))},
		Answers: []templates.Answer{
			{Value: "same:1", Text: i18n.T(ctx, "associates.answer_same_person_sent", "name", person)},
			{Value: "distinct", Text: i18n.T(ctx, "associates.answer_other_person")},
		},
	}
}

// sentAssociates can no longer be changed.
func sentAssociates() []Page {
	sent := func(name, status string, unread bool) Page {
		return worded("associate, "+name, func(ctx context.Context) templ.Component {
			v := templates.SentAssociateView{
				Account: known, Head: below(ctx), Name: arabic, Status: status, Unread: unread, Reference: reference, Back: "/onboarding/associates",
			}
			if !unread {
				v.Details = review(ctx).Groups[0].Entries[0].Details
			}
			return templates.SentAssociate(v)
		})
	}
	return []Page{
		sent("sent", "linked", false), sent("sent and no longer readable", "linked", true), sent("never sent", "unsent", false),
		sent("no longer listed", "removed", false),
	}
}
