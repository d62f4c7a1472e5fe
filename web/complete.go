package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"portal/internal/onboarding"
	"portal/templates"
)

// showCompletion is where the provider sends the applicant when the forms are finished. Nothing is believed for that:
// the provider is read, and only a registration that it confirms goes on: see [Server.afterForm].
func (s *Server) showCompletion(r *http.Request) (answer, error) {
	if s.Applicants == nil {
		return answer{page: templates.Sent(templates.SentView{})}, nil
	}
	flow, err := s.wantedFlow(r.URL.Query().Get("flow"))
	if err != nil {
		return answer{}, err
	}
	v, err := s.visit(r)
	if nobody(err) {
		return answer{page: templates.Sent(templates.SentView{SignIn: true})}, nil
	}
	if err != nil {
		return answer{}, err
	}
	reg, away, ok := s.finished(r.Context(), v, flow)
	if !ok {
		return answer{page: templates.Sent(templates.SentView{})}, nil
	}
	note(r, reg)
	switch {
	case reg.Provider == onboarding.Sumsub: // whose pages tell of the result before anybody goes on
		return see(s.flowAddress("", reg.Flow)), nil
	case reg.Status == onboarding.Completed:
		return see(s.afterForm(reg)), nil
	case reg.Status == onboarding.Open:
		return s.checkingPage(r, v, reg, flow, away), nil
	default:
		return see(s.flowAddress("", reg.Flow)), nil
	}
}

// finished finds the registration whose form the applicant comes from. The provider's redirect does not say which it
// was, so all open ones are read: somebody may have two forms in two tabs. Otherwise it is the one last touched. Away says
// that one could not be read.
func (s *Server) finished(ctx context.Context, v visit, flow string) (last onboarding.Registration, away, ok bool) {
	ctx, cancel := context.WithTimeout(ctx, readFor)
	defer cancel()
	last, ok = v.withForm(flow)
	for _, b := range v.begun {
		if b.Status != onboarding.Open || flow != "" && b.Flow != flow || flow == "" && b.Provider == onboarding.Sumsub {
			continue
		}
		read, err := s.Applicants.Engine.Confirm(ctx, b, true)
		if err != nil {
			away = true
			s.Log.WarnContext(ctx, "completion not confirmed", slog.String("registration_id", b.ID.String()), slog.Any("error", err))
		}
		read.Behind = b.Behind // which only visits read
		if read.Status == onboarding.Completed {
			return read, false, true
		}
		if b.ID == last.ID {
			last = read
		}
	}
	return last, away, ok
}

// withForm is the registration last touched, of the flow if one is named. Where none is, nobody comes from documents, whose
// pages always name it.
func (v visit) withForm(flow string) (onboarding.Registration, bool) {
	for _, b := range v.begun {
		if flow == "" && b.Provider != onboarding.Sumsub {
			return b, true
		}
	}
	return v.registration(flow)
}

const (
	checkRefresh  = 4 * time.Second // the first look again, each later one a second later than the one before
	maxRefresh    = 15 * time.Second
	slowFromCheck = 3
)

// checkingPage waits for the provider to confirm. The address counts the looks, so that they become fewer, and names
// a flow only if it did before: which form the applicant comes from is not known.
func (s *Server) checkingPage(r *http.Request, v visit, reg onboarding.Registration, flow string, away bool) answer {
	looks, _ := strconv.Atoi(r.URL.Query().Get("look"))
	looks = min(max(looks, 0), 100)
	page := templates.Checking(templates.CheckingView{
		Title: s.title(r.Context(), reg.Flow), StatusURL: unattendedPage(s.flowAddress("/status", reg.Flow)),
		Status: string(reg.Status), Slow: looks >= slowFromCheck, Away: away, Account: v.account(),
		ResumeURL: s.flowAddress("", reg.Flow), Reference: reg.ID.String(), Behind: s.behind(reg),
	})
	// Also where a script watches: each look reads the provider, and what a script asks for does not.
	after := min(checkRefresh+time.Duration(looks)*time.Second, maxRefresh)
	return s.lookingAgain(r, v, answer{page: page}, after, s.checkAddress(flow, looks+1))
}

func (s *Server) checkAddress(flow string, looks int) string {
	q := url.Values{"look": {strconv.Itoa(looks)}}
	if flow != "" {
		q.Set("flow", flow)
	}
	return s.address("/complete") + "?" + q.Encode()
}
