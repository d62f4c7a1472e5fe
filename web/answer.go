package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"portal/internal/coding"
	"portal/internal/i18n"
	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/templates"
	"portal/web/middleware"
)

// answer is what a handler wants sent. One of page, finished, json and to is set.
type answer struct {
	status   int             // 200 where it is zero
	page     templ.Component // rendered whole before it is sent
	finished *coding.Body    // a page that was rendered before
	json     any
	to       string // where to go next: 303 See Other

	etag    string            // of json, without quotes
	ctx     context.Context   // of the page where it is in another language than the request; the request's where it is nil
	policy  middleware.Policy // of a page that may do more than others
	listed  bool              // search engines may list the page
	clears  bool              // the browser forgets what it keeps for this host, beside cookies
	wait    time.Duration     // before it makes sense to ask again; zero where there is no need
	refresh *refresh          // the page moves on by itself
	sooner  *refresh          // it does so without JavaScript; with it, a script has done what is to be done
	cookies []*http.Cookie    // to be set
}

// refresh is for pages that move on without JavaScript.
type refresh struct {
	after time.Duration
	to    string
}

// String is how browsers are told.
func (r refresh) String() string { return fmt.Sprintf("%d;url=%s", int(r.after.Seconds()), r.to) }

// scriptWithin is how long a page whose script sees to it that it moves on waits for that script: it may not have come. Pages
// that look again seldom do so more seldom still.
func scriptWithin(pace time.Duration) time.Duration { return max(time.Minute, 4*pace) }

// see is the answer that sends the browser on. What answers a form leads to pages of ours alone, and to none that redirects
// elsewhere: that takes [Server.onward].
func see(to string, cookies ...*http.Cookie) answer { return answer{to: to, cookies: cookies} }

// handler answers a request with a page, a redirect, or an error.
type handler func(r *http.Request) (answer, error)

// pageFor bounds the work on a page; what takes longer goes on in the background and has a waiting page.
const pageFor = 15 * time.Second

// page makes an http.HandlerFunc of a handler.
func (s *Server) page(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(staged(r), pageFor)
		defer cancel()
		r = r.WithContext(ctx)
		a, err := h(r)
		if err == nil {
			err = s.send(w, r, a)
		}
		if err != nil {
			s.fail(w, r, err)
		}
	}
}

// send writes the answer. It returns an error only while nothing has been written.
func (s *Server) send(w http.ResponseWriter, r *http.Request, a answer) error {
	ctx := r.Context()
	if a.ctx != nil {
		ctx = a.ctx
		w.Header().Set("Content-Language", i18n.From(ctx).Lang())
	}
	page := templ.GetBuffer()
	defer templ.ReleaseBuffer(page)
	body, contentType, err := s.body(ctx, r, a, page)
	if err != nil {
		return fmt.Errorf("rendering: %w", err)
	}
	for _, c := range append(s.addressedLocale(r), allCookies(r, a)...) {
		http.SetCookie(w, c)
	}
	s.setHeaders(w.Header(), r, a)
	if a.to != "" {
		http.Redirect(w, r, a.to, http.StatusSeeOther)
		return nil
	}
	// A proxy that compresses weakens the tag, which says the same here.
	if a.etag != "" && strings.TrimPrefix(r.Header.Get("If-None-Match"), "W/") == strconv.Quote(a.etag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	if a.finished != nil {
		body, contentType = inCoding(w.Header(), r, a.finished), htmlType
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(max(a.status, http.StatusOK))
	_, _ = w.Write(body) // the client may have gone
	return nil
}

// setHeaders sets what an answer says beside its body.
func (s *Server) setHeaders(h http.Header, r *http.Request, a answer) {
	if a.clears {
		h.Set("Clear-Site-Data", `"cache", "storage"`) // "cookies" would empty the hosts beside this one, too
	}
	if a.wait > 0 {
		h.Set("Retry-After", strconv.Itoa(int((a.wait+time.Second-1)/time.Second)))
	}
	a.policy.Set(h)
	switch {
	case s.opensSomething(r):
		h.Set("Referrer-Policy", "no-referrer")
	case a.listed:
		middleware.List(h)
	}
	if a.refresh != nil {
		h.Set("Refresh", a.refresh.String())
	}
	if a.etag != "" {
		h.Set("ETag", strconv.Quote(a.etag))
		h.Set("Cache-Control", "private, no-cache")
	}
}

// reporting is where browsers report what the policies of pages keep out.
func (s *Server) reporting() middleware.Reporting {
	return middleware.Reporting{To: s.address("/reports/csp"), HTTPS: s.BaseURL.Scheme == "https"}
}

// hsts is what browsers keep of the whole host; nothing without TLS, where they would not believe it.
func (s *Server) hsts() string {
	if s.BaseURL.Scheme != "https" {
		return ""
	}
	return s.HSTS
}

// opensSomething says whether the address is a secret, whatever page it leads to: of an e-mailed link or a one-time link.
func (s *Server) opensSomething(r *http.Request) bool {
	return s.carriesKey(r) || strings.HasPrefix(r.URL.Path, s.base+"/sign-in/link/")
}

// carriesKey says whether the address holds a part of an e-mailed link, whatever page it leads to.
func (s *Server) carriesKey(r *http.Request) bool {
	q := query(r)
	return q.Has(s.LinkParams[0]) || q.Has(s.LinkParams[1])
}

const htmlType = "text/html; charset=utf-8"

// body is what an answer shows, but for a finished page; a page is rendered into a buffer. Only what is rendered now has to
// know how it looks and where it is.
func (s *Server) body(ctx context.Context, r *http.Request, a answer, page *bytes.Buffer) (body []byte, contentType string, err error) {
	switch {
	case a.page != nil:
		ctx = templates.At(templates.With(ctx, s.site(ctx)), s.here(r))
		if a.sooner != nil {
			ctx = templates.Unscripted(ctx, a.sooner.String())
		}
		err = a.page.Render(context.WithoutCancel(ctx), page) // what took too long still has a page
		return page.Bytes(), htmlType, err
	case a.json != nil:
		body, err = json.Marshal(a.json)
		return body, "application/json", err
	}
	return nil, "", nil
}

func rendered(ctx context.Context, page templ.Component) ([]byte, error) {
	var b bytes.Buffer
	err := page.Render(ctx, &b)
	return b.Bytes(), err
}

// statuses is the only map from kinds of errors to statuses of HTTP.
var statuses = map[onboarding.Kind]int{
	onboarding.NotFound:   http.StatusNotFound,
	onboarding.Invalid:    http.StatusUnprocessableEntity,
	onboarding.Conflict:   http.StatusConflict,
	onboarding.Denied:     http.StatusForbidden,
	onboarding.Busy:       http.StatusServiceUnavailable,
	onboarding.Unanswered: http.StatusServiceUnavailable,
}

// problem is an error of HTTP itself: a status and, where the usual sentence for it does not help, a message key.
type problem struct {
	status int
	key    string
}

func (p problem) Error() string { return http.StatusText(p.status) }

// fail sends the page that fits an error and tells the log its cause. The applicant sees neither.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		panic(http.ErrAbortHandler) // the client has gone: there is nobody to answer
	}
	v := s.problemView(r, err)
	if v.Status >= http.StatusInternalServerError {
		s.Log.ErrorContext(r.Context(), "request failed", slog.String("request_id", v.Reference), slog.Any("error", err))
	}
	if err := s.send(w, r, s.problemAnswer(r, v, err)); err != nil {
		s.Log.ErrorContext(r.Context(), "problem page not rendered", slog.Any("error", err))
		s.sendLastResort(w)
	}
}

// failing makes a handler of a fixed error.
func (s *Server) failing(err error) http.HandlerFunc {
	return s.page(func(*http.Request) (answer, error) { return answer{}, err })
}

// parseForm reads the body of a form, which middleware has limited. Bytes that are no text, which Postgres would not store,
// are replaced by the sign for that, which nothing of ours accepts.
func parseForm(r *http.Request) error {
	err := r.ParseForm()
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return problem{status: http.StatusRequestEntityTooLarge}
	}
	if err != nil {
		return problem{status: http.StatusBadRequest}
	}
	for _, values := range r.PostForm {
		for i, value := range values {
			values[i] = strings.ReplaceAll(strings.ToValidUTF8(value, "\ufffd"), "\x00", "\ufffd")
		}
	}
	return nil
}

// nobody says whether an error only means that nobody is signed in.
func nobody(err error) bool { return errors.Is(err, identity.ErrNobody) }
