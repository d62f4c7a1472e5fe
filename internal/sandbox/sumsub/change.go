package sumsub

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"strings"

	"portal/internal/sandbox/effects"
)

// infoFields are the fields of an applicant's data that are texts.
var infoFields = []string{
	"firstName", "lastName", "middleName", "firstNameEn", "lastNameEn", "middleNameEn", "legalName", "gender", "dob",
	"placeOfBirth", "countryOfBirth", "stateOfBirth", "country", "nationality", "tin", "taxResidenceCountry",
}

var (
	alpha3 = regexp.MustCompile(`^[A-Z]{3}$`)
	day    = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
)

// forms are the fields that are not just any text.
var forms = map[string]*regexp.Regexp{
	"dob": day, "country": alpha3, "nationality": alpha3, "countryOfBirth": alpha3, "gender": regexp.MustCompile(`^[MFX]$`),
}

// checkInfo makes sure that data has the documented form. Fields that are not known are ignored.
func checkInfo(info map[string]any) error {
	for _, name := range infoFields {
		value, given := info[name]
		if !given || value == nil {
			continue
		}
		text, ok := value.(string)
		if form := forms[name]; !ok || text != "" && form != nil && !form.MatchString(text) {
			return invalid("%s does not have the documented form", name)
		}
	}
	addresses, given := info["addresses"]
	if given && addresses != nil {
		return checkAddresses(addresses)
	}
	return nil
}

func checkAddresses(addresses any) error {
	list, ok := addresses.([]any)
	if !ok {
		return invalid("addresses must be a list")
	}
	for _, item := range list {
		address, ok := item.(map[string]any)
		country, _ := address["country"].(string)
		if !ok || country != "" && !alpha3.MatchString(country) {
			return invalid("addresses do not have the documented form")
		}
	}
	return nil
}

// changeFixedInfo answers PATCH /resources/applicants/{id}/fixedInfo. The fields are at the root.
func (p *Provider) changeFixedInfo(r *http.Request, a *applicant) (answer, error) {
	var given map[string]any
	if err := readJSON(r, &given); err != nil {
		return answer{}, err
	}
	if err := p.changeData(a, given); err != nil {
		return answer{}, err
	}
	return answer{body: a.FixedInfo}, nil
}

// changeData takes data in, field by field; null takes a field out.
func (p *Provider) changeData(a *applicant, given map[string]any) error {
	if err := a.changeable(); err != nil {
		return err
	}
	if err := checkInfo(given); err != nil {
		return err
	}
	merge(a.FixedInfo, given)
	p.changed(a)
	return nil
}

// merge puts new values in the place of old ones.
func merge(into, given map[string]any) {
	maps.Copy(into, given)
	maps.DeleteFunc(into, func(_ string, value any) bool { return value == nil })
}

// changed takes note that the applicant's own data is not what it was. What was said of it counts no more.
func (p *Provider) changed(a *applicant) {
	if a.Steps[dataStep].rejected() {
		delete(a.Steps, dataStep)
	}
	p.record(effects.ApplicantUpdate, a.ID, a)
	p.notify("applicantPersonalInfoChanged", a)
}

// changeInfo answers PATCH /resources/applicants/{id}/info, which is about what Sumsub has read in the documents.
func (p *Provider) changeInfo(r *http.Request, a *applicant) (answer, error) {
	given := map[string]any{}
	if r.ContentLength != 0 {
		if err := readJSON(r, &given); err != nil {
			return answer{}, err
		}
	}
	if err := checkInfo(given); err != nil {
		return answer{}, err
	}
	merge(a.Info, given)
	for name := range strings.SplitSeq(r.URL.Query().Get("unsetFields"), ",") {
		delete(a.Info, name)
	}
	p.record(effects.ApplicantUpdate, a.ID, a)
	p.notify("applicantPersonalInfoChanged", a)
	return answer{body: a.Info}, nil
}

// topLevel is the body of the call that changes an applicant's top level. What is not given stays.
type topLevel struct {
	ID             string          `json:"id"`
	ExternalUserID *string         `json:"externalUserId"`
	Email          *string         `json:"email"`
	Phone          *string         `json:"phone"`
	SourceKey      *string         `json:"sourceKey"`
	Lang           *string         `json:"lang"`
	Metadata       json.RawMessage `json:"metadata"`
	Questionnaires json.RawMessage `json:"questionnaires"`
	Deleted        *bool           `json:"deleted"`
}

// changeTopLevel answers PATCH /resources/applicants.
func (p *Provider) changeTopLevel(r *http.Request) (answer, error) {
	var t topLevel
	if err := readJSON(r, &t); err != nil {
		return answer{}, err
	}
	a, err := p.named(t.ID)
	if err != nil {
		return answer{}, err
	}
	if t.ExternalUserID != nil {
		if err := p.rename(a, *t.ExternalUserID); err != nil {
			return answer{}, err
		}
	}
	for field, value := range map[*string]*string{&a.Email: t.Email, &a.Phone: t.Phone, &a.SourceKey: t.SourceKey, &a.Lang: t.Lang} {
		if value != nil {
			*field = *value
		}
	}
	if t.Metadata != nil {
		a.Metadata = t.Metadata
	}
	if t.Questionnaires != nil {
		a.Questionnaires = t.Questionnaires
	}
	p.changed(a)
	if t.Deleted != nil && *t.Deleted != a.Deleted {
		p.setDeleted(a, *t.Deleted)
	}
	return answer{body: p.view(a)}, nil
}

// rename gives an applicant another identifier of the company's.
func (p *Provider) rename(a *applicant, external string) error {
	there := p.index.externals[external]
	if external == "" {
		return invalid("externalUserId must not be empty")
	}
	if there != nil && there != a {
		return plain(http.StatusConflict, "Applicant with external user id '%s' already exists: %s", external, there.ID)
	}
	delete(p.index.externals, a.ExternalUserID)
	a.ExternalUserID = external
	p.index.externals[external] = a
	return nil
}

// setData takes in what the applicant says in a form, by the names of the level's fields.
func (p *Provider) setData(a *applicant, data map[string]string) error {
	if err := a.open(); err != nil {
		return err
	}
	fixed, address := map[string]any{}, maps.Clone(a.address())
	for name, value := range data {
		if part, ok := strings.CutPrefix(name, "address."); ok {
			if address == nil {
				address = map[string]any{}
			}
			address[part] = value
			fixed["addresses"] = []any{address}
		} else if name != "email" && name != "phone" {
			fixed[name] = value
		}
	}
	if err := checkInfo(fixed); err != nil {
		return err
	}
	if email, ok := data["email"]; ok {
		a.Email = email
	}
	if phone, ok := data["phone"]; ok {
		a.Phone = phone
	}
	merge(a.FixedInfo, fixed)
	p.changed(a)
	return nil
}

// changeable says whether data about the applicant is still taken.
func (a *applicant) changeable() error {
	if a.Deleted || a.Deactivated {
		return refused(1008, "Applicant %s is marked as inactive or deleted", a.ID)
	}
	return nil
}

// open says whether documents are taken now.
func (a *applicant) open() error {
	if err := a.changeable(); err != nil {
		return err
	}
	if a.refusedForGood() {
		return refused(1009, "Applicant %s has been finally rejected", a.ID)
	}
	if a.busy() {
		return refused(1006, "Applicant %s is being verified, no data can be added", a.ID)
	}
	return nil
}
