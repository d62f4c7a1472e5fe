package passfort_test

import (
	"fmt"
	"net/http"
	"regexp"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
)

func TestEtagIsWeakAndChangesWithEveryVersion(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	path := "/4.0/profiles/" + a.addStub(t) + "/collected_data"
	form := regexp.MustCompile(`^W/"\d{10}\.\d{3}"$`)
	seen := map[string]bool{a.api(t, "GET", path, "").header.Get("Etag"): true}

	for range 5 { // the clock stands still
		r := a.api(t, "POST", path, `{"entity_type":"INDIVIDUAL"}`)
		etag := r.header.Get("Etag")
		if !form.MatchString(etag) {
			t.Errorf("Etag %s has another form than %s", etag, form)
		}
		if seen[etag] {
			t.Errorf("Etag %s was given twice", etag)
		}
		seen[etag] = true
		if read := a.api(t, "GET", path, "").header.Get("Etag"); read != etag {
			t.Errorf("the read has %s, the write had %s", read, etag)
		}
	}
}

func TestPostReplacesTheWholeDocument(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.addProfile(t, "COMPANY_CUSTOMER", `{"entity_type":"COMPANY","customer_ref":"ref-1"}`)
	path := "/4.0/profiles/" + id + "/collected_data"

	r := a.api(t, "POST", path, `{"entity_type":"COMPANY","metadata":{"name":"Acme","bvd":12345678901234567890.5}}`)

	want := `{"entity_type":"COMPANY","metadata":{"bvd":12345678901234567890.5,"name":"Acme"}}` + "\n"
	if r.status != http.StatusOK || r.raw != want {
		t.Errorf("status %d, body %s", r.status, r.raw)
	}
	if shown := a.api(t, "GET", "/4.0/profiles/"+id, ""); shown.text("display_name") != "Acme" {
		t.Errorf("display name %q", shown.text("display_name"))
	}
}

func TestStaleWriteGetsTheLatestDocument(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	path := "/4.0/profiles/" + a.addStub(t) + "/collected_data"
	stale := a.api(t, "GET", path, "").header.Get("Etag")
	latest := a.api(t, "POST", path, `{"entity_type":"INDIVIDUAL","customer_ref":"rival"}`, "If-Match", stale)

	lost := a.api(t, "POST", path, `{"entity_type":"INDIVIDUAL","customer_ref":"mine"}`, "If-Match", stale)

	if lost.status != http.StatusPreconditionFailed || lost.raw != latest.raw || lost.header.Get("Etag") != latest.header.Get("Etag") {
		t.Errorf("status %d, Etag %s, body %s", lost.status, lost.header.Get("Etag"), lost.raw)
	}
	again := a.api(t, "POST", path, `{"entity_type":"INDIVIDUAL","customer_ref":"mine"}`, "If-Match", lost.header.Get("Etag"))
	if again.status != http.StatusOK {
		t.Errorf("with the Etag of the 412: status %d", again.status)
	}
}

func TestIfMatchIsComparedLiterally(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	path := "/4.0/profiles/" + a.addStub(t) + "/collected_data"
	etag := a.api(t, "GET", path, "").header.Get("Etag")

	for _, other := range []string{"*", etag[2:], etag + ", " + etag} {
		r := a.api(t, "POST", path, `{"entity_type":"INDIVIDUAL"}`, "If-Match", other)
		if r.status != http.StatusPreconditionFailed {
			t.Errorf("If-Match %s: status %d, want 412", other, r.status)
		}
	}
	if r := a.api(t, "POST", path, `{"entity_type":"INDIVIDUAL"}`); r.status != http.StatusOK {
		t.Errorf("without If-Match: status %d, want 200", r.status)
	}
}

func TestExactlyOneOfManyConcurrentWritersWins(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	path := "/4.0/profiles/" + a.addStub(t) + "/collected_data"
	etag := a.api(t, "GET", path, "").header.Get("Etag")

	var mu sync.Mutex
	statuses := map[int]int{}
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() {
			body := fmt.Sprintf(`{"entity_type":"INDIVIDUAL","customer_ref":"writer-%d"}`, i)
			r := a.api(t, "POST", path, body, "If-Match", etag)
			mu.Lock()
			defer mu.Unlock()
			statuses[r.status]++
		})
	}
	wg.Wait()

	if diff := cmp.Diff(map[int]int{http.StatusOK: 1, http.StatusPreconditionFailed: 9}, statuses); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"profile.create", "collected_data.update"}, a.kinds()); diff != "" {
		t.Error(diff)
	}
}

func TestRefusedDocumentChangesNothing(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	path := "/4.0/profiles/" + a.addStub(t) + "/collected_data"
	before := a.api(t, "GET", path, "")

	for name, c := range map[string]struct {
		body string
		code int
	}{
		"null":              {`null`, 201},
		"a text":            {`"x"`, 201},
		"no entity type":    {`{}`, 101},
		"another entity":    {`{"entity_type":"COMPANY"}`, 201},
		"number as number":  {`{"entity_type":"INDIVIDUAL","metadata":{"number":12}}`, 201},
		"officers as list":  {`{"entity_type":"INDIVIDUAL","officers":[]}`, 201},
		"documents as text": {`{"entity_type":"INDIVIDUAL","documents":"x"}`, 201},
	} {
		if r := a.api(t, "POST", path, c.body); r.status != http.StatusBadRequest || r.code() != c.code {
			t.Errorf("%s: status %d code %d, want 400 and %d", name, r.status, r.code(), c.code)
		}
	}
	after := a.api(t, "GET", path, "")
	if after.raw != before.raw || after.header.Get("Etag") != before.header.Get("Etag") {
		t.Errorf("changed to %s", after.raw)
	}
}
