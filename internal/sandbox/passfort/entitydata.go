package passfort

import (
	"bytes"
	"encoding/json"
	"regexp"
)

// The two kinds of entity.
const (
	individual = "INDIVIDUAL"
	company    = "COMPANY"
)

// entityData is collected data as it came: members the sandbox does not know are kept. A stored value is never changed.
type entityData map[string]any

// partialDate is YYYY, YYYY-MM or YYYY-MM-DD.
var partialDate = regexp.MustCompile(`^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$`)

// knownData has the types of the members the sandbox itself understands; it serves to check them.
type knownData struct {
	CustomerRef     *string `json:"customer_ref"`
	PersonalDetails *struct {
		Name *struct {
			GivenNames []string `json:"given_names"`
			FamilyName *string  `json:"family_name"`
		} `json:"name"`
		DOB *string `json:"dob"`
	} `json:"personal_details"`
	ContactDetails *struct {
		Email       *string `json:"email"`
		PhoneNumber *string `json:"phone_number"`
	} `json:"contact_details"`
	Metadata *struct {
		Name                   *string `json:"name"`
		Number                 *string `json:"number"`
		CountryOfIncorporation *string `json:"country_of_incorporation"`
	} `json:"metadata"`
	Officers           map[string]any   `json:"officers"`
	OwnershipStructure map[string]any   `json:"ownership_structure"`
	AuthorizedPersons  []map[string]any `json:"authorized_persons"`
	Documents          []map[string]any `json:"documents"`
}

// parseEntityData reads collected data and checks it against the kind of entity it is for.
func parseEntityData(raw []byte, entityType string) (entityData, error) {
	var known knownData
	if err := unmarshal(raw, &known); err != nil {
		return nil, err
	}
	var data entityData
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(&data); err != nil || data == nil {
		return nil, invalid("collected data must be a JSON object")
	}
	return data, checkEntityData(data, known, entityType)
}

func checkEntityData(data entityData, known knownData, entityType string) error {
	switch got := data["entity_type"]; got {
	case nil:
		return missing("collected_data.entity_type is required")
	case entityType:
	case individual, company:
		return invalid("collected_data.entity_type is %s, but the profile is for a %s", got, entityType)
	default:
		return invalid("collected_data.entity_type must be INDIVIDUAL or COMPANY")
	}
	if d := known.PersonalDetails; d != nil && d.DOB != nil && !partialDate.MatchString(*d.DOB) {
		return invalid("personal_details.dob must be YYYY, YYYY-MM or YYYY-MM-DD")
	}
	return nil
}

func (d entityData) entityType() string { return d.text("entity_type") }

// at walks down a path of members; nil if there is nothing at its end.
func (d entityData) at(path ...string) any {
	var here any = map[string]any(d)
	for _, name := range path {
		object, ok := here.(map[string]any)
		if !ok {
			return nil
		}
		here = object[name]
	}
	return here
}

// text is the text at the end of a path, empty if there is none.
func (d entityData) text(path ...string) string {
	s, _ := d.at(path...).(string)
	return s
}

// texts is the list of texts at the end of a path.
func (d entityData) texts(path ...string) []string {
	list, _ := d.at(path...).([]any)
	var found []string
	for _, item := range list {
		if s, ok := item.(string); ok {
			found = append(found, s)
		}
	}
	return found
}

// list is the list at the end of a path.
func (d entityData) list(path ...string) []any {
	list, _ := d.at(path...).([]any)
	return list
}

// set puts a value at the end of a path, making the objects on the way.
func (d entityData) set(value any, path ...string) {
	here := map[string]any(d)
	for _, name := range path[:len(path)-1] {
		next, ok := here[name].(map[string]any)
		if !ok {
			next = map[string]any{}
			here[name] = next
		}
		here = next
	}
	here[path[len(path)-1]] = value
}

// clone is a deep copy, to be changed and then stored in the original's place.
func (d entityData) clone() entityData {
	return entityData(cloneValue(map[string]any(d)).(map[string]any))
}

func cloneValue(v any) any {
	switch v := v.(type) {
	case map[string]any:
		c := make(map[string]any, len(v))
		for name, member := range v {
			c[name] = cloneValue(member)
		}
		return c
	case []any:
		c := make([]any, len(v))
		for i, item := range v {
			c[i] = cloneValue(item)
		}
		return c
	default:
		return v
	}
}

// hasAssociates says whether anybody is listed as belonging to the company.
func (d entityData) hasAssociates() bool {
	for _, group := range []string{"officers", "ownership_structure"} {
		members, _ := d[group].(map[string]any)
		for name := range members {
			if name != "share_classes" && len(d.list(group, name)) > 0 {
				return true
			}
		}
	}
	return len(d.list("authorized_persons")) > 0
}
