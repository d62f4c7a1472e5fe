package sumsub

import (
	"context"
	"errors"
	"maps"
	"net/url"
	"strings"

	"portal/internal/onboarding"
)

// Compile-time proof that the domain can use the client.
var _ onboarding.Verifier = (*Client)(nil)

// newApplicant is an applicant as it is created. What is empty is left out.
type newApplicant struct {
	Reference string  `json:"externalUserId"`
	Type      string  `json:"type"`
	Email     string  `json:"email,omitempty"`
	Language  string  `json:"lang,omitempty"`
	Info      newInfo `json:"fixedInfo,omitzero"`
}

// newInfo is what is known of a person or a company.
type newInfo struct {
	FirstName string     `json:"firstName,omitempty"`
	LastName  string     `json:"lastName,omitempty"`
	Company   newCompany `json:"companyInfo,omitzero"`
}

type newCompany struct {
	Name    string `json:"companyName"`
	Number  string `json:"registrationNumber,omitempty"`
	Country string `json:"country"`
}

// CreateApplicant creates the applicant, or brings the one of that reference up to date, which Sumsub does not do itself.
func (c *Client) CreateApplicant(ctx context.Context, a onboarding.NewApplicant) (onboarding.ProfileID, error) {
	id, err := c.create(ctx, a)
	if onboarding.KindOf(err) != onboarding.Conflict {
		return id, err
	}
	id, unfound := c.FindApplicant(ctx, a.Reference)
	if onboarding.KindOf(unfound) == onboarding.NotFound { // deleted, or created with another app token
		return "", err
	}
	if unfound != nil {
		return "", unfound
	}
	err = c.renew(ctx, id, a)
	switch onboarding.KindOf(err) {
	case onboarding.Busy, onboarding.Unanswered: // it is worth another try
		return "", err
	}
	return id, nil // whatever is not taken of the data, the applicant is there
}

func (c *Client) create(ctx context.Context, a onboarding.NewApplicant) (id onboarding.ProfileID, err error) {
	body, err := jsonPayload(newApplicant{
		Reference: a.Reference, Type: typeOf(a), Email: a.Facts.Email, Language: a.Language, Info: infoOf(a),
	})
	if err != nil {
		return "", createApplicant.failed(onboarding.Invalid, err)
	}
	k := call{endpoint: createApplicant, query: url.Values{"levelName": {a.Level}}, body: body}
	err = c.do(ctx, k, func(answer reply) (err error) {
		id, err = decodeCreated(answer.body)
		return err
	})
	return id, err
}

// renew gives an applicant what is known now. Of a company that is only what can be changed so: the rest must not be (docs.sumsub.com,
// "Change provided information").
func (c *Client) renew(ctx context.Context, id onboarding.ProfileID, a onboarding.NewApplicant) error {
	info := infoOf(a)
	known := onboarding.ApplicantData{"email": a.Facts.Email, "lang": a.Language, "firstName": info.FirstName, "lastName": info.LastName}
	maps.DeleteFunc(known, func(_, value string) bool { return value == "" })
	return c.SetData(ctx, id, known)
}

func typeOf(a onboarding.NewApplicant) string {
	if a.Company {
		return "company"
	}
	return "individual"
}

// infoOf is what is known of an applicant, in the form that docs.sumsub.com, "Auto KYB API examples", has for companies. Its
// name and country are required there.
func infoOf(a onboarding.NewApplicant) newInfo {
	f := a.Facts
	switch {
	case !a.Company:
		return newInfo{FirstName: strings.Join(f.GivenNames, " "), LastName: f.FamilyName}
	case f.Name != "" && f.Country != "":
		return newInfo{Company: newCompany{Name: f.Name, Number: f.Number, Country: f.Country}}
	default:
		return newInfo{}
	}
}

// decodeCreated reads the id of a created applicant.
func decodeCreated(body []byte) (onboarding.ProfileID, error) {
	var created struct {
		ID text `json:"id"`
	}
	if err := decodeObject(body, &created); err != nil {
		return "", err
	}
	if !idForm.MatchString(string(created.ID)) {
		return "", errNoID
	}
	return onboarding.ProfileID(created.ID), nil
}

var errOther = errors.New("the answer is about another applicant")

// FindApplicant returns the applicant of a reference; NotFound where there is none.
func (c *Client) FindApplicant(ctx context.Context, reference string) (id onboarding.ProfileID, err error) {
	err = c.do(ctx, call{endpoint: findApplicant, names: []string{reference}}, func(answer reply) error {
		a, err := decodeApplicant(answer.body)
		if err == nil && string(a.Reference) != reference {
			err = errOther
		}
		id = onboarding.ProfileID(a.ID)
		return err
	})
	if err != nil {
		return "", err
	}
	return id, nil
}

// Reference reads the reference of an applicant.
func (c *Client) Reference(ctx context.Context, id onboarding.ProfileID) (string, error) {
	a, err := c.applicant(ctx, id)
	return string(a.Reference), err
}

// applicant reads all that is known of an applicant.
func (c *Client) applicant(ctx context.Context, id onboarding.ProfileID) (a applicant, err error) {
	err = c.do(ctx, call{endpoint: readApplicant, names: []string{string(id)}}, func(answer reply) (err error) {
		a, err = decodeApplicant(answer.body)
		if err == nil && string(a.ID) != string(id) {
			err = errOther
		}
		return err
	})
	return a, err
}
