package sandbox

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"portal/internal/sandbox/passfort"
	"portal/internal/sandbox/passfort/webhooks"
)

// queueView is what the page about webhooks shows.
type queueView struct {
	webhooks.Status
	Options webhooks.Options
	Secret  bool // there is one; it is never shown
	Events  []choice
	Live    bool
}

// choice is something that can be ticked.
type choice struct {
	Name   string
	Chosen bool
}

func (s *Sandbox) showQueuePage(r *http.Request) (view, error) {
	o := s.webhooks.Options()
	shown := queueView{Status: s.webhooks.Status(), Options: o, Secret: o.Secret != "", Events: eventChoices(o.Events), Live: isLive(r)}
	return view{template: "webhooks.html", title: "Webhooks", place: "/webhooks", live: shown.Live, data: shown}, nil
}

// eventChoices lists the events of PassFort, and what else somebody has enabled.
func eventChoices(enabled []string) []choice {
	upper := make([]string, len(enabled))
	for i, event := range enabled {
		upper[i] = strings.ToUpper(event)
	}
	return choices(passfort.Events(), upper)
}

// choices lists what there is to tick, and what else somebody has chosen.
func choices(all, chosen []string) []choice {
	on := map[string]bool{}
	for _, name := range chosen {
		on[name] = true
	}
	list := []choice{}
	for _, name := range all {
		list = append(list, choice{name, on[name]})
		delete(on, name)
	}
	for _, name := range slices.Sorted(maps.Keys(on)) {
		list = append(list, choice{name, true})
	}
	return list
}

func (s *Sandbox) pressTrouble(r *http.Request) error {
	var trouble webhooks.Trouble
	if err := fill(r, &trouble); err != nil {
		return err
	}
	_, err := s.webhooks.Disturb(r.Context(), trouble)
	return err
}

func (s *Sandbox) pressRetry(*http.Request) error {
	s.webhooks.RetryNow()
	return nil
}

// pressWebhookOptions changes the options. A secret that is left empty stays as it is, since the page does not show it.
func (s *Sandbox) pressWebhookOptions(r *http.Request) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	o := s.webhooks.Options()
	secret := o.Secret
	if err := fill(r, &o); err != nil {
		return err
	}
	if o.Secret == "" && r.FormValue("no_secret") == "" {
		o.Secret = secret
	}
	return s.setWebhookOptions(o)
}

// setWebhookOptions changes the options of webhooks. The queue delivers any event, so what is a slip of the pen is known
// here.
func (s *Sandbox) setWebhookOptions(o webhooks.Options) error {
	if err := passfort.CheckEvents(o.Events); err != nil {
		return err
	}
	return s.webhooks.SetOptions(o)
}
