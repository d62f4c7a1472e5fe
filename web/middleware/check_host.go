package middleware

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// CheckHost has refuse answer requests for another host than that of base. Only the pages of somebody else's host would send
// them, which has this portal's address for its own. Proxies within trusted and programs on the same machine may ask by a
// private name.
func CheckHost(base *url.URL, trusted []netip.Prefix, refuse http.Handler) func(http.Handler) http.Handler {
	names, proxies := namesOf(base), proxies(slices.Clone(trusted))
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if slices.Contains(names, strings.ToLower(r.Host)) || proxies.mayRename(parseAddr(r.RemoteAddr)) {
				next.ServeHTTP(w, r)
				return
			}
			refuse.ServeHTTP(w, r)
		})
	}
}

// mayRename says whether who asks from an address may do so by any name.
func (p proxies) mayRename(nearest netip.Addr) bool { return nearest.IsLoopback() || p.trust(nearest) }

// namesOf are the ways in which clients name the host of a URL: the port may be left out where it is the usual one.
func namesOf(base *url.URL) []string {
	usual := map[string]string{"http": ":80", "https": ":443"}[base.Scheme]
	bare := strings.TrimSuffix(strings.ToLower(base.Host), usual)
	if bare != strings.ToLower(base.Host) || base.Port() == "" {
		return []string{bare, bare + usual}
	}
	return []string{bare}
}
