package sandbox

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

// routes is every address of the sandbox; those of PassFort are in its own package.
func (s *Sandbox) routes() http.Handler {
	r := chi.NewRouter()
	r.Use(s.logCall)
	r.Group(func(r chi.Router) { // PassFort's API, which faults may strike
		r.Use(s.faults.Middleware)
		s.passfort.API(r)
	})
	s.passfort.Front(r)

	r.Group(func(r chi.Router) { // for scripts
		r.Use(http.NewCrossOriginProtection().Handler)
		r.Get("/_sandbox/mail", s.json(s.listMail))
		r.Get("/_sandbox/effects", s.json(s.listEffects))
		r.Get("/_sandbox/faults", s.json(s.listFaults))
		r.Post("/_sandbox/faults", s.json(s.addFault))
		r.Delete("/_sandbox/faults", s.json(s.clearFaults))
		r.Get("/_sandbox/passfort/options", s.json(s.showOptions))
		r.Patch("/_sandbox/passfort/options", s.json(s.changeOptions))
		r.Post("/_sandbox/passfort/requests", s.json(s.inviteCustomer))
		r.Post("/_sandbox/passfort/requests/{request_id}/state", s.json(s.setState))
		r.Post("/_sandbox/passfort/requests/{request_id}/email", s.json(s.emailRequest))
		r.Post("/_sandbox/clock", s.json(s.advanceClock))
		r.Post("/_sandbox/reset", s.json(s.resetAll))
	})
	r.Group(func(r chi.Router) { // for people
		r.Use(http.NewCrossOriginProtection().Handler)
		r.Get("/", s.page(s.showStart))
		r.Get("/mail", s.page(s.showMail))
		r.Get("/mail/{id}", s.page(s.showMessage))
		r.Get("/mail/{id}/html", s.showMessageHTML)
		r.Get("/company/thanks", s.page(s.showThanks))
		r.Get("/favicon.ico", noIcon)
		r.Get("/style.css", serveStyle)
		r.Get("/company/style.css", serveStyle)
		r.Post("/staff/requests", s.form(s.pressInvite))
		r.Post("/staff/requests/{request_id}/state", s.form(s.pressState))
		r.Post("/staff/requests/{request_id}/email", s.form(s.pressEmail))
	})
	return r
}
