package passfort

import (
	"crypto/subtle"
	"net/http"
)

// requireKey lets a call through that carries the master key. The key of a customer request opens its forms in the
// collection front and nothing else.
func (p *Provider) requireKey(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("Apikey")
		switch {
		case key == "":
			refuse(w, &refusal{http.StatusUnauthorized, codeMissingAPIKey, "API key is missing"})
		case sameKey(key, p.config.MasterKey):
			next.ServeHTTP(w, r)
		case p.isRequestKey(key):
			refuse(w, &refusal{http.StatusForbidden, codeInvalidAPIKey, "this API key is only for the forms of its customer request"})
		default:
			refuse(w, &refusal{http.StatusUnauthorized, codeInvalidAPIKey, "API key is invalid"})
		}
	})
}

func (p *Provider) isRequestKey(key string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, req := range p.requests {
		if sameKey(key, req.apikey) {
			return true
		}
	}
	return false
}

func sameKey(a, b string) bool {
	return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}

// whoami tells whose key it is.
func (p *Provider) whoami(*http.Request) (answer, error) {
	return answer{body: map[string]any{
		"auditee_name": "Master key",
		"institution": map[string]any{
			"id":       "5a9d0b1e-3c1f-4f0e-9a58-0d6a1c5f7e21",
			"logo_url": nil,
			"name":     "Northlight",
		},
		"user": nil,
	}}, nil
}
