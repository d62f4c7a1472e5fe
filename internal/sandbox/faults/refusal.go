package faults

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// sumsubPath is what the addresses of Sumsub's API begin with.
const sumsubPath = "/resources/"

// refuse answers with the ordered status as the provider would. What this package knows of providers is all in this file.
func (r Rule) refuse(w http.ResponseWriter, path string, now time.Time) {
	if strings.HasPrefix(path, sumsubPath) {
		r.refuseAsSumsub(w)
		return
	}
	if r.Status == http.StatusTooManyRequests {
		limit(w.Header(), r.RetryAfterS, now)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(r.Status)
	_, _ = fmt.Fprintf(w, `{"errors":[{"code":%d,"message":"A fault was ordered.","source":"API"}]}`, errorCode(r.Status))
}

// refuseAsSumsub answers with the error object of Sumsub, whose errors of this kind have no code of their own.
func (r Rule) refuseAsSumsub(w http.ResponseWriter) {
	if r.Status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", strconv.Itoa(r.RetryAfterS))
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(r.Status)
	_, _ = fmt.Fprintf(w, `{"code":%d,"correlationId":"00000000000000000000000000000000","description":"A fault was ordered."}`, r.Status)
}

// errorCode is PassFort's code that fits an ordered status.
func errorCode(status int) int {
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return 204
	case status >= http.StatusInternalServerError:
		return 401
	default:
		return 201
	}
}

// limit tells the caller that its quota is used up, and when it is full again. The date is that of RFC 2822.
func limit(h http.Header, seconds int, now time.Time) {
	wait := strconv.Itoa(seconds)
	h.Set("X-RateLimit-Remaining", "0")
	h.Set("X-RateLimit-Retry-Secs", wait)
	h.Set("X-RateLimit-Reset-Secs", wait)
	h.Set("X-RateLimit-Reset", now.Add(time.Duration(seconds)*time.Second).UTC().Format(time.RFC1123Z))
}
