package passfort

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// profileList is a page of profiles.
type profileList struct {
	Count             int              `json:"count"`
	Limit             int              `json:"limit"`
	Offset            int              `json:"offset"`
	Hidden            int              `json:"hidden"`
	Capabilities      map[string]any   `json:"capabilities"`
	Results           []profileSummary `json:"results"`
	AssociatedResults []any            `json:"associated_results"` // demanded by the schema of 2019, which does not say what it holds
}

// The categories of profiles, which a list can be narrowed to.
const (
	categoryCustomer  = "CUSTOMER"
	categoryPrevious  = "PREVIOUS_CUSTOMER"
	categoryApplicant = "APPLICANT"
	categoryInactive  = "INACTIVE_APPLICANT"
)

var categories = []string{categoryCustomer, categoryPrevious, categoryApplicant, categoryInactive}

// listProfiles answers GET /4.0/profiles, with minimal information about each.
func (p *Provider) listProfiles(r *http.Request) (answer, error) {
	limit, err := numberParam(r, "limit", 50, 1, 200)
	if err != nil {
		return answer{}, err
	}
	offset, err := numberParam(r, "offset", 0, 0, 1<<31-1)
	if err != nil {
		return answer{}, err
	}
	wanted, err := categoriesParam(r)
	if err != nil {
		return answer{}, err
	}
	p.enter()
	defer p.leave()
	o := p.Options()
	found := p.search(r.URL.Query().Get("q"), wanted, o)
	list := profileList{
		Count: len(found), Limit: limit, Offset: offset,
		Capabilities: map[string]any{}, Results: []profileSummary{}, AssociatedResults: []any{},
	}
	for _, pr := range found[min(offset, len(found)):min(offset+limit, len(found))] {
		view := p.summary(pr)
		if o.ListsData {
			view.CollectedData = p.expanded(pr)
		}
		list.Results = append(list.Results, view)
	}
	return answer{body: list}, nil
}

// search finds the profiles whose name or tags hold q. The lock is held.
func (p *Provider) search(q string, wanted []string, o Options) []*profile {
	q = strings.ToLower(q)
	var found []*profile
	for _, pr := range p.state.Profiles {
		if (len(wanted) == 0 || slices.Contains(wanted, pr.category())) && (q == "" || pr.matches(q, o)) {
			found = append(found, pr)
		}
	}
	if !o.OldestFirst {
		slices.Reverse(found)
	}
	return found
}

func (pr *profile) matches(q string, o Options) bool {
	return contains(pr.displayName(), q) ||
		slices.ContainsFunc(pr.Tags, func(t tag) bool { return contains(t.Name, q) }) ||
		o.SearchByCustomerRef && contains(pr.customerRef(), q)
}

// contains ignores case; q is in lower case already.
func contains(text, q string) bool {
	return strings.Contains(strings.ToLower(text), q)
}

// numberParam reads a number from the query.
func numberParam(r *http.Request, name string, otherwise, least, most int) (int, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, invalid("%s must be a number from %d to %d", name, least, most)
	}
	return n, nil
}

// categoriesParam reads the comma-separated categories that a list is narrowed to.
func categoriesParam(r *http.Request) ([]string, error) {
	text := r.URL.Query().Get("categories")
	if text == "" {
		return nil, nil
	}
	wanted := strings.Split(text, ",")
	for _, c := range wanted {
		if !slices.Contains(categories, c) {
			return nil, invalid("categories: %q is not one of %s", c, strings.Join(categories, ", "))
		}
	}
	return wanted, nil
}
