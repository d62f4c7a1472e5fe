package passfort

import (
	"encoding/json"
	"fmt"

	"portal/internal/onboarding"
)

// companyData is a company's collected data, opened as far as its lists of associates. Whatever else is in it stays the text
// that it is, so that nothing is lost which we do not know of.
type companyData struct {
	parts   map[string]members // the data itself under "", and the members that hold lists
	changed map[string]bool    // parts that are no longer as they came
}

// openFile opens a company's file. Its errors are those of an answer that makes no sense.
func openFile(f onboarding.CompanyFile) (*companyData, error) {
	if !json.Valid(f.Text) {
		return nil, unreadableFile(errNoJSON)
	}
	d, err := openData(f.Text)
	if err != nil {
		return nil, unreadableFile(err)
	}
	return d, nil
}

// unreadableFile is the error of a file in which something is not what it should be. Writing there would destroy it.
func unreadableFile(err error) error {
	return &onboarding.Error{Kind: onboarding.Busy, Err: fmt.Errorf("collected data: %w: %w", onboarding.ErrUnreadable, err)}
}

// openData opens collected data, which is known to be JSON.
func openData(text []byte) (*companyData, error) {
	top, err := cutObject(text)
	if err != nil {
		return nil, err
	}
	d := &companyData{parts: map[string]members{"": top}, changed: map[string]bool{}}
	for _, group := range []string{officersGroup, ownershipGroup} {
		if d.parts[group], err = membersIn(top.at(group)); err != nil {
			return nil, fmt.Errorf("%s: %w", group, err)
		}
	}
	return d, nil
}

// list returns the entries of a list.
func (d *companyData) list(l roleList) ([][]byte, error) {
	entries, err := elementsIn(d.parts[l.group].at(l.key))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", l.key, err)
	}
	return entries, nil
}

// put replaces the entries of a list.
func (d *companyData) put(l roleList, entries [][]byte) {
	d.parts[l.group] = d.parts[l.group].with(l.key, arrayOf(entries))
	d.changed[l.group] = true
}

// text is the data with what was changed.
func (d *companyData) text() []byte {
	top := d.parts[""]
	for _, group := range []string{officersGroup, ownershipGroup} {
		if d.changed[group] {
			top = top.with(group, d.parts[group].text())
		}
	}
	return top.text()
}

// linkIn are the members of an entry, and those of the profile that it links; none where it links none.
func linkIn(entry []byte) (all, link members, err error) {
	if all, err = membersIn(entry); err != nil {
		return nil, nil, err
	}
	if link, err = membersIn(all.at("linked_profile")); err != nil {
		return nil, nil, fmt.Errorf("linked_profile: %w", err)
	}
	return all, link, nil
}
