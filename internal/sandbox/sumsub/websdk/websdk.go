// Package websdk is the WebSDK of the sandbox's Sumsub: the script that an integrator's page includes
// (/websdk/sns-websdk-builder.js), the page inside the frame that the script makes (/websdk/websdk.html), which leads an
// applicant through the level, live captures included, and a page with that frame for links (/websdk/link.html).
//
// Frame and page talk in the messages of the real SDK (idCheck.onReady, idCheck.init, idCheck.onError and so on, as in
// npm's @sumsub/websdk), so that the real SDK drives this frame as well as our own script does. As with the real one the
// access token is in the frame's address, encoded.
//
// The pages are assets and scripts without a framework. Their calls go to /websdk/api/ and are authorised by the access
// token alone.
package websdk

import (
	"github.com/go-chi/chi/v5"

	"portal/internal/sandbox/sumsub"
)

// Applicants are those whom access tokens are for. Every method answers with [sumsub.ErrToken] if the token is unknown or
// has expired, and with a [sumsub.Refusal] to what the API would refuse.
type Applicants interface {
	TokenApplicant(token string) (sumsub.SDKApplicant, error)
	SDKUpload(token string, f sumsub.SDKFile) (sumsub.SDKReceipt, error)
	SDKSetData(token string, data map[string]string) (sumsub.SDKApplicant, error)
	SDKRequestCheck(token string) (sumsub.SDKApplicant, error)
}

// Options are what the SDK needs of the world around it. Applicants are required.
type Options struct {
	Applicants Applicants
	// AllowedDomains are the origins whose pages may frame the verification, such as https://portal.example, as the
	// dashboard's setting of that name. Nil, or an empty list, lets every page.
	AllowedDomains func() []string
}

// SDK serves the script, the frame and its calls. It is safe for concurrent use.
type SDK struct{ options Options }

// New returns an SDK.
func New(o Options) *SDK {
	if o.AllowedDomains == nil {
		o.AllowedDomains = func() []string { return nil }
	}
	return &SDK{options: o}
}

// Mount adds the addresses of the script and of the pages.
func (s *SDK) Mount(r chi.Router) {
	r.Get("/websdk/websdk.html", s.serveFrame)
	r.Get(sumsub.LinkPath, serveLink)
	r.Get("/websdk/{file}", serveAsset)
}

// API adds the addresses of the frame's calls. While something is being checked the frame looks every second.
func (s *SDK) API(r chi.Router) {
	r.Get("/websdk/api/applicant", s.call(s.showApplicant))
	r.Post("/websdk/api/data", s.call(s.setData))
	r.Post("/websdk/api/documents", s.call(s.addDocument))
	r.Post("/websdk/api/check", s.call(s.requestCheck))
}
