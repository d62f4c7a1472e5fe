// Package front is the collection front of the sandbox's PassFort: the script that a customer's page includes
// (/embed.js), the page with the forms inside its frame (/collect) and a preview of the forms in a company's own look
// (/theme).
//
// The pages are assets and scripts without a framework; they call a JSON API below /collect/api/, on the same origin,
// which is not part of this package: see assets/backend.js for its calls. The look comes from a file with a [brand]
// table like portal.toml's.
package front

import "github.com/go-chi/chi/v5"

// Options are what the front leaves to its owner. The zero value is a working front.
type Options struct {
	// FrameAncestors are the origins whose pages may frame the forms, such as https://portal.example. Nil, or an empty
	// list, lets every page.
	FrameAncestors func() []string
	// LinkParams are the names of the request id and of its key in links; request_id and apikey unless given.
	LinkParams func() [2]string
	// ThemeFile is a TOML file with a [brand] table, read whenever it is needed. Without one the forms have the
	// built-in look.
	ThemeFile string
}

// Front serves the collection front. It is safe for concurrent use.
type Front struct{ options Options }

// New returns a front.
func New(o Options) *Front {
	if o.FrameAncestors == nil {
		o.FrameAncestors = func() []string { return nil }
	}
	if o.LinkParams == nil {
		o.LinkParams = func() [2]string { return [2]string{"request_id", "apikey"} }
	}
	return &Front{options: o}
}

// Mount adds the addresses of the front. Those below /collect/api/ are its owner's.
func (f *Front) Mount(r chi.Router) {
	r.Get("/embed.js", f.serveEmbed)
	r.Get("/collect", f.serveFrame)
	r.Get("/collect/theme.css", f.serveThemeStyle)
	r.Get("/collect/{file}", serveAsset)
	r.Get("/theme", f.showTheme)
	r.Get("/theme/{file}", f.serveThemeFile)
}
