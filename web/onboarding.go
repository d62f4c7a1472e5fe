package web

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"portal/internal/coding"
	"portal/internal/i18n"
	"portal/internal/onboarding"
	"portal/templates"
	"portal/web/middleware"
)

// showOnboarding is the one page: the form of an e-mailed link, the form of a signed-in applicant, or what to do next.
func (s *Server) showOnboarding(r *http.Request) (answer, error) {
	if s.Static {
		if a, ok := s.linkPage(r); ok {
			return a, nil
		}
	}
	if s.Applicants == nil {
		return answer{page: templates.OpenYourLink(), listed: true}, nil
	}
	return s.showRegistration(r)
}

// linkPage answers for a link of a request e-mail, without a look at session or store. The pair stays in the browser:
// the provider's script reads it there and takes it out of the address.
func (s *Server) linkPage(r *http.Request) (answer, bool) {
	q := query(r)
	id, key := q.Get(s.LinkParams[0]) != "", q.Get(s.LinkParams[1]) != ""
	switch {
	case id && key:
		return answer{finished: s.links[linkLook{s.brand(r.Context()).Part, i18n.From(r.Context()).Lang()}](), policy: s.policies.embedding}, true
	case id || key:
		return answer{status: http.StatusBadRequest, page: templates.LinkIncomplete()}, true
	}
	return answer{}, false
}

// linkLook is what the page of e-mailed links depends on.
type linkLook struct{ brand, lang string }

// linkPages renders the page of e-mailed links once for every brand and language, when it is asked for first: a start need
// not wait for it, nor for the texts of languages that nobody asks for.
func (s *Server) linkPages() map[linkLook]func() *coding.Body {
	pages := map[linkLook]func() *coding.Body{}
	for _, flow := range append(slices.Collect(maps.Keys(s.Brands)), "") {
		for _, l := range s.Site.Languages.Locales() {
			pages[linkLook{s.siteOf(flow).Brand.Part, l.Lang()}] = sync.OnceValue(func() *coding.Body { return s.finishedLinkPage(flow, l) })
		}
	}
	return pages
}

func (s *Server) finishedLinkPage(flow string, l i18n.Locale) *coding.Body {
	ctx := i18n.With(templates.With(context.Background(), s.siteOf(flow)), l)
	page, err := rendered(ctx, templates.Loader(templates.LoaderView{Static: true, EmbedURL: s.embedURL}))
	if err != nil {
		panic(fmt.Errorf("rendering the page of e-mailed links: %w", err)) // into memory, of nothing that anybody has said
	}
	return coding.NewBody(page, htmlType)
}

// inCoding is a finished page in a coding that the client takes. Such a page is the same for everybody, so that its length
// tells nothing.
func inCoding(h http.Header, r *http.Request, page *coding.Body) []byte {
	content, as := page.For(r.Header.Values("Accept-Encoding"))
	if as != coding.Identity {
		h.Set("Content-Encoding", string(as))
	}
	return content
}

// wantedFlow is the flow that the address names, or none.
func (s *Server) wantedFlow(name string) (string, error) {
	if _, ok := s.flows[name]; name != "" && !ok {
		return "", &onboarding.Error{Kind: onboarding.NotFound, Key: "error.unknown_flow"}
	}
	return name, nil
}

// showRegistration shows the form of a signed-in applicant, or what to do next.
func (s *Server) showRegistration(r *http.Request) (answer, error) {
	flow, err := s.wantedFlow(query(r).Get("flow"))
	if err != nil {
		return answer{}, err
	}
	// Where the address names no flow, few mean one of documents: those are read once more, rather than for everybody.
	v, err := s.visitDocuments(r, s.pick("", func(f Flow) bool { return f.asksForDocuments() && f.Name == flow }))
	if nobody(err) {
		return answer{listed: true, page: templates.Landing(templates.LandingView{
			Flows: s.choices(r.Context(), visit{}, ""), Links: s.Static,
		})}, nil
	}
	if err != nil {
		return answer{}, err
	}
	reg, ok := v.registration(flow)
	if !ok {
		return s.warned(r, v, answer{page: templates.Choose(templates.ChooseView{
			Account: v.account(), Flows: s.choices(r.Context(), v, ""),
		})}), nil
	}
	note(r, reg)
	return s.registrationPage(r, v, s.fresh(r.Context(), reg)), nil
}

// fresh reads the provider where the form may have run out since it was opened.
func (s *Server) fresh(ctx context.Context, reg onboarding.Registration) onboarding.Registration {
	if !reg.StaleAt(s.Now()) {
		return reg
	}
	ctx, cancel := context.WithTimeout(ctx, readFor)
	defer cancel()
	read, err := s.Applicants.Engine.Confirm(ctx, reg, false)
	if err != nil {
		s.Log.WarnContext(ctx, "request past its validity not read", slog.Any("error", err))
	}
	read.Behind = reg.Behind // which only visits read
	return read
}

// readFor is how long a page waits for reads of the provider.
const readFor = 5 * time.Second

// registrationPage is the page for where the registration stands.
func (s *Server) registrationPage(r *http.Request, v visit, reg onboarding.Registration) answer {
	switch {
	case reg.Provider == onboarding.Sumsub:
		return s.verificationPage(r, v, reg)
	case reg.Moving():
		return s.waitingPage(r, v, reg)
	case reg.Status == onboarding.Open && reg.Request.Key == "":
		return s.unopenedPage(r, v, reg)
	case reg.Status == onboarding.Open:
		return answer{policy: s.policies.embedding, page: templates.Loader(templates.LoaderView{
			EmbedURL:  s.embedURL,
			Request:   templates.CustomerRequest{RequestID: string(reg.Request.ID), APIKey: reg.Request.Key.Reveal()},
			StatusURL: s.flowAddress("/status", reg.Flow), Status: string(reg.Status),
			Title: s.title(r.Context(), reg.Flow), Account: v.account(), Reference: reg.ID.String(), Behind: s.behind(reg),
		})}
	default:
		return s.outcomePage(r, v, reg, reg.Status)
	}
}

// personRefresh is how often the page of somebody who waits for a person looks again.
const personRefresh = time.Minute

// outcomePage says what has become of the registration.
func (s *Server) outcomePage(r *http.Request, v visit, reg onboarding.Registration, as onboarding.Status) answer {
	a := answer{page: templates.Outcome(templates.OutcomeView{
		Kind: string(as), Title: s.title(r.Context(), reg.Flow), Flow: reg.Flow, Case: reg.Case, ContinueURL: s.flows[reg.Flow].CompletionURL,
		Days: s.flows[reg.Flow].ReviewDays, Reference: reg.ID.String(), Account: v.account(), Behind: s.behind(reg), Others: s.choices(r.Context(), v, reg.Flow),
	})}
	if reg.Status != onboarding.NeedsAttention {
		return s.warned(r, v, a)
	}
	return s.lookingAgain(r, v, a, personRefresh, s.flowAddress("", reg.Flow))
}

// unopenedPage is for a form whose key the keyset does not open: only a person can help.
func (s *Server) unopenedPage(r *http.Request, v visit, reg onboarding.Registration) answer {
	s.Log.ErrorContext(r.Context(), "key of a customer request does not open: PORTAL_SEAL_KEYSET lacks what sealed it",
		slog.String("registration_id", reg.ID.String()))
	return s.outcomePage(r, v, reg, onboarding.NeedsAttention)
}

const (
	waitRefresh = 5 * time.Second  // a waiting page without JavaScript looks again; a script asks sooner
	slowRefresh = 15 * time.Second // and less often once it takes long
	slowAfter   = 15 * time.Second // when the applicant is told that it takes longer than usual
)

func (s *Server) waitingPage(r *http.Request, v visit, reg onboarding.Registration) answer {
	slow := s.Now().Sub(reg.TouchedAt) > slowAfter
	pace, again := waitRefresh, s.flowAddress("", reg.Flow)
	if slow {
		pace = slowRefresh
	}
	left := max(reg.DueAt.Sub(s.Now()), 0)
	a := answer{page: templates.Waiting(templates.WaitingView{
		Title: s.title(r.Context(), reg.Flow), StatusURL: s.flowAddress("/status", reg.Flow), Status: string(reg.Status),
		Stage: stageOf(reg), Slow: slow, Queued: reg.Waiting, Minutes: int((left + time.Minute/2) / time.Minute), Account: v.account(),
		Reference: reg.ID.String(), Behind: s.behind(reg),
	})}
	if !reg.Moving() { // nobody else reads the provider soon
		a.refresh = &refresh{pace, again}
		return a
	}
	a.refresh, a.sooner = &refresh{scriptWithin(pace), again}, &refresh{pace, again}
	return a
}

// choices is what the company offers, with how the applicant stands in each, without one flow if it is named.
func (s *Server) choices(ctx context.Context, v visit, without string) []templates.FlowChoice {
	var list []templates.FlowChoice
	for _, f := range s.Applicants.Flows {
		if f.Name == without {
			continue
		}
		if _, rejected := s.rejectedAt(v, f.Name, ""); rejected {
			continue
		}
		begun, _ := v.registration(f.Name)
		list = append(list, templates.FlowChoice{
			Name: f.Name, Title: s.title(ctx, f.Name), Case: begun.Case, Status: string(begun.Status), Behind: s.behind(begun),
		})
	}
	return list
}

// note has the request be about the registration: its page, and its log line.
func note(r *http.Request, reg onboarding.Registration) {
	about(r.Context(), reg.Flow)
	middleware.Note(r.Context(), slog.String("registration_id", reg.ID.String()), slog.String("registration_status", string(reg.Status)))
}
