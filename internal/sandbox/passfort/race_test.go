package passfort_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"portal/internal/sandbox/passfort"
)

// TestReadersAndWritersOfOneCompany is for the race detector: answers are written after the lock is left, and must share
// nothing with what changes.
func TestReadersAndWritersOfOneCompany(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{RatePerHour: -1, ListsData: true, AppearDelayMS: 1, CheckDelayMS: 1})
	person, company := a.addAssociate(t, "INDIVIDUAL"), a.addBusiness(t)
	data := companyWith("officers.directors", linked("INDIVIDUAL", person, ""))
	a.mustReplace(t, company, data)
	one := "/4.0/profiles/" + company
	application, _ := a.profile(t, company).at("applications", 0, "id").(string)
	task, _ := a.profile(t, company).at("tasks", 0, "id").(string)

	var work sync.WaitGroup
	for _, c := range []struct{ method, path, body string }{
		{"GET", one, ""},
		{"GET", one + "/collected_data", ""},
		{"GET", one + "/applications/" + application, ""},
		{"GET", one + "/checks", ""},
		{"GET", one + "/tasks", ""},
		{"GET", one + "/events", ""},
		{"GET", one + "/audit-items", ""},
		{"GET", "/4.0/profiles?q=a", ""},
		{"GET", "/4.0/profiles/" + person, ""},
		{"GET", "/4.0/tags/search/vip", ""},
		{"POST", one + "/collected_data", data},
		{"POST", one + "/collected_data/documents", `{"category":"SUPPORTING","document_type":"UNKNOWN","images":[]}`},
		{"POST", one + "/tasks/" + task, `{"is_complete":true}`},
		{"POST", one + "/tasks/" + task, `{"is_complete":false}`},
		{"POST", one + "/checks", `{"check_type":"COMPANY_REGISTRY"}`},
		{"POST", one + "/tags", `{"name":"VIP"}`},
		{"POST", one + "/status", `"SUSPENDED"`},
		{"POST", "/4.0/profiles", `{"role":"COMPANY_CUSTOMER","collected_data":{"entity_type":"COMPANY"}}`},
	} {
		work.Go(func() {
			for range 10 {
				if r := a.api(t, c.method, c.path, c.body); r.status != http.StatusOK {
					t.Errorf("%s %s: status %d: %s", c.method, c.path, r.status, r.raw)
				}
			}
		})
	}
	work.Go(func() {
		for range 10 {
			raise(t, a, company)
			must(t, a.ResolveEvents(company))
			must(t, a.SetRisk(company, "LOW", 1))
			a.advance(t, time.Millisecond)
		}
	})
	work.Wait()
}
