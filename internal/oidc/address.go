package oidc

import (
	"net"
	"net/url"
)

// secure says whether the address is one to send secrets to.
func secure(address string) bool {
	u := parse(address)
	return u != nil && u.Scheme == "https"
}

// loopback says whether the address is on this machine, where there is no line to tap.
func loopback(address string) bool {
	u := parse(address)
	if u == nil || u.Scheme != "http" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// parse reads an absolute address; nil when it is none, or holds what an issuer must not.
func parse(address string) *url.URL {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil
	}
	return u
}

// endpoint says whether the address can be one of a provider's, which may hold a query.
func endpoint(address string, onlyHTTPS bool) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Fragment != "" {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && !onlyHTTPS
}
