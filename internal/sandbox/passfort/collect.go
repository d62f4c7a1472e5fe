package passfort

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"portal/internal/sandbox/passfort/account"
	"portal/internal/sandbox/reply"
)

// formError is an error answer to the frame; the customer reads its messages.
type formError struct {
	status  int
	Message string       `json:"message"`
	Errors  []fieldError `json:"errors,omitempty"`
}

// Error is part of error.
func (e *formError) Error() string { return e.Message }

// errExpired is what the holder of any link that opens nothing gets to see.
func errExpired(status int) error {
	return &formError{status: status, Message: "This request has expired."}
}

// formCall answers a call of the frame or refuses it.
type formCall func(w http.ResponseWriter, r *http.Request) (any, error)

// form turns a call of the frame into a handler.
func (p *Provider) form(c formCall) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := c(w, r)
		if known, ok := errors.AsType[*formError](err); ok {
			reply.JSON(w, known.status, known)
			return
		}
		if err != nil {
			reply.JSON(w, http.StatusInternalServerError, &formError{Message: err.Error()})
			return
		}
		reply.JSON(w, http.StatusOK, body)
	}
}

// requestOf finds the request of a call of the frame, by its id and its own key. The lock is held.
func (p *Provider) requestOf(r *http.Request) (*request, error) {
	req, ok := p.index.requests[r.PathValue("request_id")]
	if !ok || !sameKey(r.Header.Get("Apikey"), req.APIKey) {
		return nil, errExpired(http.StatusNotFound)
	}
	return req, nil
}

// openRequest finds the request of a call of the frame while its forms can be edited. The lock is held.
func (p *Provider) openRequest(r *http.Request) (*request, error) {
	req, err := p.requestOf(r)
	if err == nil && req.State != Sent {
		return nil, errExpired(http.StatusGone)
	}
	return req, err
}

// editableForm finds the form a call of the frame is about. The lock is held.
func (p *Provider) editableForm(r *http.Request) (*request, *formRequest, error) {
	req, err := p.openRequest(r)
	if err != nil {
		return nil, nil, err
	}
	f := req.form(r.PathValue("form_id"))
	if f == nil {
		return nil, nil, &formError{status: http.StatusNotFound, Message: "There is no such form."}
	}
	if f.State != Sent {
		return nil, nil, &formError{status: http.StatusConflict, Message: "This form cannot be changed any more."}
	}
	return req, f, nil
}

// showForm answers with the forms of the request and the answers known so far.
func (p *Provider) showForm(_ http.ResponseWriter, r *http.Request) (any, error) {
	p.enter()
	defer p.leave()
	req, err := p.openRequest(r)
	if err != nil {
		return nil, err
	}
	return p.formView(req), nil
}

// answering is a call of the frame that brings answers to a form. It is made with the lock held.
type answering func(req *request, f *formRequest, answers map[string]string) (any, error)

// answered turns a call with answers into one that reads them and finds their form first.
func (p *Provider) answered(c answering) http.HandlerFunc {
	return p.form(func(w http.ResponseWriter, r *http.Request) (any, error) {
		answers, err := readAnswers(w, r)
		if err != nil {
			return nil, err
		}
		p.enter()
		defer p.leave()
		req, f, err := p.editableForm(r)
		if err != nil {
			return nil, err
		}
		return c(req, f, answers)
	})
}

// keepDraft keeps what was typed, so that it is there when the customer comes back. It is not checked.
func (p *Provider) keepDraft(req *request, f *formRequest, answers map[string]string) (any, error) {
	draft := maps.Clone(f.Draft)
	if draft == nil {
		draft = map[string]string{}
	}
	maps.Copy(draft, askedFor(p.sections(req, f), answers))
	f.Draft = draft
	return map[string]any{}, nil
}

// askedFor leaves out what is no answer to a question, and what is too long for one.
func askedFor(sections []askedSection, answers map[string]string) map[string]string {
	kept := map[string]string{}
	for _, s := range sections {
		for _, q := range s.questions {
			if answer, ok := answers[q.Name]; ok && len(answer) <= q.longest() {
				kept[q.Name] = answer
			}
		}
	}
	return kept
}

// submitForm stores the answers of a form. A form that runs a check is completed with it, if others are still to come.
func (p *Provider) submitForm(req *request, f *formRequest, answers map[string]string) (any, error) {
	sections := p.sections(req, f)
	if errs := p.checkAnswers(sections, f, answers); len(errs) > 0 {
		return nil, &formError{status: http.StatusUnprocessableEntity, Message: "Some answers need your attention.", Errors: errs}
	}
	form, _ := p.account.Form(f.Form)
	if form.Type == account.ManualDecision {
		f.Answers = askedFor(sections, answers) // they wait for the decision
	} else {
		p.storeAnswers(req, f, sections, answers, byCustomer)
	}
	f.Draft, f.Submitted = nil, true
	p.notifyForm(req, f, byCustomer)
	if form.Check != "" && p.moreToCome(req, f) {
		p.endForm(req, f, Completed, byCustomer)
	}
	return p.formView(req), nil
}

// moreToCome says whether a request has, or may get, forms that are not answered yet.
func (p *Provider) moreToCome(req *request, but *formRequest) bool {
	return p.mayUnfold(req) || slices.ContainsFunc(req.open(), func(f *formRequest) bool { return f != but && !f.Submitted })
}

// checkAnswers says what is wrong with the answers of a form.
func (p *Provider) checkAnswers(sections []askedSection, f *formRequest, answers map[string]string) []fieldError {
	var errs []fieldError
	for _, s := range sections {
		for _, q := range s.questions {
			message := q.check(answers[q.Name], p.now())
			if q.Type == account.Document {
				message = q.checkDocument(f.Documents[q.Name])
			}
			if message != "" {
				errs = append(errs, fieldError{Field: q.Name, Message: message})
			}
		}
	}
	return errs
}

// storeAnswers writes answers that were checked into the collected data. The lock is held.
func (p *Provider) storeAnswers(req *request, f *formRequest, sections []askedSection, answers map[string]string, by actor) {
	pr := p.index.profiles[req.ProfileID]
	data, changed := pr.Data.clone(), false
	for _, s := range sections {
		for _, q := range s.questions {
			switch d := f.Documents[q.Name]; {
			case q.Type != account.Document:
				q.write(data, answers[q.Name])
				changed = true
			case d != nil && len(d.Images) > 0:
				p.storeDocument(pr, data, d)
				changed = true
			}
		}
	}
	if changed {
		p.storeData(pr, data, by)
	}
}

// readAnswers reads the answers of a form, without the blanks around them.
func readAnswers(w http.ResponseWriter, r *http.Request) (map[string]string, error) {
	var body struct {
		Answers map[string]string `json:"answers"`
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxJSON))
	if tooLarge(err) {
		return nil, &formError{status: http.StatusRequestEntityTooLarge, Message: "The answers are too long."}
	}
	if err != nil || json.Unmarshal(raw, &body) != nil {
		return nil, &formError{status: http.StatusBadRequest, Message: "The answers could not be read."}
	}
	for name, text := range body.Answers {
		body.Answers[name] = strings.TrimSpace(text)
	}
	return body.Answers, nil
}

// finishForm completes the request, once every form is submitted, and says where the browser goes. It says so again when
// it is called again, because its answer may have been lost.
func (p *Provider) finishForm(_ http.ResponseWriter, r *http.Request) (any, error) {
	p.enter()
	defer p.leave()
	req, err := p.requestOf(r)
	if err != nil {
		return nil, err
	}
	switch req.State {
	case Completed:
	case Sent:
		if unfinished := p.unfinished(req); unfinished != "" {
			return nil, &formError{status: http.StatusUnprocessableEntity, Message: unfinished}
		}
		p.endAll(req, Completed, byCustomer)
	default:
		return nil, errExpired(http.StatusGone)
	}
	flow, _ := p.account.FlowTemplate(req.Flow)
	return map[string]any{
		"redirect_url": cmp.Or(flow.Redirect, p.config.RedirectURL),
		"redirect":     p.Options().Redirect,
	}, nil
}

// unfinished says why a request cannot be completed yet; empty if it can.
func (p *Provider) unfinished(req *request) string {
	if p.waiting(req) {
		return "We are still looking at your answers. There may be further questions."
	}
	for _, f := range req.open() {
		if !f.Submitted {
			form, _ := p.account.Form(f.Form)
			return fmt.Sprintf("The form %q is not complete.", form.Title)
		}
	}
	return ""
}
