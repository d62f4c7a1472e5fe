package sandbox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"

	"portal/internal/sandbox"
	"portal/internal/sandbox/passfort"
)

// An integration under load must find its own limits, not those of the sandbox: 1,000 pairs of a profile and its
// customer request a second on two processors are the aim.
func BenchmarkProfilesAndRequests(b *testing.B) {
	s := sandbox.New(sandbox.Options{PassFort: passfort.Options{RatePerHour: -1}})
	server := httptest.NewServer(s.Handler())
	b.Cleanup(server.Close)
	b.Cleanup(func() { _ = s.Close() })
	const callers = 8
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: callers * runtime.GOMAXPROCS(0)}}
	b.Cleanup(client.CloseIdleConnections)
	b.SetParallelism(callers)

	b.RunParallel(func(each *testing.PB) {
		for each.Next() {
			if err := makePair(client, server.URL); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pairs/s")
}

// makePair makes a profile and its customer request.
func makePair(client *http.Client, origin string) error {
	var profile struct {
		ID string `json:"id"`
	}
	if err := post(client, origin+"/4.0/profiles", stub, &profile); err != nil {
		return err
	}
	const flow = `{"type":"FLOW","flow_template":{"alias":"company-onboarding"},"theme":{"alias":"default"}}`
	return post(client, origin+"/4.0/forms/profile/"+profile.ID+"/customer_request", flow, nil)
}

// post makes a call that must be answered with 200 and reads its answer, if v is not nil.
func post(client *http.Client, address, body string, v any) error {
	req, err := http.NewRequest(http.MethodPost, address, bytes.NewBufferString(body))
	if err != nil {
		return err
	}
	req.Header.Set("Apikey", sandbox.DefaultMasterKey)
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d: %s", resp.StatusCode, answer)
	}
	if v == nil {
		return nil
	}
	return json.Unmarshal(answer, v)
}
