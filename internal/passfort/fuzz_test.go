package passfort

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"unicode"
)

// FuzzDecoders holds that whatever PassFort sends is either refused or can be stored, sent and shown, and that no error
// repeats it.
func FuzzDecoders(f *testing.F) {
	for _, body := range []string{
		`{"id":"0c6ddb12-4b1b-11ea-a4c3-0242ac11000e","apikey":"5f1e","is_completed":false}`, `{"id":1}`, `null`, `[]`, ``,
		`{"results":[{"id":"a","role":"COMPANY_CUSTOMER","creation_date":"2026-03-01 12:00:00"}]}`,
		`{"entity_type":"COMPANY","customer_ref":"r"}`, `{"errors":[{"code":101,"message":"a\nb"}]}`, `{"errors":[{"message":"profile not found"}]}`, `{"errors":{"code":1e99}}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if id, err := decodeProfile(body); err == nil && !profileID.MatchString(string(id)) {
			t.Errorf("profile id %q", id)
		}
		if q, err := decodeCreatedRequest(body); err == nil && !(opaque(string(q.ID)) && opaque(q.Key.Reveal())) {
			t.Errorf("request id %q or its key", q.ID)
		}
		if s, none, err := decodeSighting(body); err == nil && none == opaque(string(s.ID)) {
			t.Errorf("sighting %+v, none %t", s, none)
		}
		if found, err := decodePage(body); err == nil && found.newestFirst() {
			if first, ok := found[0].created(); !ok || !found.endsBefore(first) {
				t.Errorf("newest first: %+v", found)
			}
		}
		if _, err := decodeCustomerRef(body); err == nil && !json.Valid(body) {
			t.Error("a reference in what is no JSON")
		}
		judged(t, body)
	})
}

// FuzzView holds that a profile is shown in words and single lines, and not without end.
func FuzzView(f *testing.F) {
	for _, body := range []string{
		`{"id":"a","category":"APPLICANT","applications":[{"id":"b","product":{"alias":"c","name":"d\ne"},"status":"APPLIED","flag":1}]}`,
		`{"id":"a","tasks":[{"variant":null,"state":"<b>","is_complete":true}],"task_progress":{"completed_count":1e9}}`,
		`{"id":"a","checks":[{},{},null,{"result":"2+2"}]}`, `{"id":""}`, `null`, `[]`, ``,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		v, err := decodeView(body)
		if err != nil {
			return
		}
		words, labels := []string{string(v.ID), v.Category, v.Status}, []string{}
		for _, a := range v.Applications {
			words, labels = append(words, a.ID, a.ProductAlias, a.Role, a.Status, a.Flag), append(labels, a.ProductName)
		}
		for _, task := range v.Tasks {
			words, labels = append(words, task.ID, task.Type, task.State), append(labels, task.Name)
		}
		for _, c := range v.Checks {
			words = append(words, c.ID, c.Type, c.State, c.Result)
		}
		for _, w := range words {
			if w != "" && !wordForm.MatchString(w) {
				t.Errorf("word %q", w)
			}
		}
		for _, l := range labels {
			if len([]rune(l)) > maxMessage || strings.ContainsFunc(l, unicode.IsControl) {
				t.Errorf("label %q", l)
			}
		}
		if len(labels) > 2*maxShown || len(v.Checks) > maxShown || v.Completed < 0 || v.Total < 0 {
			t.Errorf("too much is shown: %d, %d, %d of %d", len(labels), len(v.Checks), v.Completed, v.Total)
		}
	})
}

// judged holds that every error text is one short line without the key.
func judged(t *testing.T, body []byte) {
	t.Helper()
	c := &Client{key: "SECRET-SECRET"}
	for _, status := range []int{http.StatusOK, http.StatusBadRequest, http.StatusNotFound, http.StatusBadGateway} {
		err := c.judge(call{endpoint: listProfiles}, reply{status: status, body: append([]byte(nil), body...)}, func(reply) error { return errNoJSON })
		if err == nil {
			t.Fatal("no error")
		}
		text := err.Error()
		if strings.Contains(text, "SECRET-SECRET") || len([]rune(text)) > maxMessage+100 || strings.ContainsFunc(text, unicode.IsControl) {
			t.Errorf("error text %q", text)
		}
	}
}

// FuzzQuota holds that whatever the headers say, it can be reckoned with.
func FuzzQuota(f *testing.F) {
	f.Add("97", "3", "")
	f.Add("-1", "NaN", "Mon, 01 Jan 2624 00:00:00 GMT")
	f.Add("1e999", "0x1p-2", "Inf")
	f.Fuzz(func(t *testing.T, left, wait, later string) {
		h := http.Header{}
		h.Set(remainingHeader, left)
		h.Set(waitHeaders[0], wait)
		h.Set("Retry-After", later)
		c := &Client{quota: func(_ context.Context, q Quota) {
			if q.Remaining < -1 || q.Remaining > maxRemaining || q.Wait < 0 || q.Wait > longestWait || q.Remaining < 0 && q.Wait == 0 {
				t.Errorf("%q, %q, %q: %+v", left, wait, later, q)
			}
		}}
		c.tellQuota(t.Context(), createProfile, reply{status: http.StatusTooManyRequests, header: h})
	})
}
