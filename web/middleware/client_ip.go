package middleware

import (
	"context"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

type clientKey struct{}

// client is where a request comes from.
type client struct {
	addr   netip.Addr
	scheme string
}

// IdentifyClient finds out where requests come from: see [ClientIP] and [Scheme]. X-Forwarded-For and
// X-Forwarded-Proto count only as far as they were written by proxies within trusted, since anyone can send them.
func IdentifyClient(trusted []netip.Prefix) func(http.Handler) http.Handler {
	proxies := proxies(slices.Clone(trusted))
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx := context.WithValue(r.Context(), clientKey{}, proxies.client(r))
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}

// ClientIP returns the address of the client, past all trusted proxies. It is the zero Addr where there is none, as
// with a Unix socket.
func ClientIP(ctx context.Context) netip.Addr {
	c, _ := ctx.Value(clientKey{}).(client)
	return c.addr
}

// Scheme returns "https" or "http", as the client used it towards the outermost trusted proxy.
func Scheme(ctx context.Context) string {
	c, _ := ctx.Value(clientKey{}).(client)
	return c.scheme
}

// proxies are the networks whose forwarded headers count.
type proxies []netip.Prefix

func (p proxies) trust(a netip.Addr) bool {
	return slices.ContainsFunc(p, func(network netip.Prefix) bool { return network.Contains(a) })
}

func (p proxies) client(r *http.Request) client {
	c := client{addr: parseAddr(r.RemoteAddr), scheme: "http"}
	if r.TLS != nil {
		c.scheme = "https"
	}
	if !p.trust(c.addr) {
		return c
	}
	var passed int
	c.addr, passed = p.walk(c.addr, listed(r.Header, "X-Forwarded-For"))
	if said := nthFromRight(listed(r.Header, "X-Forwarded-Proto"), passed); said == "http" || said == "https" {
		c.scheme = said
	}
	return c
}

// walk goes from the nearest proxy towards the client, one entry of X-Forwarded-For after the other, as long as the
// one who wrote the entry is trusted. It stops at what is no address. passed counts the trusted proxies beyond the
// nearest one.
func (p proxies) walk(nearest netip.Addr, forwarded []string) (found netip.Addr, passed int) {
	found = nearest
	for _, entry := range slices.Backward(forwarded) {
		a := parseAddr(entry)
		if !a.IsValid() {
			return found, passed
		}
		found = a
		if !p.trust(a) {
			return found, passed
		}
		passed++
	}
	return found, passed
}

// nthFromRight returns what the proxy at that distance wrote. Proxies that pass the scheme on without adding to it
// leave a list that is shorter than that of the addresses; its first entry then stands for all before it.
func nthFromRight(list []string, n int) string {
	if len(list) == 0 {
		return ""
	}
	return strings.ToLower(list[max(len(list)-1-n, 0)])
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
