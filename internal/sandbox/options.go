package sandbox

import (
	"net/http"

	"portal/internal/sandbox/settings"
)

// optionsView is what the page with the options of one provider shows.
type optionsView struct {
	Provider string
	Others   string // the page about the other provider's
	Webhooks string // the page about the options of webhooks
	Back     string // the address of this page
	Action   string // the address that the form is sent to
	Settings []settings.Field
}

func (s *Sandbox) showOptionsPage(*http.Request) (view, error) {
	return view{template: "options.html", title: "PassFort’s options", place: "/options", data: optionsView{
		Provider: "PassFort", Others: "/options/sumsub", Webhooks: "/webhooks", Back: "/options", Action: "/staff/options",
		Settings: settings.Fields(s.passfort.Options()),
	}}, nil
}

func (s *Sandbox) showSumsubOptionsPage(*http.Request) (view, error) {
	return view{template: "options.html", title: "Sumsub’s options", place: "/options", data: optionsView{
		Provider: "Sumsub", Others: "/options", Webhooks: "/webhooks/sumsub", Back: "/options/sumsub",
		Action: "/staff/sumsub/options", Settings: settings.Fields(s.sumsub.Options()),
	}}, nil
}

func (s *Sandbox) pressSumsubOptions(r *http.Request) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	o := s.sumsub.Options()
	if err := fill(r, &o); err != nil {
		return err
	}
	return s.sumsub.SetOptions(o)
}

func (s *Sandbox) pressOptions(r *http.Request) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	o := s.passfort.Options()
	if err := fill(r, &o); err != nil {
		return err
	}
	return s.passfort.SetOptions(o)
}
