package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/google/uuid"

	"portal/internal/onboarding"
)

// associateRequest is an associate as the company's back end enters it.
type associateRequest struct {
	flow     string
	caseName *string // nil where none is named
	named    bool    // the caller has given it an id
	onboarding.NewAssociate
}

// associateRequest reads the body of a request to enter an associate. Members that are not known are faults, as those of a
// request for a link are. The error means that it is no JSON.
func (f *faults) associateRequest(body []byte) (q associateRequest, err error) {
	if !utf8.Valid(body) || !json.Valid(body) {
		return q, errNotJSON
	}
	var id, parent, sameAs string
	var roles []string
	var holdings []json.RawMessage
	d := &q.Details
	f.members(body, "", map[string]any{
		"flow": &q.flow, "case": &q.caseName, "id": &id, "parent": &parent, "distinct": &q.Distinct, "same_as": &sameAs,
		"entity_type": &d.EntityType, "roles": &roles, "given_names": &d.GivenNames, "family_name": &d.FamilyName,
		"date_of_birth": &d.DateOfBirth, "email": &d.Email, "nationality": &d.Nationality, "name": &d.Name, "number": &d.Number,
		"country_of_incorporation": &d.Country, "shareholdings": &holdings, "appointed_on": &d.AppointedOn,
		"resigned_on": &d.ResignedOn, "authorized_from": &d.AuthorizedFrom, "authorized_to": &d.AuthorizedTo,
	})
	q.ID, q.Parent, q.SameAs = f.associateID("/id", id), f.associateID("/parent", parent), f.associateID("/same_as", sameAs)
	q.named, q.Source, q.Submit = id != "", onboarding.SourceAPI, true
	for _, role := range roles {
		d.Roles = append(d.Roles, onboarding.AssociatedRole(role))
	}
	d.Shareholdings = f.shareholdings(holdings)
	f.answers(q)
	return q, nil
}

// answers notes what does not go together of the answers to a resemblance.
func (f *faults) answers(q associateRequest) {
	switch {
	case q.Distinct && !q.named:
		f.add("/id", "must be given together with distinct, so that repeating the call enters nobody twice")
	case q.Distinct && !q.SameAs.IsZero():
		f.add("/same_as", "cannot go together with distinct")
	}
}

// associateID reads an id in its usual spelling; zero where there is none.
func (f *faults) associateID(at, text string) onboarding.AssociateID {
	if text == "" {
		return onboarding.AssociateID{}
	}
	id, err := uuid.Parse(text)
	if err != nil || len(text) != len(uuid.Nil.String()) || id == uuid.Nil {
		f.add(at, "must be a UUID, such as 019b2f6e-9f53-7cc0-8a4a-2f3f7e0d5a11")
	}
	return onboarding.AssociateID(id)
}

// shareholdings reads the objects of a list.
func (f *faults) shareholdings(objects []json.RawMessage) (list []onboarding.Shareholding) {
	for i, object := range objects {
		var class string
		var amount, percentage numeral
		f.members(object, fmt.Sprintf("/shareholdings/%d", i), map[string]any{
			"share_class": &class, "amount": &amount, "percentage": &percentage,
		})
		list = append(list, onboarding.Shareholding{Class: class, Amount: string(amount), Percentage: string(percentage)})
	}
	return list
}

// numeral is a number exactly as it was written, as a number or as a string. The domain says whether it is one.
type numeral string

// UnmarshalJSON implements [json.Unmarshaler].
func (n *numeral) UnmarshalJSON(text []byte) error {
	switch {
	case isNull(text):
		return nil
	case text[0] == '"':
		return json.Unmarshal(text, (*string)(n))
	case text[0] == '-', text[0] >= '0' && text[0] <= '9':
		*n = numeral(text)
		return nil
	}
	return errors.New("not a number")
}
