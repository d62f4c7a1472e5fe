package sumsub

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strings"

	"portal/internal/onboarding"
)

// addressPrefix marks the fields of an applicant's address, which Sumsub keeps as a list of addresses.
const addressPrefix = "address."

// topFields are the fields that are not part of what is compared with documents.
var topFields = map[string]bool{"email": true, "phone": true, "lang": true}

var fieldForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]{0,63}$`)

var errField = errors.New("not the name of a field")

// SetData stores what the applicant says about themselves: "email", "phone" and "lang", "address." with a part of the
// address, and fields of the person. What is empty is emptied. Setting data again is harmless, so where one of the two
// calls fails, nothing needs to be known of the other.
func (c *Client) SetData(ctx context.Context, id onboarding.ProfileID, d onboarding.ApplicantData) error {
	top, info, err := split(d)
	if err != nil {
		return changeData.failed(onboarding.Invalid, err)
	}
	if len(top) > 0 {
		top["id"] = string(id)
		if err := c.change(ctx, call{endpoint: changeApplicant}, top); err != nil {
			return err
		}
	}
	if len(info) == 0 {
		return nil
	}
	return c.change(ctx, call{endpoint: changeData, names: []string{string(id)}}, info)
}

func (c *Client) change(ctx context.Context, k call, to map[string]any) (err error) {
	if k.body, err = jsonPayload(to); err != nil {
		return k.failed(onboarding.Invalid, err)
	}
	return c.do(ctx, k, anyObject)
}

// split parts data by where it goes.
func split(d onboarding.ApplicantData) (top, info map[string]any, err error) {
	top, info = map[string]any{}, map[string]any{}
	address := map[string]any{}
	for name, value := range d {
		part, ofAddress := strings.CutPrefix(name, addressPrefix)
		switch {
		case !fieldForm.MatchString(part):
			return nil, nil, errField
		case ofAddress:
			address[part] = value
		case topFields[name]:
			top[name] = value
		default:
			info[name] = value
		}
	}
	if len(address) > 0 {
		info["addresses"] = []any{address}
	}
	return top, info, nil
}

// data is what was given so far, by the names under which [Client.SetData] takes it.
func (a applicant) data() onboarding.ApplicantData {
	d := onboarding.ApplicantData{}
	put := func(name string, value text) {
		if fieldForm.MatchString(strings.TrimPrefix(name, addressPrefix)) && value != "" {
			d[name] = string(value)
		}
	}
	for name, value := range a.Info {
		put(name, scalar(value))
	}
	var addresses []map[string]text
	if json.Unmarshal(a.Info["addresses"], &addresses) == nil && len(addresses) > 0 {
		for name, value := range addresses[0] {
			put(addressPrefix+name, value)
		}
	}
	put("email", a.Email)
	put("phone", a.Phone)
	if len(d) == 0 {
		return nil
	}
	return d
}

// scalar is a value where it is a text or a number.
func scalar(value json.RawMessage) (t text) {
	if len(value) == 0 || t.UnmarshalJSON(value) != nil {
		return ""
	}
	return t
}
