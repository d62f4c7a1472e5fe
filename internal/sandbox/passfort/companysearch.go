package passfort

import (
	"net/http"
	"strings"
)

// companyFound is one result of a company search.
type companyFound struct {
	Name    string  `json:"name"`
	Number  string  `json:"number"`
	Country string  `json:"country"`
	State   *string `json:"state"`
}

// searchCompanies answers GET /4.0/search/companies from the registers of the account: by name or number.
func (p *Provider) searchCompanies(r *http.Request) (answer, error) {
	query, country := r.URL.Query().Get("query"), r.URL.Query().Get("country")
	if query == "" || country == "" {
		return answer{}, missing("country and query are required")
	}
	if !isCountry(country) {
		return answer{}, invalid("country %q is not an ISO 3166 alpha-3 code", country)
	}
	found := []companyFound{}
	for _, c := range p.account.Companies {
		if c.Country == country && (contains(c.Name, strings.ToLower(query)) || strings.EqualFold(c.Number, query)) {
			found = append(found, companyFound{Name: c.Name, Number: c.Number, Country: c.Country})
		}
	}
	return answer{body: map[string]any{"companies": found, "errors": []any{}}}, nil
}
