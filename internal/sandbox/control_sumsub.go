package sandbox

import (
	"net/http"

	"portal/internal/sandbox/sumsub"
)

func (s *Sandbox) showSumsubOptions(*http.Request) (any, error) {
	return s.sumsub.Options(), nil
}

func (s *Sandbox) changeSumsubOptions(r *http.Request) (any, error) {
	var given members
	if err := read(r, &given); err != nil {
		return nil, err
	}
	s.changing.Lock()
	defer s.changing.Unlock()
	o, err := changed(s.sumsub.Options(), given)
	if err != nil {
		return nil, err
	}
	if err := s.sumsub.SetOptions(o); err != nil {
		return nil, err
	}
	return s.sumsub.Options(), nil
}

func (s *Sandbox) listLevels(*http.Request) (any, error) {
	return s.sumsub.Levels(), nil
}

func (s *Sandbox) listApplicants(*http.Request) (any, error) {
	return s.sumsub.Overviews(listed), nil
}

func (s *Sandbox) showApplicant(r *http.Request) (any, error) {
	return s.sumsub.Detail(applicantOf(r))
}

// applicantOf is the applicant that an address names, by id or by externalUserId.
func applicantOf(r *http.Request) string { return r.PathValue("applicant_id") }

func (s *Sandbox) giveVerdict(r *http.Request) (any, error) {
	var v sumsub.Verdict
	if err := read(r, &v); err != nil {
		return nil, err
	}
	return done(s.sumsub.Decide(applicantOf(r), v))
}

func (s *Sandbox) setApplicantStatus(r *http.Request) (any, error) {
	var body struct {
		Status string `json:"status"`
	}
	if err := read(r, &body); err != nil {
		return nil, err
	}
	return done(s.sumsub.SetStatus(applicantOf(r), body.Status))
}

func (s *Sandbox) resetApplicant(r *http.Request) (any, error) {
	var body struct {
		Step string `json:"step"`
	}
	if err := read(r, &body); err != nil {
		return nil, err
	}
	return done(s.sumsub.ResetApplicant(applicantOf(r), body.Step))
}

func (s *Sandbox) setLevel(r *http.Request) (any, error) {
	var body struct {
		Level string `json:"level"`
	}
	if err := read(r, &body); err != nil {
		return nil, err
	}
	return done(s.sumsub.SetLevel(applicantOf(r), body.Level))
}

func (s *Sandbox) setPresence(r *http.Request) (any, error) {
	var body struct {
		Presence string `json:"presence"`
	}
	if err := read(r, &body); err != nil {
		return nil, err
	}
	return done(s.sumsub.SetPresence(applicantOf(r), body.Presence))
}
