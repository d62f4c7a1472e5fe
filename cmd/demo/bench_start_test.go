package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// together makes a measurement several times at once.
func together(b *testing.B, n int, measure func(i int) (time.Duration, error)) times {
	b.Helper()
	took := make(times, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			var err error
			if took[i], err = measure(i); err != nil {
				b.Error(err)
			}
		})
	}
	all.Wait()
	if b.Failed() {
		b.FailNow()
	}
	return took
}

// startToForm is what an applicant's browser does.
func (h *house) startToForm(ctx context.Context, cookie *http.Cookie) (time.Duration, error) {
	began := time.Now()
	form := url.Values{"flow": {"individual"}}.Encode()
	status, _, err := h.request(ctx, http.MethodPost, h.origin()+"/onboarding/start", form, cookieAnd(cookie, "application/x-www-form-urlencoded"))
	if err != nil || status != http.StatusSeeOther {
		return 0, fmt.Errorf("start: status %d: %w", status, err)
	}
	status, page, err := h.request(ctx, http.MethodGet, h.origin()+"/onboarding", "", cookieAnd(cookie, ""))
	took := time.Since(began)
	if err != nil || status != http.StatusOK || !strings.Contains(page, `id="customer-request"`) {
		return 0, fmt.Errorf("no form: status %d: %w", status, err)
	}
	return took, nil
}
