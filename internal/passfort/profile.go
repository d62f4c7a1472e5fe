package passfort

import (
	"context"
	"encoding/json"
	"regexp"

	"portal/internal/onboarding"
)

// Compile-time proof that the domain can use the client.
var _ onboarding.Provider = (*Client)(nil)

// profileID is what an id must look like to stand in an address; PassFort's are UUIDs.
var profileID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)

type newProfile struct {
	Role          onboarding.Role  `json:"role"`
	CollectedData newData          `json:"collected_data"`
	Applications  []newApplication `json:"applications,omitempty"`
}

type newData struct {
	EntityType  onboarding.EntityType `json:"entity_type"`
	CustomerRef string                `json:"customer_ref"`
	Person      newPerson             `json:"personal_details,omitzero"`
	Contact     newContact            `json:"contact_details,omitzero"`
	Company     newMetadata           `json:"metadata,omitzero"`
}

type newApplication struct {
	Product alias `json:"product"`
}

// alias names a thing that staff have configured.
type alias struct {
	Alias string `json:"alias"`
}

// entityTypes says what kind of entity a role stands for.
var entityTypes = map[onboarding.Role]onboarding.EntityType{
	onboarding.IndividualCustomer:   onboarding.Individual,
	onboarding.CompanyCustomer:      onboarding.Company,
	onboarding.IndividualAssociated: onboarding.Individual,
	onboarding.CompanyAssociated:    onboarding.Company,
}

// CreateProfile creates a profile with nothing in it but the stub's facts.
func (c *Client) CreateProfile(ctx context.Context, p onboarding.StubProfile) (onboarding.ProfileID, error) {
	body := newProfile{
		Role:          p.Role,
		CollectedData: dataOf(p),
	}
	if p.Product != "" {
		body.Applications = []newApplication{{Product: alias{p.Product}}}
	}
	var id onboarding.ProfileID
	err := c.do(ctx, call{endpoint: createProfile, body: body, personal: !p.Facts.Empty()}, func(answer reply) (err error) {
		id, err = decodeProfile(answer.body)
		return err
	})
	return id, err
}

// decodeProfile reads the id of a created profile.
func decodeProfile(body []byte) (onboarding.ProfileID, error) {
	var profile struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(body, &profile) != nil {
		return "", errNoJSON
	}
	if !profileID.MatchString(profile.ID) {
		return "", errNoID
	}
	return onboarding.ProfileID(profile.ID), nil
}

// CustomerRef reads the reference that a profile was created with; empty where it has none. NotFound means that there
// is no such profile.
func (c *Client) CustomerRef(ctx context.Context, id onboarding.ProfileID) (string, error) {
	var ref string
	err := c.do(ctx, call{endpoint: readData, id: id}, func(answer reply) (err error) {
		ref, err = decodeCustomerRef(answer.body)
		return err
	})
	return ref, err
}

// decodeCustomerRef reads the reference in collected data; a profile need not have one. What has no entity type is no
// collected data, and then the lack of a reference means nothing.
func decodeCustomerRef(body []byte) (string, error) {
	var data struct {
		EntityType  string `json:"entity_type"`
		CustomerRef string `json:"customer_ref"`
	}
	if json.Unmarshal(body, &data) != nil || data.EntityType == "" {
		return "", errNoJSON
	}
	return data.CustomerRef, nil
}
