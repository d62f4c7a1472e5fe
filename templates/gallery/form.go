package gallery

import (
	"context"

	"github.com/a-h/templ"

	"portal/internal/i18n"
	"portal/templates"
)

// formPages embed a provider's form, which the gallery has not.
func formPages() []Page {
	static := templates.Loader(templates.LoaderView{Static: true, EmbedURL: embedURL})
	pages := []Page{
		page("form of a link", static),
		formAs("form", func(c templ.Component) templ.Component { return c }),
		page("form of a link, not loading", failed(static, "other", `data-embed-doubt`)),
		page("form of a link, without scripts", unscripted(static, `class="stage"`, `data-embed-doubt`)),
		formAs("form, loaded", loaded),
		formAs("form, closed", func(c templ.Component) templ.Component { return closed(c, `data-embed-doubt`) }),
		formAs("form, perhaps not there", func(c templ.Component) templ.Component { return opened(led(loaded(c)), `data-embed-doubt`) }),
		formAs("form, to be gone to by keyboard", func(c templ.Component) templ.Component { return focused(loaded(c), `data-embed-skip`) }),
		formAs("form, signed out meanwhile", func(c templ.Component) templ.Component { return revealed(c, `data-signed-out`) }),
		formAs("form, without scripts", func(c templ.Component) templ.Component {
			return unscripted(c, `class="stage"`, `data-embed-doubt`)
		}),
		formAs("form, not loading", func(c templ.Component) templ.Component { return failed(c, "other", `data-embed-doubt`) }),
	}
	for _, cause := range []string{"script_blocked", "frame_refused", "network", "script_error", "slow"} {
		pages = append(pages, formAs("form, not loading for the cause "+cause, func(c templ.Component) templ.Component {
			return failed(c, cause, `data-embed-doubt`)
		}))
	}
	for _, state := range behindStates {
		pages = append(pages, worded("form of a company, "+state.name, func(ctx context.Context) templ.Component {
			v := loader(ctx)
			v.Title, v.Behind = business.in(ctx), state.behind
			return templates.Loader(v)
		}))
	}
	return append(pages, websdkPages()...)
}

// formAs is the page as scripts, or a browser without them, have changed it.
func formAs(name string, change func(templ.Component) templ.Component) Page {
	return worded(name, func(ctx context.Context) templ.Component { return change(templates.Loader(loader(ctx))) })
}

func loader(ctx context.Context) templates.LoaderView {
	return templates.LoaderView{
		EmbedURL: embedURL, Request: templates.CustomerRequest{RequestID: "request-1", APIKey: "secret-key-1"},
		StatusURL: statusURL, Status: "open", Title: individual.in(ctx), Account: known, Reference: reference,
	}
}

// websdkPages embed the forms for documents and camera.
func websdkPages() []Page {
	with := func(change func(ctx context.Context, v *templates.WebSDKView)) func(context.Context) templ.Component {
		return func(ctx context.Context) templ.Component {
			v := websdk(ctx)
			change(ctx, &v)
			return templates.WebSDK(v)
		}
	}
	return []Page{
		worded("camera", with(func(context.Context, *templates.WebSDKView) {})),
		worded("camera, again", with(func(ctx context.Context, v *templates.WebSDKView) {
			v.Again, v.Reasons = true, []templates.DocumentReason{{Said: comment}, {Texts: []string{i18n.T(ctx, "review.quality")}}}
		})),
		worded("camera, anew", with(func(_ context.Context, v *templates.WebSDKView) { v.Anew = true })),
		worded("camera, loaded", func(ctx context.Context) templ.Component { return loaded(templates.WebSDK(websdk(ctx))) }),
		worded("camera, not loading", func(ctx context.Context) templ.Component { return failed(templates.WebSDK(websdk(ctx)), "other") }),
		worded("camera, without scripts", func(ctx context.Context) templ.Component {
			return unscripted(templates.WebSDK(websdk(ctx)), `id="websdk-status"`, `id="websdk"`)
		}),
	}
}

func websdk(ctx context.Context) templates.WebSDKView {
	return templates.WebSDKView{
		ScriptURL: sdkURL, BaseURL: "https://forms.provider.example", TokenURL: "/onboarding/documents/token", Registration: reference,
		StatusURL: statusURL, Status: "open", ReadURL: "/onboarding/complete?flow=websdk", Title: identity.in(ctx), Account: known,
	}
}
