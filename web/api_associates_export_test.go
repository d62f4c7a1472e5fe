package web

import "portal/internal/onboarding"

// ReadAssociate reads the body of a request to enter an associate, and says how many things are wrong with its form.
func ReadAssociate(body []byte) (n onboarding.NewAssociate, wrong int, err error) {
	var f faults
	q, err := f.associateRequest(body)
	return q.NewAssociate, len(f), err
}

// AssociateDetail is what programs are told under a key of the domain.
func AssociateDetail(key string) string { return associateDetails[key] }
