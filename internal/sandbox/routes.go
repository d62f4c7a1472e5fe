package sandbox

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

// routes is every address of the sandbox; those of PassFort are in its own packages.
func (s *Sandbox) routes() http.Handler {
	r := chi.NewRouter()
	r.Use(s.logCall)
	r.Use(middleware.GetHead)
	r.NotFound(s.noSuchAddress)
	r.MethodNotAllowed(s.noSuchMethod)
	r.Group(func(r chi.Router) { // PassFort's API and the calls behind the framed forms, which faults may strike
		r.Use(s.calls.Middleware)
		r.Use(s.faults.Middleware)
		s.passfort.API(r)
		s.passfort.Collect(r)
	})
	r.With(s.faults.Middleware).Post("/company/notices", s.receiveNotice)
	s.front.Mount(r)
	r.Group(s.control)
	r.Group(s.pages)
	return r
}

// control is what scripts can do: everything people can, in JSON.
func (s *Sandbox) control(r chi.Router) {
	r.Use(http.NewCrossOriginProtection().Handler)
	r.Get("/_sandbox/mail", s.json(s.listMail))
	r.Get("/_sandbox/effects", s.json(s.listEffects))
	r.Get("/_sandbox/notices", s.json(s.listNotices))
	r.Get("/_sandbox/calls", s.json(s.listCalls))
	r.Get("/_sandbox/calls/{id}", s.json(s.showCall))
	r.Get("/_sandbox/faults", s.json(s.listFaults))
	r.Post("/_sandbox/faults", s.json(s.addFault))
	r.Delete("/_sandbox/faults", s.json(s.clearFaults))
	r.Delete("/_sandbox/faults/{id}", s.json(s.deleteFault))
	r.Post("/_sandbox/webhooks", s.json(s.disturb))
	r.Get("/_sandbox/clock", s.json(s.showClock))
	r.Post("/_sandbox/clock", s.json(s.advanceClock))
	r.Post("/_sandbox/reset", s.json(s.resetAll))
	r.Get("/_sandbox/state", s.json(s.saveState))
	r.Put("/_sandbox/state", jsonUpTo(maxState, s.loadState))

	r.Route("/_sandbox/passfort", func(r chi.Router) {
		r.Get("/options", s.json(s.showOptions))
		r.Patch("/options", s.json(s.changeOptions))
		r.Get("/webhooks", s.json(s.showQueue))
		r.Post("/webhooks/retry", s.json(s.retryQueue))
		r.Get("/webhooks/options", s.json(s.showWebhookOptions))
		r.Patch("/webhooks/options", s.json(s.changeWebhookOptions))
		r.Get("/profiles", s.json(s.listProfiles))
		r.Get("/profiles/{profile_id}", s.json(s.showProfile))
		r.Post("/profiles/{profile_id}/events", s.json(s.raiseEvent))
		r.Delete("/profiles/{profile_id}/events", s.json(s.resolveEvents))
		r.Post("/profiles/{profile_id}/risk", s.json(s.setRisk))
		r.Post("/applications/{application_id}/status", s.json(s.decideApplication))
		r.Post("/tasks/{task_id}/state", s.json(s.setTaskState))
		r.Post("/tasks/{task_id}/request", s.json(s.raiseRequest))
		r.Get("/requests", s.json(s.listRequests))
		r.Post("/requests", s.json(s.inviteCustomer))
		r.Post("/requests/{request_id}/state", s.json(s.setState))
		r.Post("/requests/{request_id}/email", s.json(s.emailRequest))
		r.Post("/forms/{form_id}/decision", s.json(s.decideForm))
	})
}

// pages is what people see and press in the browser. Where a press does something at PassFort its address is that of
// the control call, with /staff in the place of /_sandbox/passfort.
func (s *Sandbox) pages(r chi.Router) {
	r.Use(s.refuseOtherSites)
	r.Get("/", s.page(s.showStart))
	r.Post("/clock", s.form("advanced", s.pressAdvance))
	r.Post("/reset", s.form("reset", s.pressReset))
	r.Post("/state", s.formUpTo(maxState, "loaded", s.pressLoad))
	r.Get("/profiles", s.page(s.showProfiles))
	r.Get("/profiles/{profile_id}", s.page(s.showProfilePage))
	r.Get("/requests", s.page(s.showRequests))
	r.Get("/webhooks", s.page(s.showQueuePage))
	r.Post("/webhooks", s.form("troubled", s.pressTrouble))
	r.Get("/mail", s.page(s.showMail))
	r.Get("/mail/{id}", s.page(s.showMessage))
	r.Get("/mail/{id}/html", s.showMessageHTML)
	r.Get("/faults", s.page(s.showFaults))
	r.Post("/faults", s.form("ordered", s.pressOrderFault))
	r.Post("/faults/preset", s.form("ordered", s.pressPreset))
	r.Post("/faults/clear", s.form("cleared", s.pressClearFaults))
	r.Post("/faults/{id}/delete", s.form("deleted", s.pressDeleteFault))
	r.Get("/calls", s.page(s.showCalls))
	r.Get("/calls/{id}", s.page(s.showCallPage))
	r.Get("/options", s.page(s.showOptionsPage))
	r.Get("/company/thanks", s.page(s.showThanks))
	r.Get("/company/notices", s.page(s.showNotices))
	r.Get("/favicon.ico", noIcon)
	r.Get("/style.css", serveStyle("frame.css"))
	r.Get("/workbench.css", serveStyle("workbench.css"))
	r.Get("/forms.css", serveStyle("forms.css"))
	r.Get("/company/style.css", serveStyle("company.css"))

	r.Post("/staff/options", s.form("changed", s.pressOptions))
	r.Post("/staff/webhooks/options", s.form("changed", s.pressWebhookOptions))
	r.Post("/staff/webhooks/retry", s.form("retried", s.pressRetry))
	r.Post("/staff/profiles/{profile_id}/events", s.form("raised", s.pressRaiseEvent))
	r.Post("/staff/profiles/{profile_id}/events/resolve", s.form("resolved", s.pressResolveEvents))
	r.Post("/staff/profiles/{profile_id}/risk", s.form("risked", s.pressRisk))
	r.Post("/staff/applications/{application_id}/status", s.form("decided", s.pressDecideApplication))
	r.Post("/staff/tasks/{task_id}/state", s.form("ended", s.pressTaskState))
	r.Post("/staff/tasks/{task_id}/request", s.form("emailed", s.pressRaiseRequest))
	r.Post("/staff/requests", s.form("invited", s.pressInvite))
	r.Post("/staff/requests/{request_id}/state", s.form("ended", s.pressState))
	r.Post("/staff/requests/{request_id}/email", s.form("emailed", s.pressEmail))
	r.Post("/staff/forms/{form_id}/decision", s.form("decided", s.pressDecideForm))
}
