package calls

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// shownHeaders are the request headers worth seeing: those that decide what a provider does.
var shownHeaders = []string{
	"Content-Type", "If-Match", "User-Agent", "Authorization", "Apikey",
	"X-App-Token", "X-App-Access-Ts", "X-App-Access-Sig", "X-Return-Doc-Warnings", "X-Access-Token",
}

// secretHeaders are those of them that are masked as they are.
var secretHeaders = []string{"Apikey", "X-App-Token", "X-App-Access-Sig", "X-Access-Token"}

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
		case slices.Contains(secretHeaders, name):
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

// secretParams are parameters of a query that are masked, in lower case.
var secretParams = []string{"apikey", "secretkey", "token", "accesstoken"}

// accessTokens are the tokens of Sumsub's WebSDK, wherever they stand.
var accessTokens = regexp.MustCompile(`_act-[a-z]+-[A-Za-z0-9._-]+`)

// maskTokens masks the access tokens in a text.
func maskTokens(text string) string { return accessTokens.ReplaceAllStringFunc(text, mask) }

// maskQuery masks the values of secret parameters and leaves the rest as it was sent.
func maskQuery(raw string) string {
	if raw == "" {
		return ""
	}
	pairs := strings.Split(raw, "&")
	for i, pair := range pairs {
		key, value, _ := strings.Cut(pair, "=")
		if name, err := url.QueryUnescape(key); err == nil && slices.Contains(secretParams, strings.ToLower(name)) {
			pairs[i] = key + "=" + mask(value)
		}
	}
	return strings.Join(pairs, "&")
}
