package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"portal/internal/sandbox"
	"portal/internal/sandbox/faults"
)

// BenchmarkStartToForm measures what the portal adds to the provider's own two answers, between the press of the button
// and the form: the same two calls are made directly, in turn with the portal's.
func BenchmarkStartToForm(b *testing.B) {
	h := newHouse(b)
	for _, slow := range []time.Duration{0, 100 * time.Millisecond} {
		for _, atOnce := range []int{1, 4} {
			b.Run(fmt.Sprintf("provider-%v/at-once-%d", slow, atOnce), func(b *testing.B) {
				h.slowDown(b, slow)
				h.measureStarts(b, atOnce)
			})
		}
	}
}

// slowDown has the provider think before it answers a creating call.
func (h *house) slowDown(b *testing.B, by time.Duration) {
	b.Helper()
	h.sandbox.Faults().Reset()
	if by == 0 {
		return
	}
	_, err := h.sandbox.Faults().Add(faults.Rule{
		Method: http.MethodPost, Path: "/4.0/", When: faults.Before, Kind: faults.Slow, DelayMS: int(by.Milliseconds()),
	})
	if err != nil {
		b.Fatal(err)
	}
}

func (h *house) measureStarts(b *testing.B, atOnce int) {
	b.Helper()
	var alone, through times
	cpu, length := h.cpuSeconds(b), runLength(b)/2
	for b.Loop() {
		for until := time.Now().Add(length); time.Now().Before(until); {
			signedIn := h.applicants(b, atOnce)
			alone = append(alone, together(b, atOnce, func(int) (time.Duration, error) { return h.providerAlone(b.Context()) })...)
			through = append(through, together(b, atOnce, func(i int) (time.Duration, error) {
				return h.startToForm(b.Context(), signedIn[i])
			})...)
		}
	}
	added := through.quantile(0.5) - alone.quantile(0.5)
	b.ReportMetric(milliseconds(added), "added-p50-ms")
	through.report(b, "")
	summarise(b, []string{alone.row("provider alone"), through.row("start to form")},
		fmt.Sprintf("added at p50: %.1f ms", milliseconds(added)),
		fmt.Sprintf("CPU of the portal: %.1f ms a start", (h.cpuSeconds(b)-cpu)*1000/float64(len(through))))
}

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

// providerAlone makes the two calls that the portal makes, with the same bodies.
func (h *house) providerAlone(ctx context.Context) (time.Duration, error) {
	began := time.Now()
	var profile struct{ ID string }
	err := h.create(ctx, "/4.0/profiles", `{"role":"INDIVIDUAL_CUSTOMER","collected_data":{"entity_type":"INDIVIDUAL","customer_ref":"alone"}}`, &profile)
	if err == nil {
		const flow = `{"type":"FLOW","flow_template":{"alias":"individual-onboarding"},"theme":{"alias":"default"}}`
		err = h.create(ctx, "/4.0/forms/profile/"+profile.ID+"/customer_request", flow, &struct{}{})
	}
	return time.Since(began), err
}

func (h *house) create(ctx context.Context, path, body string, v any) error {
	status, answer, err := h.request(ctx, http.MethodPost, h.provider+path, body,
		http.Header{"Apikey": {sandbox.DefaultMasterKey}, "Content-Type": {"application/json"}})
	if err != nil || status != http.StatusOK {
		return fmt.Errorf("the provider alone: status %d: %w", status, err)
	}
	return json.Unmarshal([]byte(answer), v)
}
