package passfort

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

// API adds the addresses of the API 4.0, each with its full path.
func (p *Provider) API(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(p.requireKey)
		r.Get("/4.0/whoami", p.api(p.whoami))
		r.Get("/4.0/profiles", p.api(p.listProfiles))
		r.Post("/4.0/profiles", p.api(p.createProfile))
		r.Get("/4.0/profiles/{profile_id}", p.api(p.showProfile))
		r.Get("/4.0/profiles/{profile_id}/collected_data", p.api(p.showCollectedData))
		r.Post("/4.0/profiles/{profile_id}/collected_data", p.api(p.replaceCollectedData))
		r.Get("/4.0/forms/profile/{profile_id}/customer_request", p.api(p.showCustomerRequest))
		r.Post("/4.0/forms/profile/{profile_id}/customer_request", p.api(p.createCustomerRequest))
		r.HandleFunc("/4.0/*", p.api(unknownAddress))
	})
}

// Front adds the addresses of the collection front.
func (p *Provider) Front(r chi.Router) {
	r.Get("/embed.js", serveEmbed)
	r.Get("/collect", serveFrame)
	r.Get("/collect/{file}", serveFrameFile)
	r.Get("/collect/api/requests/{request_id}", p.form(p.showForm))
	r.Post("/collect/api/requests/{request_id}/sections/{section_id}", p.form(p.saveSection))
	r.Put("/collect/api/requests/{request_id}/photo", p.form(p.savePhoto))
	r.Post("/collect/api/requests/{request_id}/finish", p.form(p.finishForm))
}

func unknownAddress(*http.Request) (answer, error) {
	return answer{}, notFound("address")
}
