package passfort

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

// API adds the addresses of the API 4.0, each with its full path.
func (p *Provider) API(r chi.Router) {
	profiles := p.limited(func(l *limits) *quota { return &l.Profiles })
	collectedData := p.limited(func(l *limits) *quota { return &l.CollectedData })
	r.Group(func(r chi.Router) {
		r.Use(p.requireKey)
		r.Get("/4.0/whoami", p.api(p.whoami))
		r.Get("/4.0/search/companies", p.api(p.searchCompanies))
		r.Get("/4.0/tags/search/{term}", p.api(p.searchTags))
		r.Get("/4.0/profiles", p.api(p.listProfiles))
		r.With(profiles).Post("/4.0/profiles", p.api(p.createProfile))

		const one = "/4.0/profiles/{profile_id}"
		r.Get(one, p.profileCall(p.showProfile))
		r.Get(one+"/status", p.profileCall(p.showStatus))
		r.Post(one+"/status", p.profileCall(p.changeStatus))
		r.Get(one+"/collected_data", p.profileCall(p.showCollectedData))
		r.With(collectedData).Post(one+"/collected_data", p.profileCall(p.replaceCollectedData))
		r.Post(one+"/collected_data/documents", p.profileCall(p.addDocument))
		r.Get(one+"/document_images", p.profileCall(p.listImages))
		r.Get(one+"/document_images/{document_image_id}", p.profileCall(p.showImage))
		r.Get(one+"/applications", p.profileCall(p.listApplications))
		r.Post(one+"/applications", p.profileCall(p.addApplication))
		r.Get(one+"/applications/{application_id}", p.profileCall(p.showApplication))
		r.Post(one+"/applications/{application_id}", p.profileCall(p.changeApplication))
		r.Post(one+"/applications/{application_id}/revert_decision", p.profileCall(p.revertDecision))
		r.Get(one+"/tasks", p.profileCall(p.listTasks))
		r.Post(one+"/tasks", p.profileCall(p.createTask))
		r.Get(one+"/tasks/{task_id}", p.profileCall(p.showTask))
		r.Post(one+"/tasks/{task_id}", p.profileCall(p.changeTask))
		r.Get(one+"/checks", p.profileCall(p.listChecks))
		r.Post(one+"/checks", p.profileCall(p.createCheck))
		r.Get(one+"/checks/{check_id}", p.profileCall(p.showCheck))
		r.Post(one+"/tags", p.profileCall(p.addTag))
		r.Delete(one+"/tags/{tag_id}", p.profileCall(p.removeTag))
		r.Get(one+"/collection_steps", p.profileCall(p.listCollectionSteps))
		r.Get(one+"/events", p.profileCall(p.listEvents))
		r.Get(one+"/audit-items", p.profileCall(p.listAudit))

		r.Get("/4.0/forms/profile/{profile_id}/customer_request", p.profileCall(p.showCustomerRequest))
		r.Post("/4.0/forms/profile/{profile_id}/customer_request", p.api(p.createCustomerRequest))
		r.HandleFunc("/4.0/*", p.api(unknownAddress))
	})
}

// Collect adds the calls behind the collection front.
func (p *Provider) Collect(r chi.Router) {
	const one = "/collect/api/requests/{request_id}"
	r.Get(one, p.form(p.showForm))
	r.Put(one+"/forms/{form_id}/draft", p.answered(p.keepDraft))
	r.Post(one+"/forms/{form_id}", p.answered(p.submitForm))
	r.Put(one+"/forms/{form_id}/documents/{question}/{element}", p.form(p.savePicture))
	r.Post(one+"/finish", p.form(p.finishForm))
}

func unknownAddress(r *http.Request) (answer, error) {
	return answer{}, notFound(r.Method + " " + r.URL.Path)
}
