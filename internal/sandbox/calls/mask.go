package calls

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// shownHeaders are the request headers worth seeing: those that decide what PassFort does.
var shownHeaders = []string{"Content-Type", "If-Match", "User-Agent", "Authorization", "Apikey"}

// selected copies the headers worth seeing, with secrets masked.
func selected(h http.Header) http.Header {
	shown := make(http.Header, len(shownHeaders))
	for _, name := range shownHeaders {
		values := h[name]
		switch {
		case len(values) == 0:
			continue
		case name == "Authorization":
			values = each(values, maskCredentials)
		case name == "Apikey":
			values = each(values, mask)
		default:
			values = slices.Clone(values)
		}
		shown[name] = values
	}
	return shown
}

func each(values []string, change func(string) string) []string {
	changed := make([]string, len(values))
	for i, v := range values {
		changed[i] = change(v)
	}
	return changed
}

// mask leaves of a secret what is needed to tell it from another. A short one would be given away by that.
func mask(secret string) string {
	if len(secret) < 8 {
		return "…"
	}
	return "…" + secret[len(secret)-4:]
}

// maskCredentials leaves the scheme in front of them as it is.
func maskCredentials(authorization string) string {
	scheme, secret, ok := strings.Cut(authorization, " ")
	if !ok {
		return mask(authorization)
	}
	return scheme + " " + mask(secret)
}

// maskQuery masks the values of apikey and leaves the rest as it was sent.
func maskQuery(raw string) string {
	if raw == "" {
		return ""
	}
	pairs := strings.Split(raw, "&")
	for i, pair := range pairs {
		key, value, _ := strings.Cut(pair, "=")
		if name, err := url.QueryUnescape(key); err == nil && strings.EqualFold(name, "apikey") {
			pairs[i] = key + "=" + mask(value)
		}
	}
	return strings.Join(pairs, "&")
}
