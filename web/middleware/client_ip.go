package middleware

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
)

// forwardedHeaders are those by which proxies say what they have been asked. Of these only X-Forwarded-For is read, and
// nothing but the base URL decides on scheme and host.
var forwardedHeaders = []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded"}

// IdentifyClient finds out where requests come from: see [ClientIP]. X-Forwarded-For counts only as far as it was
// written by proxies within trusted, since anyone can send it. The first forwarded header from elsewhere is worth a
// warning: it may be from a proxy that was forgotten, and then all applicants seem to share one address.
func IdentifyClient(trusted []netip.Prefix, log *slog.Logger) func(http.Handler) http.Handler {
	proxies := proxies(slices.Clone(trusted))
	var warned sync.Once
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			k, r := knowing(r)
			k.client = proxies.client(r)
			if nearest := parseAddr(r.RemoteAddr); !proxies.trust(nearest) && isForwarded(r.Header) {
				warned.Do(func() {
					log.WarnContext(r.Context(), "forwarded headers are ignored: they come from an address that is not in PORTAL_TRUSTED_PROXIES",
						slog.String("client", mask(nearest)))
				})
			}
			next.ServeHTTP(w, r)
		})
	}
}

// isForwarded reports whether a proxy, or somebody who plays one, has written into the request.
func isForwarded(h http.Header) bool {
	return slices.ContainsFunc(forwardedHeaders, func(name string) bool { return h.Get(name) != "" })
}

// ClientIP returns the address of the client, past all trusted proxies. It is the zero Addr where there is none, as
// with a Unix socket.
func ClientIP(ctx context.Context) netip.Addr { return knownIn(ctx).client }

// proxies are the networks whose forwarded headers count.
type proxies []netip.Prefix

func (p proxies) trust(a netip.Addr) bool {
	return slices.ContainsFunc(p, func(network netip.Prefix) bool { return network.Contains(a) })
}

func (p proxies) client(r *http.Request) netip.Addr {
	nearest := parseAddr(r.RemoteAddr)
	if !p.trust(nearest) {
		return nearest
	}
	return p.walk(nearest, listed(r.Header, "X-Forwarded-For"))
}

// walk goes from the nearest proxy towards the client, one entry of X-Forwarded-For after the other, as long as the
// one who wrote the entry is trusted. It stops at what is no address.
func (p proxies) walk(nearest netip.Addr, forwarded []string) netip.Addr {
	found := nearest
	for _, entry := range slices.Backward(forwarded) {
		a := parseAddr(entry)
		if !a.IsValid() {
			return found
		}
		found = a
		if !p.trust(a) {
			return found
		}
	}
	return found
}

// listed splits a header that may come as several lines and as comma-separated lists.
func listed(h http.Header, name string) []string {
	var list []string
	for _, line := range h.Values(name) {
		for entry := range strings.SplitSeq(line, ",") {
			list = append(list, strings.TrimSpace(entry))
		}
	}
	return list
}

// parseAddr reads an address with or without port and brackets. IPv4 within IPv6 is IPv4, and zones are dropped, so
// that one client has one address.
func parseAddr(s string) netip.Addr {
	a, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(s, "["), "]"))
	if err != nil {
		withPort, err := netip.ParseAddrPort(s)
		if err != nil {
			return netip.Addr{}
		}
		a = withPort.Addr()
	}
	return a.Unmap().WithZone("")
}
