package web

import (
	"net/http"

	"portal/internal/onboarding"
)

// resembles says whom an associate resembles that was to be entered, by their ids.
type resembles struct {
	Same      []string `json:"same"`
	Elsewhere []string `json:"elsewhere"`
	Above     []string `json:"above"`
}

// ownCompany stands for the registration's company among the ids of associates.
const ownCompany = "registration"

const resemblesDetail = "It resembles who is there already. If it is one of same, send it again with same_as naming that id, which gets the roles as well. " +
	"If it is another, or one of elsewhere who is behind this company, too, send it again with an id of your making and distinct. " +
	"One of above is a company that has this one behind it: enter it only where it really is another."

// newResemblance asks the caller whether it is somebody who is there already.
func newResemblance(like *onboarding.Resemblance) apiProblem {
	return apiProblem{status: http.StatusConflict, kind: resemblesAssociate, detail: resemblesDetail, resembles: &resembles{
		Same: associateIDs(like.Same), Elsewhere: associateIDs(like.Elsewhere), Above: associateIDs(like.Above),
	}}
}

func associateIDs(ids []onboarding.AssociateID) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		if list[i] = id.String(); id.IsZero() {
			list[i] = ownCompany
		}
	}
	return list
}
