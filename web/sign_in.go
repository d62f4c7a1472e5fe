package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"portal/internal/i18n"
	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/templates"
)

// showSignIn asks for the address, or for the code that this browser is waiting for. Who is signed in goes on.
func (s *Server) showSignIn(r *http.Request) (answer, error) {
	q := r.URL.Query()
	wish, err := s.wish(q)
	if err != nil {
		return answer{}, err
	}
	v, err := s.visit(r)
	switch {
	case err == nil:
		return s.alreadyIn(r, v, wish), nil
	case !nobody(err):
		return answer{}, err
	}
	browser := s.token(r, s.Applicants.SignIns)
	switch {
	case browser == "" && q.Has("sent") && keepsNothing(r):
		return s.noCookies(r), nil
	case browser == "" && q.Has("sent"): // the browser has not kept what binds the code to it
		return answer{page: s.signInPage(r, wish, "", "error.sign_in_lost")}, nil
	case browser == "", q.Has("again"), wish != identity.Wish{}:
		return answer{listed: true, page: s.signInPage(r, wish, "", "")}, nil
	}
	in, err := s.Applicants.Desk.Pending(r.Context(), browser)
	switch {
	case err == nil:
		return answer{page: s.codePage(r, in, templates.SignInCodeView{})}, nil
	case in.Email == "" && errors.Is(err, identity.ErrCodeExpired): // it was another kind of sign-in, or long ago
		return answer{page: s.signInPage(r, identity.Wish{}, "", "")}, nil
	case errors.Is(err, identity.ErrCodeExpired), errors.Is(err, identity.ErrCodeTries):
		return answer{page: s.codePage(r, in, templates.SignInCodeView{Over: true})}, nil
	}
	return answer{}, err
}

// sendCode sends a code to the address and shows the field for it on the same screen.
func (s *Server) sendCode(r *http.Request) (answer, error) {
	if err := parseForm(r); err != nil {
		return answer{}, err
	}
	wish, err := s.wish(r.PostForm)
	if err != nil {
		return answer{}, err
	}
	about(r.Context(), wish.Flow)
	asking := identity.Asking{
		Typed: r.PostForm.Get("email"), Browser: s.token(r, s.Applicants.SignIns), From: s.from(r),
		Locale: i18n.From(r.Context()).Lang(), Wish: wish,
	}
	in, err := s.Applicants.Desk.SendCode(r.Context(), asking)
	if err != nil {
		return s.notSent(r, asking, err)
	}
	cookie, err := s.Applicants.SignIns.Cookie(in.Browser)
	if err != nil {
		return answer{}, err
	}
	return see(s.address("/sign-in")+"?sent=1", cookie), nil
}

// notSent says why no code was sent: on the screen of the code where one is under way, else beside the address.
func (s *Server) notSent(r *http.Request, a identity.Asking, err error) (answer, error) {
	v := templates.SignInView{Wish: s.wishView(a.Wish), WaysIn: s.waysIn(r.Context()), Email: a.Typed}
	status := http.StatusUnprocessableEntity
	often, tooOften := errors.AsType[*identity.TooOften](err)
	unsent, notTaken := errors.AsType[*identity.MailError](err)
	switch {
	case a.Typed == "":
		v.EmailError = "error.email_missing"
	case errors.Is(err, identity.ErrEmail):
		v.EmailError = "error.email_invalid"
	case tooOften:
		s.refuseOften(r, "codes asked for too often", often)
		if a, ok := s.codeAgain(r, a, often.Wait); ok {
			return a, nil
		}
		v.EmailError, v.Wait, status = "error.too_many_codes", often.Wait, http.StatusTooManyRequests
	case notTaken && unsent.Refused:
		v.EmailError = "error.mail_refused"
	case notTaken:
		s.Log.ErrorContext(r.Context(), "code not sent", slog.Any("error", err))
		v.EmailError, status = "error.mail_unsent", http.StatusServiceUnavailable
	default:
		return answer{}, err
	}
	return answer{status: status, wait: v.Wait, page: templates.SignIn(v)}, nil
}

// codeAgain stays on the screen of a code that was sent, where another for the same address has to wait.
func (s *Server) codeAgain(r *http.Request, a identity.Asking, wait time.Duration) (answer, bool) {
	if a.Browser == "" {
		return answer{}, false
	}
	in, err := s.Applicants.Desk.Pending(r.Context(), a.Browser)
	if to, parsed := identity.ParseEmail(a.Typed); parsed != nil || in.Email != to {
		return answer{}, false
	}
	v := templates.SignInCodeView{CodeError: "error.too_many_codes", Wait: wait, Over: err != nil}
	if v.Over { // no code is left to be used
		v.CodeError = "error.codes_later"
	}
	return answer{status: http.StatusTooManyRequests, wait: wait, page: s.codePage(r, in, v)}, true
}

// enterCode signs the browser in. A flow that was chosen before signing in starts at once.
func (s *Server) enterCode(r *http.Request) (answer, error) {
	if err := parseForm(r); err != nil {
		return answer{}, err
	}
	browser := s.token(r, s.Applicants.SignIns)
	if browser == "" {
		if s.isIn(r) { // the code has signed them in, and they have gone back to its page
			return see(s.address("")), nil
		}
		return answer{status: http.StatusUnprocessableEntity, page: s.signInPage(r, identity.Wish{}, "", "error.sign_in_lost")}, nil
	}
	typed := r.PostForm.Get("code")
	from := s.from(r)
	token, in, err := s.Applicants.Desk.EnterCode(r.Context(), browser, typed, from, s.opening(r))
	if err != nil {
		return s.notSignedIn(r, in, typed, err)
	}
	known, err := s.Applicants.Known.Cookie(in.Email.KnownTo(from.Known, s.Now()))
	if err != nil {
		return answer{}, err
	}
	return s.signedIn(r, token, in.Wish, onboarding.Facts{}, append(s.localeCookies(r, ""), s.Applicants.SignIns.Removal(), known)...)
}

// notSignedIn says beside the field why the code does not sign in. Where no code is good any longer, the same screen
// offers another.
func (s *Server) notSignedIn(r *http.Request, in identity.SignIn, typed string, err error) (answer, error) {
	if errors.Is(err, identity.ErrCodeExpired) && s.isIn(r) { // perhaps by this code
		return see(s.address("")), nil
	}
	a := answer{status: http.StatusUnprocessableEntity}
	often, tooOften := errors.AsType[*identity.TooOften](err)
	switch {
	case errors.Is(err, identity.ErrCodeMissing):
		a.page = s.codePage(r, in, templates.SignInCodeView{CodeError: "error.code_missing"})
	case errors.Is(err, identity.ErrCodeWrong):
		s.refuse(r, "wrong code")
		a.page = s.codePage(r, in, templates.SignInCodeView{Code: typed, CodeError: "error.code_wrong"})
	case errors.Is(err, identity.ErrCodeTries):
		s.refuse(r, "code tried too often")
		a.page = s.codePage(r, in, templates.SignInCodeView{CodeError: "error.code_tries", Over: true})
	case tooOften:
		s.refuseOften(r, "codes of the address tried too often", often)
		a.status, a.wait = http.StatusTooManyRequests, often.Wait
		a.page = s.codePage(r, in, templates.SignInCodeView{Code: typed, CodeError: "error.too_many_tries", Wait: often.Wait})
	case errors.Is(err, identity.ErrCodeExpired) && in.Email == "":
		s.refuse(r, "no code under way")
		a.page = s.signInPage(r, in.Wish, "", "error.code_expired")
	case errors.Is(err, identity.ErrCodeExpired):
		s.refuse(r, "code used or expired")
		a.page = s.codePage(r, in, templates.SignInCodeView{CodeError: "error.code_expired", Over: true})
	default:
		return answer{}, fmt.Errorf("signing in: %w", err)
	}
	return a, nil
}

func (s *Server) codePage(r *http.Request, in identity.SignIn, v templates.SignInCodeView) templ.Component {
	about(r.Context(), in.Wish.Flow)
	v.Wish, v.Email = s.wishView(in.Wish), in.Email.Reveal()
	v.Minutes = max(int(in.ExpiresAt.Sub(s.Now()).Round(time.Minute).Minutes()), 1)
	return templates.SignInCode(v)
}

// signInPage offers all ways in. The problem is the message key of what went wrong with another way; the error is
// about the address.
func (s *Server) signInPage(r *http.Request, w identity.Wish, problem, emailError string) templ.Component {
	return templates.SignIn(templates.SignInView{
		Wish: s.wishView(w), WaysIn: s.waysIn(r.Context()), Problem: problem, EmailError: emailError,
	})
}
