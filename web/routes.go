package web

import (
	"cmp"
	"log/slog"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"portal/web/middleware"
	"portal/web/session"
)

// maxForm is the largest form that is read, in bytes. The longest answers are an address and a code.
const maxForm = 16 << 10

// routeTable is every address of the portal. Below the path of the base URL, and nowhere else, except that "/" leads
// there.
func (s *Server) routeTable() http.Handler {
	s.limiters = s.newLimiters()
	r := chi.NewRouter()
	s.front(r)
	r.NotFound(s.failing(problem{status: http.StatusNotFound}))
	wrongMethod := s.failing(problem{status: http.StatusMethodNotAllowed})
	if s.base == "" {
		r.MethodNotAllowed(s.notAllowed(r, wrongMethod))
		s.below(r)
		return r
	}
	below := chi.NewRouter()
	r.MethodNotAllowed(s.notAllowed(below, wrongMethod))
	s.below(below)
	r.Get("/", s.page(s.showWay))
	r.Mount(s.base, below)
	return r
}

// notAllowed answers a method that the address does not have, in the manner of fail, and names those it has.
func (s *Server) notAllowed(routes chi.Routes, fail http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		path := cmp.Or(chi.RouteContext(r.Context()).RoutePath, strings.TrimPrefix(r.URL.Path, s.base), "/")
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if routes.Match(chi.NewRouteContext(), method, path) {
				w.Header().Add("Allow", method)
			}
		}
		fail(w, r)
	}
}

// front is what every request goes through, in this order.
func (s *Server) front(r chi.Router) {
	r.Use(middleware.AssignRequestID)
	r.Use(middleware.IdentifyClient(s.TrustedProxies, s.Log))
	r.Use(middleware.AccessLog(s.Log, s.Observe))
	r.Use(middleware.Compress(s.mayKnow))
	locale := middleware.NegotiateLocale(s.Site.Languages, session.Prefix(s.BaseURL))
	r.Use(middleware.Recover(s.Log, locale(http.HandlerFunc(s.crash))))
	r.Use(middleware.SecurityHeaders(s.reporting(), s.hsts()))
	r.Use(locale)
	r.Use(middleware.CheckHost(s.BaseURL, s.TrustedProxies, http.HandlerFunc(s.misdirect)))
	r.Use(middleware.RouteHead)
}

func (s *Server) below(r chi.Router) {
	r.Handle("/static/*", http.StripPrefix(s.base, s.assets()))
	r.Group(func(r chi.Router) { // from providers: no session, no cookies, nothing that a browser sends
		r.Use(s.limiters.webhooks)
		if s.Webhooks != nil {
			s.webhooks(r)
		}
	})
	r.Group(func(r chi.Router) { // from identity providers, behind the browser's back
		if s.Applicants == nil {
			return
		}
		r.Use(s.limiters.webhooks)
		r.Use(middleware.LimitBody(maxForm))
		r.Post("/sign-in/oidc/{name}/logout", s.page(s.endedAtProvider))
	})
	if s.API != nil {
		r.Route("/api", s.belowAPI)
	}
	r.Group(func(r chi.Router) { // from browsers by themselves: no session, and no other site may post here
		r.Use(s.limiters.reports)
		r.Use(s.ownPagesOnly)
		r.With(middleware.LimitBody(maxEmbedReport)).Post("/reports/embed", s.takeEmbedReport)
		r.With(middleware.LimitBody(maxCSPReport)).Post("/reports/csp", s.takeCSPReports)
	})
	r.Group(func(r chi.Router) { // pages: no other site may post here
		r.Use(s.ownPagesOnly)
		r.Use(middleware.LimitBody(maxForm))
		r.Get("/", s.page(s.showOnboarding))
		r.Group(func(r chi.Router) {
			r.Use(s.limiters.pages)
			s.pages(r)
		})
		if s.Applicants == nil {
			return
		}
		r.With(s.limiters.status).Get("/status", s.page(s.registrationStatus))
		if s.Live != nil {
			r.With(s.limiters.status).Get("/events", s.followRegistration)
		}
	})
	r.Group(func(r chi.Router) { // pages with longer forms
		if s.Applicants == nil {
			return
		}
		r.Use(s.limiters.pages)
		r.Use(s.ownPagesOnly)
		r.Use(middleware.LimitBody(maxAssociate))
		s.associates(r)
		if s.Applicants.Uploads != nil {
			s.documents(r)
		}
	})
	r.Group(func(r chi.Router) { // files, which their own budget limits
		if s.Applicants == nil || s.Applicants.Uploads == nil {
			return
		}
		r.Use(s.limiters.documents)
		r.Use(s.ownPagesOnly)
		r.Post("/documents/{step}", s.addDocument)
	})
}

// pages is those that everybody has.
func (s *Server) pages(r chi.Router) {
	r.Get("/complete", s.page(s.showCompletion))
	r.Get("/accessibility", s.page(s.showAccessibility))
	r.Post("/language", s.page(s.chooseLanguage))
	if s.Applicants == nil {
		return
	}
	r.Post("/start", s.page(s.startRegistration))
	r.Post("/documents/token", s.page(s.openSDK))
	s.signingIn(r)
}

// assets serves the static files. What is none of them has a page that says so, like every other address.
func (s *Server) assets() http.Handler {
	return s.Site.Assets.Handler(s.failing(problem{status: http.StatusNotFound}), s.failing(problem{status: http.StatusMethodNotAllowed}))
}

// webhooks is where providers tell what has happened, each where its word is expected.
func (s *Server) webhooks(r chi.Router) {
	if s.Webhooks.expects("passfort") {
		r.Post("/webhooks/passfort", s.receiveWebhooks(fromPassFort))
	}
	if s.Webhooks.expects("sumsub") {
		r.Post("/webhooks/sumsub", s.receiveWebhooks(fromSumsub))
	}
}

// associates is the pages of the people and companies behind a company.
func (s *Server) associates(r chi.Router) {
	r.Get("/associates", s.page(s.ofCompany(s.showAssociates)))
	r.Post("/associates", s.page(s.addAssociate))
	r.Get("/associates/new", s.page(s.ofCompany(s.showNewAssociate)))
	r.Get("/associates/review", s.page(s.ofCompany(s.showReview)))
	r.Post("/associates/submit", s.page(s.ofCompany(s.submitAssociates)))
	r.Get("/associates/{id}", s.page(s.ofAssociate(s.showAssociate)))
	r.Post("/associates/{id}", s.page(s.changeAssociate))
	r.Get("/associates/{id}/withdraw", s.page(s.ofAssociate(s.showWithdrawal)))
	r.Post("/associates/{id}/withdraw", s.page(s.ofCompany(s.withdrawAssociate)))
}

// documents is the pages of what applicants give to a provider that checks it.
func (s *Server) documents(r chi.Router) {
	r.Get("/documents", s.page(s.showDocuments))
	r.Get("/documents/check", s.page(s.ofDocuments(s.showList))) // where a tab is restored
	r.Post("/documents/check", s.page(s.ofDocuments(s.requestCheck)))
	r.Get("/documents/data", s.page(s.ofDocuments(s.showData)))
	r.Post("/documents/data", s.page(s.provideData))
	r.Get("/documents/{step}", s.page(s.ofDocuments(s.showStep)))
}

// signingIn is the pages of ways in, ways out, and what is between.
func (s *Server) signingIn(r chi.Router) {
	r.Get("/sign-in", s.page(s.showSignIn))
	r.Post("/sign-in", s.page(s.sendCode))
	r.Post("/sign-in/code", s.page(s.enterCode))
	r.Get("/sign-in/oidc/{name}", s.page(s.beginAtProvider))
	r.Get("/sign-in/oidc/{name}/callback", s.page(s.endAtProvider))
	r.Get("/sign-in/link/{token}", s.page(s.showLink))
	r.Post("/sign-in/link/{token}", s.page(s.pressLink))
	r.Get("/sign-out", s.page(s.showSignedOut))
	r.Post("/sign-out", s.page(s.signOut))
	r.Get("/session", s.page(s.showSessionEnd))
	r.Post("/session", s.page(s.extendSession))
	r.Get("/sessions", s.page(s.showSessions))
	r.Post("/sessions/end", s.page(s.endSession))
	r.Post("/sessions/end-others", s.page(s.endOtherSessions))
}

// belowAPI is for the company's own programs: keys and JSON, no session, no cookies, nothing that a browser sends.
func (s *Server) belowAPI(r chi.Router) {
	r.Use(s.limiters.api)
	r.NotFound(s.failingAPI(apiProblem{status: http.StatusNotFound}))
	r.MethodNotAllowed(s.notAllowed(r, s.failingAPI(apiProblem{status: http.StatusMethodNotAllowed})))
	r.Get("/v1/openapi.json", s.showDocument())
	r.With(middleware.LimitBody(maxCall)).Post("/v1/links", s.api(s.makeLink))
	r.Get("/v1/registrations", s.api(s.showRegistrationByID))
	r.Get("/v1/registrations/{subject}", s.api(s.showRegistrations))
	r.Get("/v1/registrations/{subject}/associates", s.api(s.tellAssociates))
	r.With(middleware.LimitBody(maxCall)).Post("/v1/registrations/{subject}/associates", s.api(s.takeAssociate))
	r.With(middleware.LimitBody(maxBounce)).Post("/v1/bounces", s.api(s.takeBounce))
}

// ownPagesOnly refuses what another site makes a browser send.
func (s *Server) ownPagesOnly(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	// Browsers without Sec-Fetch-Site are judged by Origin, and proxies rewrite the host that it is compared with.
	if err := protection.AddTrustedOrigin(s.BaseURL.Scheme + "://" + s.BaseURL.Host); err != nil {
		s.Log.Warn("base URL is no origin", slog.Any("error", err))
	}
	protection.SetDenyHandler(s.page(func(r *http.Request) (answer, error) {
		s.refuse(r, "sent by another site")
		return answer{}, problem{http.StatusForbidden, "error.cross_origin"}
	}))
	return protection.Handler(next)
}

func (s *Server) showWay(*http.Request) (answer, error) { return see(s.address("")), nil }
