package sandbox

import (
	"cmp"
	"net/http"

	"portal/internal/sandbox/passfort"
)

// requestsView is what the list of customer requests shows.
type requestsView struct {
	FlowTemplates []string
	Requests      []requestCard
	Full          bool // there may be more
}

// requestCard is a customer request with its forms and buttons, which stand on two pages.
type requestCard struct {
	passfort.RequestOverview
	Named bool // whether it says whose request it is: the profile's own page does already
	Back  string
}

// Name is what the profile is called.
func (c requestCard) Name() string { return cmp.Or(c.Profile, "No name yet") }

// Open says whether there is something to do about the request.
func (c requestCard) Open() bool {
	for _, form := range c.Forms {
		if form.Undecided {
			return true
		}
	}
	return c.State == passfort.Sent
}

func (s *Sandbox) showRequests(*http.Request) (view, error) {
	list := s.passfort.Requests(listed)
	shown := requestsView{FlowTemplates: s.passfort.FlowTemplates(), Full: len(list) == listed}
	for _, req := range list {
		shown.Requests = append(shown.Requests, requestCard{RequestOverview: req, Named: true, Back: "/requests#" + req.ID})
	}
	return view{template: "requests.html", title: "Customer requests", place: "/requests", data: shown}, nil
}

func (s *Sandbox) pressInvite(r *http.Request) error {
	_, err := s.passfort.Invite(r.FormValue("flow_template"), r.FormValue("to"))
	return err
}

// pressState ends a request, or the one form of it that is named.
func (s *Sandbox) pressState(r *http.Request) error {
	id, state := r.PathValue("request_id"), passfort.State(r.FormValue("state"))
	if form := r.FormValue("form"); form != "" {
		return s.passfort.SetFormState(id, form, state)
	}
	return s.passfort.SetRequestState(id, state)
}

func (s *Sandbox) pressEmail(r *http.Request) error {
	return s.passfort.EmailRequest(r.PathValue("request_id"), r.FormValue("to"))
}

func (s *Sandbox) pressDecideForm(r *http.Request) error {
	return s.decide(r.PathValue("form_id"), r.FormValue("decision"))
}
