package sandbox

import (
	"net/http"

	"portal/internal/sandbox/passfort"
)

// profilesView is what the list of profiles shows.
type profilesView struct {
	Profiles []passfort.Overview
	Full     bool // there may be more
}

func (s *Sandbox) showProfiles(*http.Request) (view, error) {
	list := s.passfort.Overviews(listed)
	return view{
		template: "profiles.html", title: "Profiles", place: "/profiles",
		data: profilesView{Profiles: list, Full: len(list) == listed},
	}, nil
}

// profileView is what the page of one profile shows.
type profileView struct {
	passfort.Detail
	Back       string // the address of this page
	Requests   []requestCard
	EventTypes []string
	Categories []string
}

func (s *Sandbox) showProfilePage(r *http.Request) (view, error) {
	detail, err := s.passfort.Detail(r.PathValue("profile_id"))
	if err != nil {
		return view{}, err
	}
	shown := profileView{Detail: detail, Back: "/profiles/" + detail.ID}
	for _, req := range detail.Requests {
		shown.Requests = append(shown.Requests, requestCard{RequestOverview: req, Back: shown.Back + "#requests"})
	}
	shown.EventTypes, shown.Categories = passfort.EventTypes(), passfort.RiskCategories()
	title := detail.DisplayName
	if title == "" {
		title = "Profile without a name"
	}
	return view{template: "profile.html", title: title, place: "/profiles", data: shown}, nil
}

func (s *Sandbox) pressRaiseEvent(r *http.Request) error {
	_, err := s.passfort.RaiseEvent(r.PathValue("profile_id"), r.FormValue("event_type"))
	return err
}

func (s *Sandbox) pressResolveEvents(r *http.Request) error {
	return s.passfort.ResolveEvents(r.PathValue("profile_id"))
}

func (s *Sandbox) pressRisk(r *http.Request) error {
	var found passfort.Risk
	if err := fill(r, &found); err != nil {
		return err
	}
	return s.passfort.SetRisk(r.PathValue("profile_id"), found.Category, found.Score)
}

func (s *Sandbox) pressDecideApplication(r *http.Request) error {
	return s.passfort.DecideApplication(r.PathValue("application_id"), r.FormValue("status"))
}

func (s *Sandbox) pressTaskState(r *http.Request) error {
	return s.passfort.SetTaskState(r.PathValue("task_id"), r.FormValue("state"))
}

func (s *Sandbox) pressRaiseRequest(r *http.Request) error {
	_, err := s.passfort.RaiseRequest(r.PathValue("task_id"), r.FormValue("to"), r.FormValue("text"))
	return err
}
