package faults

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// refuse answers with the ordered status as PassFort would. What this package knows of PassFort is all in this file.
func (r Rule) refuse(w http.ResponseWriter, now time.Time) {
	if r.Status == http.StatusTooManyRequests {
		limit(w.Header(), r.RetryAfterS, now)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(r.Status)
	_, _ = fmt.Fprintf(w, `{"errors":[{"code":%d,"message":"A fault was ordered.","source":"API"}]}`, errorCode(r.Status))
}

// errorCode is the provider's code that fits an ordered status.
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
