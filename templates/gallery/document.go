package gallery

import (
	"context"

	"github.com/a-h/templ"

	"portal/internal/i18n"
	"portal/templates"
)

// documentPages are about one document: which one, a picture of it, what is there already.
func documentPages() []Page {
	return append(picturePages(),
		document("document, which one", func(ctx context.Context, v *templates.DocumentView) {
			v.Type, v.Action, v.Sides = "", "", nil
			v.Types = []templates.Link{
				{Text: i18n.T(ctx, "documents.type_passport"), URL: stepURL + "?type=PASSPORT"},
				{Text: i18n.T(ctx, "documents.type_id_card"), URL: stepURL + "?type=ID_CARD"},
			}
		}),
		document("document, there", func(_ context.Context, v *templates.DocumentView) { v.Action, v.Notice = "", "documents.done_given" }),
		worded("document, arriving", func(ctx context.Context) templ.Component {
			return templates.DocumentArriving(templates.DocumentArrivingView{
				Account: known, Flow: identity.in(ctx), Step: i18n.T(ctx, "documents.step_identity"), Again: stepURL, List: documents,
			})
		}),
	)
}

// picturePages ask for one picture.
func picturePages() []Page {
	nothing := func(context.Context, *templates.DocumentView) {}
	return []Page{
		document("document", nothing),
		document("document, a face", func(ctx context.Context, v *templates.DocumentView) {
			v.Picture, v.Face, v.Reasons = i18n.T(ctx, "documents.picture_selfie"), true, reasons(ctx)
			v.Tips = []string{"documents.tip_selfie", "documents.tip_selfie_light", "documents.tip_selfie_bare"}
			v.Failed = []templates.DocumentReason{{Of: i18n.T(ctx, "documents.side_back"), Texts: []string{i18n.T(ctx, "review.unreadable")}}}
		}),
		document("document, wrong", func(ctx context.Context, v *templates.DocumentView) {
			empty, none := i18n.T(ctx, "error.document_empty"), i18n.T(ctx, "error.document_country")
			v.Errors = map[string]string{"file": empty, "country": none}
			v.Troubles = []templates.Trouble{{To: "#country", Text: none}, {To: "#file", Text: empty}}
		}),
		scripted("document, camera of a phone", `data-shot`),
		scripted("document, camera to be opened", `data-camera`),
		worded("document, camera open", func(ctx context.Context) templ.Component {
			return concealed(revealed(templates.Document(picture(ctx)), `data-camera`, `data-opened`), `data-closed`)
		}),
		scripted("document, camera denied", `data-camera`, `data-denied`),
		scripted("document, being sent", `data-sending`),
		scripted("document, session about to end", `data-when="warning"`),
		scripted("document, session ends for good", `data-when="final"`),
		scripted("document, session over", `data-when="over"`),
	}
}

// scripted is the page on which scripts have shown something.
func scripted(name string, marks ...string) Page {
	return worded(name, func(ctx context.Context) templ.Component { return revealed(templates.Document(picture(ctx)), marks...) })
}

func document(name string, change func(ctx context.Context, v *templates.DocumentView)) Page {
	return worded(name, func(ctx context.Context) templ.Component {
		v := picture(ctx)
		change(ctx, &v)
		return templates.Document(v)
	})
}

// picture asks for the back of a card whose front is there.
func picture(ctx context.Context) templates.DocumentView {
	front := templates.DocumentSide{
		Name: i18n.T(ctx, "documents.side_front"), Advice: []string{i18n.T(ctx, "review.cut_off")}, Replace: stepURL + "?side=front",
	}
	return templates.DocumentView{
		Account: known, Session: session, Flow: identity.in(ctx), Step: i18n.T(ctx, "documents.step_identity"), List: documents,
		Type: i18n.T(ctx, "documents.type_id_card"), Other: stepURL + "?again=1", Sides: []templates.DocumentSide{front},
		Action: stepURL + "?registration=r-1", Picture: i18n.T(ctx, "documents.picture_id_card_back"),
		Tips:    []string{"documents.tip_back", "documents.tip_sharp", "documents.tip_original"},
		Country: "SWE", Countries: places(ctx), Known: []string{"aa", "bb"}, Most: 50 << 20,
	}
}
