package middleware

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Embedding is the policy of a page that embeds a provider's forms.
type Embedding struct{ page, csp, features, referrer string }

// NewEmbedding returns the policy for forms from one origin, such as https://collection.passfort.com. Additions are
// further sources by directive; only directives that say where things are loaded from can have them. The page's address
// may hold a key, so it is no referrer.
func NewEmbedding(origin string, additions map[string][]string) (Embedding, error) {
	if !isSource(origin) {
		return Embedding{}, fmt.Errorf("the forms' origin %q cannot stand in a content security policy", origin)
	}
	for directive, sources := range additions {
		if !slices.Contains(loading, directive) {
			return Embedding{}, fmt.Errorf("csp_additions: %q is not one of %s", directive, strings.Join(loading, ", "))
		}
		if i := slices.IndexFunc(sources, func(s string) bool { return !isSource(s) }); i >= 0 {
			return Embedding{}, fmt.Errorf("csp_additions: %s: %q is not a source", directive, sources[i])
		}
	}
	return Embedding{page: "form", csp: embeddingCSP(origin, additions), features: features(lent(origin), "()"), referrer: "no-referrer"}, nil
}

// NewSDK returns the policy for forms that a script of one origin puts into a frame of another, such as
// https://static.sumsub.com and https://in.sumsub.com. The frame gets camera and microphone. It may ask which site it is
// shown on, and is told that alone.
func NewSDK(script, frame string) (Embedding, error) {
	for _, origin := range []string{script, frame} {
		if !isSource(origin) {
			return Embedding{}, fmt.Errorf("the SDK's origin %q cannot stand in a content security policy", origin)
		}
	}
	csp := "default-src 'none'; script-src 'self' " + script + "; frame-src " + frame + "; connect-src 'self'; img-src 'self'; " +
		"style-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
	return Embedding{page: "sdk", csp: csp, features: features(lent(frame), lent(frame)), referrer: "strict-origin-when-cross-origin"}, nil
}

// lent is the list of who may use a power of the browser so that a frame of that origin may: pages cannot lend what is
// not theirs.
func lent(origin string) string { return `(self "` + origin + `")` }

// Policy is that policy, with where the page reports. A frame comes into a page that has a policy for what it embeds only if
// the frame's answer has one, too, which is the provider's to say; and what their scripts make of text is not ours to forbid.
func (e Embedding) Policy(r Reporting) Policy {
	h := http.Header{}
	r.protect(h, e.csp, e.page)
	h.Set("Cross-Origin-Embedder-Policy", "unsafe-none")
	h.Set("Permissions-Policy", e.features)
	h.Set("Referrer-Policy", e.referrer)
	return Policy{h}
}

// loading are the directives that say where things are loaded from, in the order in which they are written.
var loading = []string{"script-src", "frame-src", "connect-src", "img-src", "style-src", "font-src", "media-src", "worker-src"}

func embeddingCSP(origin string, additions map[string][]string) string {
	base := map[string][]string{
		"script-src":  {"'self'", origin},
		"frame-src":   {origin},
		"connect-src": {"'self'", origin},
		"img-src":     {"'self'"},
		"style-src":   {"'self'"},
		"font-src":    {"'self'"},
	}
	policy := []string{"default-src 'none'"}
	for _, directive := range loading {
		if sources := slices.Concat(base[directive], additions[directive]); len(sources) > 0 {
			policy = append(policy, directive+" "+strings.Join(sources, " "))
		}
	}
	policy = append(policy, "base-uri 'self'", "form-action 'self'", "frame-ancestors 'none'", "object-src 'none'")
	return strings.Join(policy, "; ")
}

// isSource says whether s can stand in a policy as one source, without becoming two or a directive of its own.
func isSource(s string) bool {
	other := func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`;,"`, r) }
	return s != "" && !strings.ContainsFunc(s, other)
}
