package front_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"sync"

	"github.com/go-chi/chi/v5"
)

// The pair of the one customer request that a desk knows.
const (
	requestID = "0b5c5700-0000-4000-8000-000000000001"
	apikey    = "kEyOfTheRequest"
)

// The shape of a customer request, as the frame gets it.
type (
	request struct {
		Title   string `json:"title"`
		Waiting bool   `json:"waiting"`
		Forms   []form `json:"forms"`
	}
	form struct {
		ID        string    `json:"id"`
		Title     string    `json:"title"`
		Intro     string    `json:"intro"`
		State     string    `json:"state"`
		Submitted bool      `json:"submitted"`
		Editable  bool      `json:"editable"`
		Sections  []section `json:"sections"`
	}
	section struct {
		Title     string     `json:"title"`
		Questions []question `json:"questions"`
	}
	question struct {
		Name     string         `json:"name"`
		Label    string         `json:"label"`
		Hint     string         `json:"hint,omitempty"`
		Type     string         `json:"type"`
		Required bool           `json:"required"`
		Options  []option       `json:"options,omitempty"`
		Answer   string         `json:"answer,omitempty"`
		Types    []documentType `json:"document_types,omitempty"`
		Document *document      `json:"document,omitempty"`
	}
	option       struct{ Value, Label string }
	documentType struct {
		Type     string   `json:"type"`
		Label    string   `json:"label"`
		Elements []string `json:"elements"`
	}
	document struct {
		Type     string   `json:"type"`
		Received []string `json:"received"`
	}
)

func (o option) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{"value": o.Value, "label": o.Label})
}

// refusal is an answer that is no success.
type refusal struct {
	status  int
	Message string       `json:"message"`
	Errors  []fieldError `json:"errors,omitempty"`
}

type fieldError struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// desk is the other side of the frame's calls: it keeps one request and refuses what it is told to.
type desk struct {
	mu        sync.Mutex
	request   request
	end       map[string]string
	refuse    *refusal                    // whatever is asked
	picture   *refusal                    // pictures
	submitted func(r *request, id string) // after a form
	loads     int
}

// change does something to the desk while nobody asks it.
func (d *desk) change(do func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	do()
}

// questions finds a question of a form.
func (d *desk) question(form, name string) *question {
	for i := range d.request.Forms {
		for _, s := range d.request.Forms[i].Sections {
			at := slices.IndexFunc(s.Questions, func(q question) bool { return q.Name == name })
			if d.request.Forms[i].ID == form && at >= 0 {
				return &s.Questions[at]
			}
		}
	}
	return nil
}

func (d *desk) mount(r chi.Router) {
	r.Route("/collect/api/requests/{request_id}", func(r chi.Router) {
		r.Get("/", d.answer(d.load))
		r.Put("/forms/{form}/draft", d.answer(d.draft))
		r.Post("/forms/{form}", d.answer(d.submit))
		r.Put("/forms/{form}/documents/{question}/{element}", d.answer(d.upload))
		r.Post("/finish", d.answer(func(*http.Request) (any, *refusal) { return d.end, nil }))
	})
}

// answer turns a call into a handler for those who know the pair.
func (d *desk) answer(call func(r *http.Request) (any, *refusal)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		defer d.mu.Unlock()
		refused := d.refuse
		if r.PathValue("request_id") != requestID || r.Header.Get("apikey") != apikey {
			refused = &refusal{status: http.StatusNotFound, Message: "This request has expired."}
		}
		var body any
		if refused == nil {
			body, refused = call(r)
		}
		w.Header().Set("Content-Type", "application/json")
		if refused != nil {
			w.WriteHeader(refused.status)
			body = refused
		}
		_ = json.NewEncoder(w).Encode(body)
	}
}

func (d *desk) load(*http.Request) (any, *refusal) {
	d.loads++
	return d.request, nil
}

func (d *desk) draft(r *http.Request) (any, *refusal) {
	for name, text := range answers(r) {
		if q := d.question(r.PathValue("form"), name); q != nil {
			q.Answer = text
		}
	}
	return map[string]string{}, nil
}

func (d *desk) submit(r *http.Request) (any, *refusal) {
	_, _ = d.draft(r)
	id := r.PathValue("form")
	at := slices.IndexFunc(d.request.Forms, func(f form) bool { return f.ID == id })
	if errs := missing(d.request.Forms[at]); len(errs) > 0 {
		return nil, &refusal{status: http.StatusUnprocessableEntity, Message: "There is a problem", Errors: errs}
	}
	d.request.Forms[at].Submitted = true
	if d.submitted != nil {
		d.submitted(&d.request, id)
	}
	return d.request, nil
}

func missing(f form) []fieldError {
	var errs []fieldError
	for _, s := range f.Sections {
		for _, q := range s.Questions {
			if q.Required && q.Answer == "" && q.Document == nil {
				errs = append(errs, fieldError{q.Name, q.Label + " is missing."})
			}
		}
	}
	return errs
}

func (d *desk) upload(r *http.Request) (any, *refusal) {
	content, err := io.ReadAll(r.Body)
	if err != nil || len(content) == 0 {
		return nil, &refusal{status: http.StatusUnprocessableEntity, Message: "There is no picture."}
	}
	if d.picture != nil {
		return nil, d.picture
	}
	q, kind := d.question(r.PathValue("form"), r.PathValue("question")), r.URL.Query().Get("document_type")
	if q.Document == nil || q.Document.Type != kind {
		q.Document = &document{Type: kind}
	}
	if side := r.PathValue("element"); !slices.Contains(q.Document.Received, side) {
		q.Document.Received = append(q.Document.Received, side)
	}
	return d.request, nil
}

func answers(r *http.Request) map[string]string {
	var body struct {
		Answers map[string]string `json:"answers"`
	}
	_ = json.NewDecoder(r.Body).Decode(&body)
	return body.Answers
}
