package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/a-h/templ"

	"portal/internal/i18n"
	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/templates"
	"portal/web/middleware"
)

// showSignIn asks for the address, or for the code that this browser is waiting for. Who is signed in goes on.
func (s *Server) showSignIn(r *http.Request) (answer, error) {
	q := r.URL.Query()
	flow, err := s.wantedFlow(q.Get("flow"))
	if err != nil {
		return answer{}, err
	}
	if _, err := s.visit(r); !nobody(err) {
		return see(s.flowAddress("", flow)), err
	}
	wish := identity.Wish{Flow: flow, Finishing: q.Has("finishing")}
	browser, waiting := s.Applicants.SignIns.Token(r)
	switch {
	case !waiting && q.Has("sent"): // the browser has not kept what binds the code to it
		return answer{page: askAgain(identity.SignIn{}, "error.sign_in_lost")}, nil
	case !waiting, q.Has("again"), wish != identity.Wish{}:
		return answer{page: askAgain(identity.SignIn{Wish: wish}, "")}, nil
	}
	in, err := s.Applicants.Desk.Pending(r.Context(), browser)
	switch {
	case err == nil:
		return answer{page: codePage(in, "", "")}, nil
	case errors.Is(err, identity.ErrCodeExpired), errors.Is(err, identity.ErrCodeTries):
		return answer{page: askAgain(in, "")}, nil
	}
	return answer{}, err
}

// sendCode sends a code to the address and shows the field for it on the same screen.
func (s *Server) sendCode(r *http.Request) (answer, error) {
	if err := parseForm(r); err != nil {
		return answer{}, err
	}
	flow, err := s.wantedFlow(r.PostForm.Get("flow"))
	if err != nil {
		return answer{}, err
	}
	typed, wish := r.PostForm.Get("email"), identity.Wish{Flow: flow, Finishing: r.PostForm.Has("finishing")}
	in, err := s.Applicants.Desk.SendCode(r.Context(), typed, i18n.From(r.Context()).Lang(), wish)
	if err != nil {
		return s.notSent(r, templates.SignInView{Flow: wish.Flow, Finishing: wish.Finishing, Email: typed}, err)
	}
	cookie, err := s.Applicants.SignIns.Cookie(in.Browser)
	if err != nil {
		return answer{}, err
	}
	return see(s.address("/sign-in")+"?sent=1", cookie), nil
}

// notSent says beside the field why no code was sent.
func (s *Server) notSent(r *http.Request, v templates.SignInView, err error) (answer, error) {
	status := http.StatusUnprocessableEntity
	switch {
	case v.Email == "":
		v.EmailError = "error.email_missing"
	case errors.Is(err, identity.ErrEmail):
		v.EmailError = "error.email_invalid"
	case errors.Is(err, identity.ErrTooManyCodes):
		v.EmailError, status = "error.too_many_codes", http.StatusTooManyRequests
	default:
		if _, ok := errors.AsType[*identity.MailError](err); !ok {
			return answer{}, err
		}
		s.Log.ErrorContext(r.Context(), "code not sent", slog.Any("error", err))
		v.EmailError, status = "error.mail_unsent", http.StatusServiceUnavailable
	}
	return answer{status: status, page: templates.SignIn(v)}, nil
}

// enterCode signs the browser in. A flow that was chosen before signing in starts at once.
func (s *Server) enterCode(r *http.Request) (answer, error) {
	if err := parseForm(r); err != nil {
		return answer{}, err
	}
	browser, ok := s.Applicants.SignIns.Token(r)
	if !ok {
		return answer{status: http.StatusUnprocessableEntity, page: askAgain(identity.SignIn{}, "error.sign_in_lost")}, nil
	}
	typed := r.PostForm.Get("code")
	token, in, err := s.Applicants.Desk.EnterCode(r.Context(), browser, typed)
	if err != nil {
		return notSignedIn(in, typed, err)
	}
	cookie, err := s.Applicants.Sessions.Cookie(token)
	if err != nil {
		return answer{}, err
	}
	cookies := []*http.Cookie{cookie, s.Applicants.SignIns.Removal()}
	middleware.Note(r.Context(), slog.Bool("signed_in", true))
	switch {
	case in.Finishing:
		return see(s.address("/complete"), cookies...), nil
	case in.Flow == "":
		return see(s.address(""), cookies...), nil
	}
	return s.startAfterSignIn(r, token, in.Flow, cookies), nil
}

// startAfterSignIn starts what the applicant had chosen. When that goes wrong they are signed in all the same, and the
// page offers to start again.
func (s *Server) startAfterSignIn(r *http.Request, token identity.Token, flow string, cookies []*http.Cookie) answer {
	who, _, err := s.Applicants.Visits.Visit(r.Context(), token, identity.SessionLimits, s.Now())
	if err == nil {
		err = s.start(r, onboarding.ApplicantID(who.Applicant), flow, "")
	}
	if err != nil {
		s.Log.WarnContext(r.Context(), "not started after sign-in", slog.Any("error", err))
	}
	return see(s.flowAddress("", flow), cookies...)
}

// notSignedIn says beside the field why the code does not sign in. A code that is over leads back to asking for one.
func notSignedIn(in identity.SignIn, typed string, err error) (answer, error) {
	const status = http.StatusUnprocessableEntity
	switch {
	case errors.Is(err, identity.ErrCodeMissing):
		return answer{status: status, page: codePage(in, "", "error.code_missing")}, nil
	case errors.Is(err, identity.ErrCodeWrong):
		return answer{status: status, page: codePage(in, typed, "error.code_wrong")}, nil
	case errors.Is(err, identity.ErrCodeTries):
		return answer{status: status, page: askAgain(in, "error.code_tries")}, nil
	case errors.Is(err, identity.ErrCodeExpired):
		return answer{status: status, page: askAgain(in, "error.code_expired")}, nil
	}
	return answer{}, fmt.Errorf("signing in: %w", err)
}

func codePage(in identity.SignIn, typed, errorKey string) templ.Component {
	return templates.SignInCode(templates.SignInCodeView{
		Flow: in.Flow, Finishing: in.Finishing, Email: in.Email.Reveal(), Code: typed, CodeError: errorKey, Minutes: int(identity.CodeValidity.Minutes()),
	})
}

func askAgain(in identity.SignIn, errorKey string) templ.Component {
	return templates.SignIn(templates.SignInView{
		Flow: in.Flow, Finishing: in.Finishing, Email: in.Email.Reveal(), EmailError: errorKey,
	})
}

// signOut ends the session here, not only in the browser.
func (s *Server) signOut(r *http.Request) (answer, error) {
	if token, ok := s.Applicants.Sessions.Token(r); ok {
		if err := s.Applicants.Desk.SignOut(r.Context(), token); err != nil {
			return answer{}, fmt.Errorf("signing out: %w", err)
		}
	}
	return answer{
		page:    templates.SignedOut(),
		cookies: []*http.Cookie{s.Applicants.Sessions.Removal(), s.Applicants.SignIns.Removal()},
	}, nil
}
