package gallery

import (
	"context"

	"github.com/a-h/templ"

	"portal/internal/i18n"
	"portal/templates"
)

// documentsPages are about everything that is given to a provider that checks documents.
func documentsPages() []Page {
	return []Page{
		allDocuments("documents", func(context.Context, *templates.DocumentsView) {}),
		allDocuments("documents, all there", func(ctx context.Context, v *templates.DocumentsView) {
			v.Rows, v.Complete, v.Missing, v.Notice = steps(ctx)[:1], true, "", "documents.done_given"
		}),
		allDocuments("documents, again", func(_ context.Context, v *templates.DocumentsView) { v.Again, v.Comment = true, comment }),
		allDocuments("documents, doubtful", func(ctx context.Context, v *templates.DocumentsView) {
			v.Rows, v.Again, v.Complete, v.Missing = steps(ctx)[4:5], true, true, ""
		}),
		allDocuments("documents, anew", func(_ context.Context, v *templates.DocumentsView) { v.Anew = true }),
		allDocuments("documents, something missing", func(_ context.Context, v *templates.DocumentsView) { v.Problem = "error.documents_missing" }),
		data("document data", func(context.Context, *templates.DocumentDataView) {}),
		data("document data, wrong", func(ctx context.Context, v *templates.DocumentDataView) {
			v.Again = true
			for i := range v.Fields {
				f := &v.Fields[i]
				f.Error = i18n.T(ctx, "documents.wrong_missing", "field", i18n.T(ctx, f.Label))
				v.Troubles = append(v.Troubles, templates.Trouble{To: "#" + f.ID, Text: f.Error})
			}
		}),
		data("document data, signed out meanwhile", func(_ context.Context, v *templates.DocumentDataView) {
			v.Account, v.Session, v.Flow, v.Lost = templates.Account{}, templates.TypedSession{}, "", true
		}),
		data("document data, not kept", func(_ context.Context, v *templates.DocumentDataView) { v.Problem = "documents.data_not_kept" }),
	}
}

func allDocuments(name string, change func(ctx context.Context, v *templates.DocumentsView)) Page {
	return worded(name, func(ctx context.Context) templ.Component {
		v := templates.DocumentsView{
			Account: known, Title: identity.in(ctx), Registration: "r-1", Reference: reference, Check: documents + "/check", Rows: steps(ctx),
			Missing: listed(ctx, i18n.T(ctx, "documents.step_identity"), i18n.T(ctx, "documents.step_selfie")),
		}
		change(ctx, &v)
		return templates.Documents(v)
	})
}

// steps are in every state that a step can have.
func steps(ctx context.Context) []templates.DocumentRow {
	passport := i18n.T(ctx, "documents.of_country", "document", i18n.T(ctx, "documents.type_passport"), "country", place(ctx, "SE"))
	either := i18n.T(ctx, "documents.one_of", "types", listed(ctx, i18n.T(ctx, "documents.type_passport"), i18n.T(ctx, "documents.type_id_card")))
	return []templates.DocumentRow{
		{Name: i18n.T(ctx, "documents.step_data"), State: "given", Given: passport, Link: documents + "/data"},
		{Name: i18n.T(ctx, "documents.step_identity"), State: "wanted", Wanted: either, Link: stepURL},
		{
			Name: i18n.T(ctx, "documents.step_identity_2"), State: "partly", Given: i18n.T(ctx, "documents.type_id_card"),
			Open: i18n.T(ctx, "documents.side_back"), Link: documents + "/identity2",
		},
		{Name: i18n.T(ctx, "documents.step_selfie"), State: "rejected", Link: documents + "/selfie", Reasons: reasons(ctx)},
		{
			Name: i18n.T(ctx, "documents.step_payment"), State: "doubtful", Given: i18n.T(ctx, "documents.type_bank_statement"),
			Link: documents + "/payment",
		},
		{Name: i18n.T(ctx, "documents.step_selfie_2"), State: "wanted", Waits: "error.document_identity_first"},
		{Name: i18n.T(ctx, "documents.step_residence"), State: "accepted", Given: i18n.T(ctx, "documents.type_utility_bill")},
	}
}

// reasons are in the provider's words, and in the portal's.
func reasons(ctx context.Context) []templates.DocumentReason {
	return []templates.DocumentReason{
		{Of: i18n.T(ctx, "documents.side_front"), Said: comment}, {Texts: []string{i18n.T(ctx, "review.quality"), i18n.T(ctx, "review.cut_off")}},
	}
}

// data is the form for what applicants say about themselves, with a field of each kind.
func data(name string, change func(ctx context.Context, v *templates.DocumentDataView)) Page {
	return worded(name, func(ctx context.Context) templ.Component {
		v := templates.DocumentDataView{
			Account: known, Session: session, Flow: identity.in(ctx), Registration: "r-1", Action: documents + "/data", List: documents,
			Fields: []templates.DataField{
				{Name: "firstName", ID: "firstName", Kind: "text", Value: "Ада", Label: "documents.field_first_name", Hint: "documents.hint_first_name"},
				{Name: "dob", ID: "dob", Kind: "date", Label: "documents.field_birth"},
				{Name: "address.country", ID: "address-country", Kind: "select", Value: "SWE", Label: "documents.field_country", Groups: places(ctx)},
				{Name: "gender", ID: "gender", Kind: "choice", Value: "X", Label: "documents.field_gender", Choices: genders(ctx)},
				{Name: "phone", ID: "phone", Kind: "tel", Label: "documents.field_phone", Hint: "documents.optional", Optional: true},
			},
		}
		change(ctx, &v)
		return templates.DocumentData(v)
	})
}

func genders(ctx context.Context) []templates.Answer {
	return []templates.Answer{
		{Value: "F", Text: i18n.T(ctx, "documents.gender_f")},
		{Value: "M", Text: i18n.T(ctx, "documents.gender_m")},
		{Value: "X", Text: i18n.T(ctx, "documents.gender_x")},
	}
}
