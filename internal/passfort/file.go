package passfort

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"portal/internal/onboarding"
)

// Compile-time proof that the domain can use the client.
var _ onboarding.CompanyFiles = (*Client)(nil)

var (
	errNoVersion  = errors.New("the answer has no usable ETag")
	errMustBeRead = errors.New("not asked, since the file has no version and may be somebody else's by now")
)

// CompanyFile reads a company's collected data. Without an ETag, which PassFort's documentation promises, it could not be
// written back without undoing what others write meanwhile, so that is an error.
func (c *Client) CompanyFile(ctx context.Context, company onboarding.ProfileID) (onboarding.CompanyFile, error) {
	var file onboarding.CompanyFile
	err := c.do(ctx, call{endpoint: readFile, id: company}, func(answer reply) (err error) {
		file, err = decodeFile(company, answer)
		if err == nil && file.Version == "" {
			err = errNoVersion
		}
		return err
	})
	if err != nil {
		return onboarding.CompanyFile{}, err
	}
	return file, nil
}

// ReplaceCompanyFile writes a company's collected data unless it has another version by now. In that case the error is a
// Conflict, and what is returned is the data of others; without a version where it has to be read. It is the same with a file
// that has no version: PassFort would take it in any case.
func (c *Client) ReplaceCompanyFile(ctx context.Context, f onboarding.CompanyFile) (onboarding.CompanyFile, error) {
	written := onboarding.CompanyFile{Profile: f.Profile}
	if f.Version == "" {
		return written, updateData.failed(onboarding.Conflict, errMustBeRead)
	}
	body, err := c.reduced(f)
	if err != nil {
		return written, err
	}
	k := call{endpoint: updateData, id: f.Profile, ifMatch: f.Version, body: json.RawMessage(body), personal: true}
	err = c.do(ctx, k, func(answer reply) (err error) {
		written, err = decodeFile(f.Profile, answer)
		return err
	})
	return written, err
}

// decodeFile reads a company's collected data. What has no entity type is no collected data. The ETag is kept as it is: it is
// a weak one, and the server compares it literally.
func decodeFile(company onboarding.ProfileID, answer reply) (onboarding.CompanyFile, error) {
	file := onboarding.CompanyFile{Profile: company}
	all, err := membersOf(answer.body)
	if err != nil || textOf(all.at("entity_type")) == "" {
		return file, errNoJSON
	}
	file.Text = answer.body
	if version := answer.header.Get("ETag"); opaque(version) {
		file.Version = version
	}
	return file, nil
}

// reduced is a file's text as it is written: of each linked profile the id alone. Reads show what is kept of those profiles
// inside, which is theirs and not the company's; the documented form of a link has only the id, and all that is kept of five
// hundred associates would be megabytes. Entries that hold their data themselves link nobody and stay as they are.
func (c *Client) reduced(f onboarding.CompanyFile) ([]byte, error) {
	d, err := openFile(f)
	if err != nil {
		return nil, err
	}
	for _, l := range c.lists {
		if err := d.reduce(l); err != nil {
			return nil, unreadableFile(err)
		}
	}
	return d.text(), nil
}

// reduce leaves in a list's links the ids alone.
func (d *companyData) reduce(l roleList) error {
	entries, err := d.list(l)
	if err != nil {
		return err
	}
	shrunk := false
	for i, entry := range entries {
		all, link, err := linkIn(entry)
		if err != nil {
			return fmt.Errorf("%s: %w", l.key, err)
		}
		if id := link.at("id"); textOf(id) != "" && len(link) > 1 {
			entries[i] = all.with("linked_profile", members{}.with("id", id).text()).text()
			shrunk = true
		}
	}
	if shrunk {
		d.put(l, entries)
	}
	return nil
}
