package sandbox

import (
	"encoding/json"
	"fmt"
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
	Risk       risk
	Associates []associate
	Collected  string // the collected data, to read
	Requests   []requestCard
	EventTypes []string
	Categories []string
}

func (s *Sandbox) showProfilePage(r *http.Request) (view, error) {
	detail, err := s.passfort.Detail(r.PathValue("profile_id"))
	if err != nil {
		return view{}, err
	}
	shown, err := readResource(detail.Resource)
	if err != nil {
		return view{}, fmt.Errorf("profile %s: %w", detail.ID, err)
	}
	shown.Detail, shown.Back = detail, "/profiles/"+detail.ID
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
	var found risk
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

// risk is how risky a profile was found to be; without a category nobody has found out yet.
type risk struct {
	Category string  `json:"category"`
	Score    float64 `json:"score"`
}

// readResource takes out of a profile, as the API shows it, what its page shows apart.
func readResource(resource json.RawMessage) (profileView, error) {
	var content struct {
		CollectedData json.RawMessage `json:"collected_data"`
		Risk          struct {
			Overall risk `json:"overall_risk"`
		} `json:"risk"`
	}
	if err := json.Unmarshal(resource, &content); err != nil {
		return profileView{}, fmt.Errorf("reading it: %w", err)
	}
	associates, err := associatesIn(content.CollectedData)
	return profileView{Risk: content.Risk.Overall, Associates: associates, Collected: pretty(content.CollectedData)}, err
}
