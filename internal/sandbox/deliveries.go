package sandbox

import (
	"bytes"
	"encoding/json"
	"net/http"

	sumsubwebhooks "portal/internal/sandbox/sumsub/webhooks"
)

// deliveriesView is what the page about Sumsub's webhooks shows.
type deliveriesView struct {
	sumsubwebhooks.Status
	Options sumsubwebhooks.Options
	Secret  bool // there is one; it is never shown
	Events  []choice
	Live    bool
}

// deliveryTable is a list of deliveries with their buttons, which stands on two pages.
type deliveryTable struct {
	Deliveries []sumsubwebhooks.Delivery
	Back       string // the address of the page
}

// Table is the list of this page.
func (v deliveriesView) Table() deliveryTable {
	return deliveryTable{Deliveries: v.Deliveries, Back: "/webhooks/sumsub#deliveries"}
}

func (s *Sandbox) showSumsubWebhooksPage(r *http.Request) (view, error) {
	o := s.sumsubWebhooks.Options()
	shown := deliveriesView{
		Status: s.sumsubWebhooks.Status(), Options: o, Secret: o.Secret != "",
		Events: choices(sumsubwebhooks.Events(), o.Events), Live: isLive(r),
	}
	return view{template: "deliveries.html", title: "Sumsub’s webhooks", place: "/webhooks/sumsub", live: shown.Live, data: shown}, nil
}

// disturbSumsub orders trouble with Sumsub's webhooks.
func (s *Sandbox) disturbSumsub(r *http.Request, raw json.RawMessage) (any, error) {
	var trouble sumsubwebhooks.Trouble
	if err := readFrom(bytes.NewReader(raw), &trouble); err != nil {
		return nil, err
	}
	outcome, err := s.sumsubWebhooks.Disturb(r.Context(), trouble)
	return created{outcome}, err
}

func (s *Sandbox) pressSumsubTrouble(r *http.Request) error {
	var trouble sumsubwebhooks.Trouble
	if err := fill(r, &trouble); err != nil {
		return err
	}
	_, err := s.sumsubWebhooks.Disturb(r.Context(), trouble)
	return err
}

func (s *Sandbox) showSumsubWebhooks(*http.Request) (any, error) {
	return s.sumsubWebhooks.Status(), nil
}

func (s *Sandbox) retrySumsubWebhooks(*http.Request) (any, error) {
	s.sumsubWebhooks.RetryNow()
	return s.sumsubWebhooks.Status(), nil
}

func (s *Sandbox) pressSumsubRetry(*http.Request) error {
	s.sumsubWebhooks.RetryNow()
	return nil
}

func (s *Sandbox) resendSumsubWebhook(r *http.Request) (any, error) {
	delivery, err := s.sumsubWebhooks.Resend(r.PathValue("delivery_id"))
	return created{delivery}, err
}

func (s *Sandbox) pressSumsubResend(r *http.Request) error {
	_, err := s.sumsubWebhooks.Resend(r.PathValue("delivery_id"))
	return err
}

func (s *Sandbox) showSumsubWebhookOptions(*http.Request) (any, error) {
	return s.sumsubWebhooks.Options(), nil
}

func (s *Sandbox) changeSumsubWebhookOptions(r *http.Request) (any, error) {
	var given members
	if err := read(r, &given); err != nil {
		return nil, err
	}
	s.changing.Lock()
	defer s.changing.Unlock()
	o, err := changed(s.sumsubWebhooks.Options(), given)
	if err != nil {
		return nil, err
	}
	if err := s.sumsubWebhooks.SetOptions(o); err != nil {
		return nil, err
	}
	return s.sumsubWebhooks.Options(), nil
}

// pressSumsubWebhookOptions changes the options. A secret that is left empty stays as it is, since the page does not
// show it.
func (s *Sandbox) pressSumsubWebhookOptions(r *http.Request) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	o := s.sumsubWebhooks.Options()
	secret := o.Secret
	if err := fill(r, &o); err != nil {
		return err
	}
	if o.Secret == "" && r.FormValue("no_secret") == "" {
		o.Secret = secret
	}
	return s.sumsubWebhooks.SetOptions(o)
}
