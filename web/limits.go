package web

import (
	"net/http"
	"time"

	"portal/web/middleware"
)

// Limits are how many requests a minute a client may make at a process, by group of routes; zero is as many as it likes. The
// page that shows forms is never limited: it is where people come from their e-mails.
type Limits struct {
	Pages     int // that are looked at
	Forms     int // that are sent
	Status    int // how a registration stands: asked for, or streams begun
	Documents int // files that are sent
	API       int
	Webhooks  int
	Reports   int // of browsers
}

// limitedFor is after how long whoever was refused may try again: some of the minute has passed by then.
const limitedFor = 10 * time.Second

// limiters keep groups of routes to their limits. Routes of a group share one.
type limiters struct {
	pages, status, documents, api, webhooks, reports func(http.Handler) http.Handler
}

func (s *Server) newLimiters() limiters {
	people, programs := s.page(s.refuseMany), s.refuseManyCalls
	return limiters{
		pages:     byMethod(limit(s.Limits.Pages, people), limit(s.Limits.Forms, people)),
		status:    limit(s.Limits.Status, people),
		documents: limit(s.Limits.Documents, people),
		api:       limit(s.Limits.API, programs),
		webhooks:  limit(s.Limits.Webhooks, programs),
		reports:   limit(s.Limits.Reports, people),
	}
}

func limit(perMinute int, refuse http.HandlerFunc) func(http.Handler) http.Handler {
	if perMinute == 0 {
		return func(next http.Handler) http.Handler { return next }
	}
	return middleware.LimitRate(perMinute, refuse)
}

// byMethod has one limit for what is looked at and another for what is sent.
func byMethod(looks, sends func(http.Handler) http.Handler) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		looked, sent := looks(next), sends(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet || r.Method == http.MethodHead {
				looked.ServeHTTP(w, r)
				return
			}
			sent.ServeHTTP(w, r)
		})
	}
}

// refuseMany tells people, or their scripts, that there were too many requests.
func (s *Server) refuseMany(r *http.Request) (answer, error) {
	s.refuse(r, "too many requests")
	many := problem{http.StatusTooManyRequests, "error.too_many_requests"}
	a := s.problemAnswer(r, s.problemView(r, many), many)
	a.wait = limitedFor
	return a, nil
}

func (s *Server) refuseManyCalls(w http.ResponseWriter, r *http.Request) {
	s.refuse(r, "too many requests")
	s.failAPI(w, r, tooOften(limitedFor))
}
