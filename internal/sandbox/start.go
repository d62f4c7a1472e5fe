package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"portal/internal/sandbox/effects"
)

// shownEffects is how many of the last effects the start page shows.
const shownEffects = 30

// startView is what the start page shows.
type startView struct {
	Now         time.Time
	Ahead       time.Duration
	Origin      string // of this sandbox, as the browser calls it
	Key         string // the master key, unless it is somebody's own
	AppToken    string // of Sumsub, likewise
	SecretKey   string // of Sumsub, likewise
	FormURL     string
	RedirectURL string
	SMTP        string // where the mailbox listens, empty if it does not
	Mails       int
	Effects     []effects.Effect // newest first
	Scripts     []script
}

func (s *Sandbox) showStart(r *http.Request) (view, error) {
	happened := s.effects.All()
	slices.Reverse(happened)
	shown := startView{
		Now:         s.clock.Now(),
		Ahead:       s.clock.Ahead(),
		Origin:      "http://" + r.Host,
		FormURL:     s.options.FormURL,
		RedirectURL: s.options.RedirectURL,
		SMTP:        s.mailbox.Addr(),
		Mails:       len(s.mailbox.Messages("")),
		Effects:     happened[:min(len(happened), shownEffects)],
		Scripts:     scripts,
	}
	if s.options.MasterKey == DefaultMasterKey {
		shown.Key = DefaultMasterKey
	}
	if s.options.AppToken == DefaultAppToken {
		shown.AppToken = DefaultAppToken
	}
	if s.options.SecretKey == DefaultSecretKey {
		shown.SecretKey = DefaultSecretKey
	}
	return view{template: "start.html", title: "The outside world", place: "/", data: shown}, nil
}

func (s *Sandbox) pressAdvance(r *http.Request) error {
	_, err := s.advanceBy(r.FormValue("advance"))
	return err
}

func (s *Sandbox) pressReset(*http.Request) error {
	s.Reset()
	return nil
}

// pressLoad loads the state from a file that the browser sends.
func (s *Sandbox) pressLoad(r *http.Request) error {
	file, _, err := r.FormFile("state")
	if err != nil {
		return fmt.Errorf("choose a file with a saved state: %w", err)
	}
	defer func() { _ = file.Close() }()
	if err := s.loadFrom(file); err != nil {
		return fmt.Errorf("the file is no state to load: %w", err)
	}
	return nil
}
