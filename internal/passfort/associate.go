package passfort

import (
	"context"

	"portal/internal/onboarding"
)

// Compile-time proof that the domain can use the client.
var _ onboarding.AssociateProfiles = (*Client)(nil)

// CreateAssociate creates the profile of an associate with what is known of it. No application is asked for: PassFort adds
// one for each role once the associate is in its company's collected data and on the verification lists.
func (c *Client) CreateAssociate(ctx context.Context, p onboarding.AssociateProfile) (onboarding.ProfileID, error) {
	k := call{
		endpoint: createProfile, personal: true,
		body: newProfile{Role: associatedRole(p.Details.EntityType), CollectedData: associateData(p)},
	}
	var id onboarding.ProfileID
	err := c.do(ctx, k, func(answer reply) (err error) {
		id, err = decodeProfile(answer.body)
		return err
	})
	return id, err
}

func associatedRole(t onboarding.EntityType) onboarding.Role {
	if t == onboarding.Company {
		return onboarding.CompanyAssociated
	}
	return onboarding.IndividualAssociated
}

// associateData is the collected data of an associate's new profile.
func associateData(p onboarding.AssociateProfile) newData {
	d := p.Details
	data := newData{EntityType: d.EntityType, CustomerRef: p.CustomerRef}
	if d.EntityType == onboarding.Company {
		data.Company = newMetadata{Name: d.Name, Number: d.Number, Country: spelled(d.Country)}
		return data
	}
	data.Person = newPerson{newName{nilIfEmpty(d.GivenNames), d.FamilyName}, d.DateOfBirth, spelled(d.Nationality)}
	data.Contact = newContact{d.Email}
	return data
}
