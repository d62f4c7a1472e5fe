package sandbox

import (
	"net/http"

	"portal/internal/sandbox/settings"
)

func (s *Sandbox) showOptionsPage(*http.Request) (view, error) {
	return view{template: "options.html", title: "Options", place: "/options", data: settings.Fields(s.passfort.Options())}, nil
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
