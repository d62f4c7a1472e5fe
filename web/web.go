// Package web answers HTTP: forms in, pages or errors out.
//
// routes.go is the table of contents. Each family of pages has a file with its form, its submit and its status
// together. A handler returns an [answer] or an error and never touches the ResponseWriter, so it cannot write twice;
// pages are rendered whole before the first byte is sent, and errors leave through one function.
package web

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"portal/internal/brand"
	"portal/internal/coding"
	"portal/internal/i18n"
	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/templates"
	"portal/web/middleware"
	"portal/web/session"
	"portal/web/upload"
)

// Visits says who asks and what they have begun.
type Visits interface {
	// Visit returns the session and its applicant's registrations, the last touched first; identity.ErrNobody when
	// the session is none or has ended. It is a sign of life.
	Visit(ctx context.Context, t identity.Token, limits identity.Limits, now time.Time) (identity.Session, []onboarding.Registration, error)
	// Look answers like Visit and is no sign of life: the session goes on to its end.
	Look(ctx context.Context, t identity.Token, limits identity.Limits, now time.Time) (identity.Session, []onboarding.Registration, error)
	VisitsBeside
}

// VisitsBeside answers like Visits with what the page needs beside, in one round trip. What is meant by a pick is the visitor's.
type VisitsBeside interface {
	// VisitCompany returns who is behind the company of a registration as well; nobody where none is meant.
	VisitCompany(ctx context.Context, v identity.Visitor, of onboarding.Pick) (identity.Session, []onboarding.Registration, onboarding.Structure, error)
	// VisitDocuments returns what was given for a registration as well, the oldest first.
	VisitDocuments(ctx context.Context, v identity.Visitor, of onboarding.Pick) (identity.Session, []onboarding.Registration, []onboarding.Document, error)
	// VisitSessions returns where the visitor is signed in as well, the session seen last first.
	VisitSessions(ctx context.Context, v identity.Visitor) (identity.Session, []onboarding.Registration, []identity.Session, error)
}

// Flow is a flow with what only pages need of it.
type Flow struct {
	onboarding.Flow
	Titles map[string]string // the title in other languages, by language
	// ReviewDays is within how many working days the company mostly has a result; 0 where it promises none.
	ReviewDays int
}

// title is the title of a flow in the language of ctx.
func (s *Server) title(ctx context.Context, flow string) string {
	f := s.flows[flow]
	return cmp.Or(f.Titles[i18n.From(ctx).Lang()], f.Title)
}

// WayIn is an identity provider of the company, with what only pages need of it.
type WayIn struct {
	identity.WayIn
	Title  string
	Titles map[string]string // the title in other languages, by language
}

// Applicants is what serving signed-in applicants takes. All fields are required unless they say otherwise.
type Applicants struct {
	Flows  []Flow // as the company lists them
	Visits Visits
	Desk   *identity.Desk
	WaysIn []WayIn // beside the e-mailed code; may be nil
	Engine *onboarding.Engine
	Runner *onboarding.Runner
	// Associates and Linking serve the flows that ask for the people and companies behind a company.
	Associates *onboarding.Associates
	Linking    *onboarding.Runner
	// Uploads and UploadMemory serve the flows that ask for documents on the portal's own pages; nil where none does.
	Uploads      *onboarding.Uploads
	UploadMemory *upload.Budget
	Sessions     *session.Codec // cookies of sessions
	SignIns      *session.Codec // cookies of sign-ins under way
	Known        *session.Codec // cookies of browsers that have signed in by a code
	// ClearSiteData has browsers empty their cache and storage of this host at sign-out: for a host that the portal has alone.
	ClearSiteData bool
}

// Options is what a Server needs. All fields are required unless they say otherwise.
type Options struct {
	BaseURL        *url.URL
	Site           templates.Site
	Brands         map[string]brand.Brand // of the flows that have one of their own, by the flow's name; may be nil
	Collection     string                 // origin of the provider's forms and of embed.js
	Embedding      middleware.Embedding   // the policy of the page that embeds them
	SDK            *SDK                   // nil where no flow's documents are checked
	Live           *Live                  // nil where pages only ask how a registration stands
	Static         bool                   // serve links of request e-mails
	LinkParams     [2]string              // names of the request id and the key in those links
	Applicants     *Applicants            // nil where only those links are served
	Webhooks       *Webhooks              // nil where none are expected
	API            *API                   // nil where only those links are served
	TrustedProxies []netip.Prefix         // may be nil
	Limits         Limits                 // on how often a client may ask
	HSTS           string                 // what browsers keep of TLS, for the whole host; may be empty
	Observe        func(method, route string, status int, took time.Duration)
	Reports        Reports // who hears what browsers report
	Now            func() time.Time
	Log            *slog.Logger
}

// Server answers HTTP. It is made once and holds nothing that another replica would need.
type Server struct {
	Options
	base      string // path of the base URL, "" at the root
	flows     map[string]Flow
	embedURL  string
	links     map[linkLook]func() *coding.Body // the static loader page, finished
	uploading crowd                            // of applicants
	heard     seldom                           // of what browsers report, as far as it is in the log
	policies  policies
	limiters  limiters
	streams   streams
	routes    http.Handler

	lastResort []byte // the page for when no page can be made
}

// policies are those of the pages that may do more than others.
type policies struct {
	embedding middleware.Policy
	sdk       middleware.Policy // of the page that embeds the forms of SDK
	capture   middleware.Policy
}

// New prepares a server: what can be finished before the first request is.
func New(o Options) (*Server, error) {
	s := &Server{Options: o, base: o.Site.Base, flows: map[string]Flow{}, embedURL: o.Collection + "/embed.js", streams: newStreams()}
	s.Site.Live = o.Live != nil
	if o.Applicants != nil {
		for _, f := range o.Applicants.Flows {
			s.flows[f.Name] = f
		}
	}
	s.Site.Parts = &templates.Parts{}
	s.links = s.linkPages()
	var err error
	if s.lastResort, err = s.finishLastResort(); err != nil {
		return nil, fmt.Errorf("finishing the page of last resort: %w", err)
	}
	s.policies = policies{embedding: o.Embedding.Policy(s.reporting()), capture: middleware.CapturePolicy(s.reporting())}
	if s.policies.sdk, err = s.sdkPolicy(); err != nil {
		return nil, fmt.Errorf("preparing the page of the provider's forms: %w", err)
	}
	s.routes = s.routeTable()
	return s, nil
}

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.routes.ServeHTTP(w, r) }

// address is the path of one of our pages.
func (s *Server) address(below string) string {
	if s.base+below == "" {
		return "/"
	}
	return s.base + below
}

// flowAddress is the path of a page about one flow, or about the one last touched where none is named.
func (s *Server) flowAddress(below, flow string) string {
	if flow == "" {
		return s.address(below)
	}
	return s.address(below) + "?" + url.Values{"flow": {flow}}.Encode()
}
