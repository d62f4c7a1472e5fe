package passfort

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

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

// openRequest finds the request of a call of the frame, by its id and its own key, while its forms can be edited. The
// lock is held.
func (p *Provider) openRequest(r *http.Request) (*request, error) {
	req, ok := p.requests[r.PathValue("request_id")]
	if !ok || !sameKey(r.Header.Get("Apikey"), req.apikey) {
		return nil, errExpired(http.StatusNotFound)
	}
	if req.state(p.config.Now()) != Sent {
		return nil, errExpired(http.StatusGone)
	}
	return req, nil
}

// formView is a customer request as the frame shows it.
type formView struct {
	Title    string        `json:"title"`
	Sections []sectionView `json:"sections"`
}

type sectionView struct {
	ID       string            `json:"id"`
	Title    string            `json:"title"`
	Intro    string            `json:"intro"`
	Photo    bool              `json:"photo"`
	HasPhoto bool              `json:"has_photo"`
	Done     bool              `json:"done"`
	Fields   []field           `json:"fields"`
	Answers  map[string]string `json:"answers"`
}

func (req *request) view() formView {
	view := formView{Title: req.flow.title}
	for _, s := range req.flow.sections {
		view.Sections = append(view.Sections, sectionView{
			ID:       s.id,
			Title:    s.title,
			Intro:    s.intro,
			Photo:    s.photo,
			HasPhoto: s.photo && req.photo != "",
			Done:     req.done[s.id],
			Fields:   append([]field{}, s.fields...),
			Answers:  s.read(req.profile.data, req),
		})
	}
	return view
}

// showForm answers with the sections of the request and the answers known so far.
func (p *Provider) showForm(_ http.ResponseWriter, r *http.Request) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	req, err := p.openRequest(r)
	if err != nil {
		return nil, err
	}
	return req.view(), nil
}

// saveSection writes a section's answers into the collected data at once.
func (p *Provider) saveSection(w http.ResponseWriter, r *http.Request) (any, error) {
	answers, err := readAnswers(w, r)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	req, err := p.openRequest(r)
	if err != nil {
		return nil, err
	}
	s, ok := req.flow.section(r.PathValue("section_id"))
	if !ok {
		return nil, &formError{status: http.StatusNotFound, Message: "There is no such section."}
	}
	if errs := s.check(answers, p.config.Now()); len(errs) > 0 {
		return nil, &formError{status: http.StatusUnprocessableEntity, Message: "Some answers need your attention.", Errors: errs}
	}
	if len(s.fields) > 0 {
		data := req.profile.data.clone()
		s.write(data, req, answers)
		p.storeData(req.profile, data)
	}
	req.done[s.id] = true
	return req.view(), nil
}

// readAnswers reads a section's answers, without the blanks around them.
func readAnswers(w http.ResponseWriter, r *http.Request) (map[string]string, error) {
	var body struct {
		Answers map[string]string `json:"answers"`
	}
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxJSON))
	if err := decoder.Decode(&body); err != nil {
		return nil, &formError{status: http.StatusBadRequest, Message: "The answers could not be read."}
	}
	for name, text := range body.Answers {
		body.Answers[name] = strings.TrimSpace(text)
	}
	return body.Answers, nil
}

// savePhoto adds a photo of a document to the profile.
func (p *Provider) savePhoto(w http.ResponseWriter, r *http.Request) (any, error) {
	if err := readPhoto(w, r); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	req, err := p.openRequest(r)
	if err != nil {
		return nil, err
	}
	p.addPhoto(req)
	return req.view(), nil
}

// finishForm completes the request, once every section is submitted, and says where the browser goes.
func (p *Provider) finishForm(_ http.ResponseWriter, r *http.Request) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	req, err := p.openRequest(r)
	if err != nil {
		return nil, err
	}
	for _, s := range req.flow.sections {
		if !req.done[s.id] {
			message := fmt.Sprintf("The section %q is not complete.", s.title)
			return nil, &formError{status: http.StatusUnprocessableEntity, Message: message}
		}
	}
	p.end(req, Completed)
	return map[string]string{"redirect_url": p.config.RedirectURL}, nil
}
