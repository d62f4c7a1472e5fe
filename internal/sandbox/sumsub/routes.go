package sumsub

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

// anything is what none of the other addresses matches.
const anything = "/resources/*"

// API adds the addresses of the API, each with its full path.
func (p *Provider) API(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(p.limited)
		r.Get("/resources/status/api", p.api(showHealth))
		r.Post("/resources/inspectionCallbacks/testDigest", p.api(testDigest))
		r.Post("/resources/accessTokens", p.api(p.createTokenByQuery))
		r.Post("/resources/accessTokens/sdk", p.api(p.createToken))
		r.Post("/resources/sdkIntegrations/levels/{level}/websdkLink", p.api(p.createLink))
		r.Get("/resources/moderationStates/{id}", p.applicantCall(p.showModeration))
		r.Get("/resources/inspections/{inspection}/resources/{image}", p.inspectionCall(p.showImage))
		r.Delete("/resources/inspections/{inspection}/resources/{image}", p.inspectionCall(p.removeImage))

		r.Post("/resources/applicants", p.api(p.createApplicant))
		r.Patch("/resources/applicants", p.api(p.changeTopLevel))
		r.Get("/resources/applicants/-/levels", p.api(p.listLevels))
		r.Get("/resources/applicants/-/byExternalUserId/{external}", p.api(p.findApplicant))

		const one = "/resources/applicants/{id}"
		r.Get(one+"/one", p.applicantCall(p.showApplicant))
		r.Patch(one+"/fixedInfo", p.applicantCall(p.changeFixedInfo))
		r.Patch(one+"/info", p.applicantCall(p.changeInfo))
		r.Post(one+"/info/idDoc", p.upload)
		r.Get(one+"/requiredIdDocsStatus", p.applicantCall(p.showSteps))
		r.Post(one+"/requiredIdDocs", p.applicantCall(p.changeRequirement))
		r.Get(one+"/metadata/resources", p.applicantCall(p.listImages))
		r.Delete(one+"/resources/{image}", p.applicantCall(p.removeImage))
		r.Post(one+"/resources/{image}/restore", p.applicantCall(p.restoreImage))
		r.Get(one+"/status", p.applicantCall(p.showStatus))
		r.Post(one+"/status/pending", p.applicantCall(p.askForCheck))
		r.Post(one+"/status/testCompleted", p.applicantCall(p.testCompleted))
		r.Post(one+"/reset", p.applicantCall(p.resetApplicant))
		r.Post(one+"/resetStep/{set}", p.applicantCall(p.resetOneStep))
		r.Post(one+"/moveToLevel", p.applicantCall(p.moveToLevel))
		r.Post(one+"/-/approve", p.applicantCall(p.approve))
		r.Post(one+"/-/reject", p.applicantCall(p.reject))
		r.Post(one+"/-/init", p.applicantCall(p.reopen))
		r.Post(one+"/blacklist", p.applicantCall(p.blocklist))
		r.Patch(one+"/presence/{presence}", p.applicantCall(p.changePresence))
		r.HandleFunc(anything, p.api(unknownAddress))
	})
}

// applicantCall answers a call about one applicant, named by id or by one of the matrix parameters.
func (p *Provider) applicantCall(c func(r *http.Request, a *applicant) (answer, error)) http.HandlerFunc {
	return p.api(func(r *http.Request) (answer, error) {
		a, err := p.named(pathValue(r, "id"))
		if err != nil {
			return answer{}, err
		}
		return c(r, a)
	})
}

// inspectionCall answers a call about the images of one applicant.
func (p *Provider) inspectionCall(c func(r *http.Request, a *applicant) (answer, error)) http.HandlerFunc {
	return p.api(func(r *http.Request) (answer, error) {
		a := p.index.inspections[r.PathValue("inspection")]
		if a == nil {
			return answer{}, plain(http.StatusNotFound, "Inspection not found")
		}
		return c(r, a)
	})
}

// named finds the applicant that a part of an address names.
func (p *Provider) named(segment string) (*applicant, error) {
	a := p.index.applicants[segment]
	if external, is := matrix(segment, "externalUserId"); is {
		a = p.index.externals[external]
	} else if id, is := matrix(segment, "applicantId"); is {
		a = p.index.applicants[id]
	}
	if a == nil {
		return nil, plain(http.StatusNotFound, "Applicant not found")
	}
	return a, nil
}

// unknownAddress tells an address that does not exist from a known one with another verb.
func unknownAddress(r *http.Request) (answer, error) {
	routing, path := chi.RouteContext(r.Context()), r.URL.RawPath
	if path == "" {
		path = r.URL.Path
	}
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete} {
		if routing != nil && method != r.Method && routing.Routes.Find(chi.NewRouteContext(), method, path) != anything {
			return answer{}, bare(http.StatusMethodNotAllowed)
		}
	}
	return answer{}, bare(http.StatusNotFound)
}

func showHealth(*http.Request) (answer, error) {
	return answer{body: map[string]string{"status": "ok"}}, nil
}
