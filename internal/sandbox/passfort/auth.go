package passfort

import (
	"crypto/subtle"
	"net/http"

	"portal/internal/sandbox/passfort/account"
)

// keyName is what the master key is called in webhooks and audit entries.
const keyName = "Master key"

// requireKey lets a call through that carries the master key, in the header or, as PassFort's schema of 2019 allows, in
// the query. The key of a customer request opens its forms in the collection front and nothing else, unless an option
// lets it read its own profile.
func (p *Provider) requireKey(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("Apikey")
		if key == "" {
			key = r.URL.Query().Get("apikey")
		}
		switch {
		case key == "":
			p.refuse(w, &refusal{kindMissingKey, codeMissingAPIKey, "API key is missing"})
		case sameKey(key, p.config.MasterKey):
			next.ServeHTTP(w, r)
		default:
			p.scoped(next, key).ServeHTTP(w, r)
		}
	})
}

// scoped answers a call that carries any other key.
func (p *Provider) scoped(next http.Handler, key string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.enter()
		req := p.index.requestKeys[key]
		p.leave()
		switch {
		case req == nil:
			p.refuse(w, &refusal{kindInvalidKey, codeInvalidAPIKey, "API key is invalid"})
		case p.Options().RequestKeyReads && r.Method == http.MethodGet && r.PathValue("profile_id") == req.ProfileID:
			next.ServeHTTP(w, r)
		default:
			p.refuse(w, &refusal{kindForbidden, codeInvalidAPIKey, "this API key is only for the forms of its customer request"})
		}
	})
}

func sameKey(a, b string) bool {
	return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}

// whoami tells whose key it is.
func (p *Provider) whoami(*http.Request) (answer, error) {
	return answer{body: map[string]any{
		"auditee_name": keyName,
		"institution": map[string]any{
			"id":       account.ID("institution", p.account.Institution),
			"logo_url": nil,
			"name":     p.account.Institution,
		},
		"user": nil,
	}}, nil
}
