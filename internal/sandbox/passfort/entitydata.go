package passfort

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// The two kinds of entity.
const (
	individual = "INDIVIDUAL"
	company    = "COMPANY"
)

// entityData is collected data as it came: members the sandbox does not know are kept. A stored value is never changed.
type entityData map[string]any

// maxNesting is how deep collected data may be nested. What is deeper could be stored, but not be read by everybody.
const maxNesting = 100

// parseEntityData reads collected data and checks it against the kind of entity it is for.
func parseEntityData(raw []byte, entityType string) (entityData, error) {
	data, err := parseObject(raw)
	if err != nil {
		return nil, err
	}
	var known knownData
	if err := unmarshal(raw, &known); err != nil {
		return nil, err
	}
	return data, checkEntityData(data, known, entityType)
}

// parseObject reads a JSON object with its numbers as they are written.
func parseObject(raw []byte) (entityData, error) {
	var data entityData
	if err := json.Unmarshal(raw, &data); err != nil || data == nil {
		return nil, invalid("the body must be a JSON object")
	}
	if nesting(map[string]any(data)) > maxNesting {
		return nil, invalid("the body must not be nested deeper than %d levels", maxNesting)
	}
	return data, nil
}

// nesting is how many objects and lists are inside each other, at the deepest place.
func nesting(v any) int {
	deepest := -1
	switch v := v.(type) {
	case map[string]any:
		deepest = 0
		for _, member := range v {
			deepest = max(deepest, nesting(member))
		}
	case []any:
		deepest = 0
		for _, item := range v {
			deepest = max(deepest, nesting(item))
		}
	}
	return deepest + 1
}

// UnmarshalJSON keeps numbers as they are written.
func (d *entityData) UnmarshalJSON(raw []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	return decoder.Decode((*map[string]any)(d))
}

// checkEntityData says what is wrong with collected data whose members have the right types.
func checkEntityData(data entityData, known knownData, entityType string) error {
	switch got := data["entity_type"]; got {
	case nil:
		return missing("entity_type is required in collected data")
	case entityType:
	case individual, company:
		return invalid("entity_type is %s, but must be %s here", got, entityType)
	default:
		return invalid("entity_type must be INDIVIDUAL or COMPANY")
	}
	if err := checkPerson(known.PersonalDetails); err != nil {
		return err
	}
	if m := known.Metadata; m != nil && m.CountryOfIncorporation != nil && !isCountry(*m.CountryOfIncorporation) {
		return invalid("metadata.country_of_incorporation must be an ISO 3166 alpha-3 code")
	}
	for i, d := range known.Documents {
		if err := d.check(); err != nil {
			return missing("documents[%d]: %s", i, err)
		}
	}
	if o := known.OwnershipStructure; o != nil {
		for i, class := range o.ShareClasses {
			if class.Name == "" {
				return missing("ownership_structure.share_classes[%d].name is required", i)
			}
		}
	}
	return nil
}

func checkPerson(person *knownPerson) error {
	switch {
	case person == nil:
		return nil
	case person.DOB != nil && !isPartialDate(*person.DOB):
		return invalid("personal_details.dob must be YYYY, YYYY-MM or YYYY-MM-DD")
	case person.Gender != nil && *person.Gender != "M" && *person.Gender != "F":
		return invalid("personal_details.gender must be M or F, or be left out")
	case person.Nationality != nil && !isNationality(*person.Nationality):
		return invalid("personal_details.nationality must be an ICAO code, such as an ISO 3166 alpha-3 code")
	}
	return nil
}

// check says which of a document's required members are missing.
func (d knownDocument) check() error {
	if d.Category == "" || d.DocumentType == "" || d.Images == nil {
		return missing("category, document_type and images are required")
	}
	return nil
}

// isPartialDate says whether a text is YYYY, YYYY-MM or YYYY-MM-DD.
func isPartialDate(text string) bool {
	return slices.ContainsFunc([]string{"2006", "2006-01", "2006-01-02"}, func(layout string) bool {
		_, err := time.Parse(layout, text)
		return err == nil
	})
}

func (d entityData) entityType() string { return d.text("entity_type") }

// displayName is the name of the person or the company, empty if there is none.
func (d entityData) displayName() string {
	if d.entityType() == company {
		return d.text("metadata", "name")
	}
	return fullName(d.at("personal_details", "name"))
}

// fullName joins the parts of a person's name.
func fullName(name any) string {
	parts, _ := name.(map[string]any)
	n := entityData(parts)
	return strings.TrimSpace(strings.Join(append(n.texts("given_names"), n.text("family_name")), " "))
}

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

// remove takes the member at the end of a path away.
func (d entityData) remove(path ...string) {
	if object, ok := d.at(path[:len(path)-1]...).(map[string]any); ok {
		delete(object, path[len(path)-1])
	}
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
