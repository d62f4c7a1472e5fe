package sandbox

import (
	"net/http"

	"portal/internal/sandbox/sumsub"
)

// applicantsView is what the list of applicants shows.
type applicantsView struct {
	Applicants []sumsub.Overview
	Full       bool // there may be more
}

func (s *Sandbox) showApplicants(*http.Request) (view, error) {
	list := s.sumsub.Overviews(listed)
	return view{
		template: "applicants.html", title: "Applicants", place: "/applicants",
		data: applicantsView{Applicants: list, Full: len(list) == listed},
	}, nil
}

// applicantView is what the page of one applicant shows.
type applicantView struct {
	sumsub.Detail
	Back        string // the address of this page
	Staff       string // what the addresses of its buttons begin with
	Statuses    []string
	Levels      []string
	Presence    []string
	KnownLabels []string // to choose from
	Webhooks    deliveryTable
}

func (s *Sandbox) showApplicantPage(r *http.Request) (view, error) {
	detail, err := s.sumsub.Detail(applicantOf(r))
	if err != nil {
		return view{}, err
	}
	back := "/applicants/" + detail.ID
	title := detail.Name
	if title == "" {
		title = "Applicant without a name"
	}
	return view{template: "applicant.html", title: title, place: "/applicants", data: applicantView{
		Detail: detail, Back: back, Staff: "/staff/sumsub" + back,
		Statuses:    []string{"init", "pending", "prechecked", "queued", "onHold", "awaitingService", "awaitingUser"},
		Levels:      s.sumsub.Levels(),
		Presence:    []string{"activated", "deactivated", "deleted"},
		KnownLabels: knownLabels,
		Webhooks:    deliveryTable{Deliveries: s.sumsubWebhooks.Of(detail.ID), Back: back + "#webhooks"},
	}}, nil
}

// Judged is what a verdict can be about, besides the applicant: the steps, and the images that count.
func (v applicantView) Judged() []judged {
	list := []judged{}
	for _, step := range v.Steps {
		list = append(list, judged{Key: step.Set, Name: "the whole step"})
		for _, i := range step.Images {
			if !i.Deactivated {
				list = append(list, judged{Key: i.ID, Name: i.Type, Side: i.Side})
			}
		}
	}
	return list
}

// judged is one line of the form for a verdict.
type judged struct {
	Key        string // in the verdict
	Name, Side string
}

func (s *Sandbox) pressStatus(r *http.Request) error {
	return s.sumsub.SetStatus(applicantOf(r), r.FormValue("status"))
}

func (s *Sandbox) pressResetApplicant(r *http.Request) error {
	return s.sumsub.ResetApplicant(applicantOf(r), r.FormValue("step"))
}

func (s *Sandbox) pressLevel(r *http.Request) error {
	return s.sumsub.SetLevel(applicantOf(r), r.FormValue("level"))
}

func (s *Sandbox) pressPresence(r *http.Request) error {
	return s.sumsub.SetPresence(applicantOf(r), r.FormValue("presence"))
}
