package passfort_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
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
	for role, bodies := range map[string]map[string]int{
		"INDIVIDUAL_CUSTOMER": {
			``: 201, `null`: 201, `"x"`: 201, `[]`: 201, `{}`: 101, `{"entity_type":null}`: 101, `{"entity_type":"COMPANY"}`: 201,
			`{"entity_type":"INDIVIDUAL","personal_details":[]}`:                                           201,
			`{"entity_type":"INDIVIDUAL","personal_details":{"name":{"alt_family_names":"x"}}}`:            201,
			`{"entity_type":"INDIVIDUAL","personal_details":{"national_identity_number":{"GBR":1}}}`:       201,
			`{"entity_type":"INDIVIDUAL","address_history":{}}`:                                            201,
			`{"entity_type":"INDIVIDUAL","contact_details":{"email":1}}`:                                   201,
			`{"entity_type":"INDIVIDUAL","ip_location":{"ip_address":1}}`:                                  201,
			`{"entity_type":"INDIVIDUAL","documents":"x"}`:                                                 201,
			`{"entity_type":"INDIVIDUAL","documents":[null]}`:                                              101,
			`{"entity_type":"INDIVIDUAL","documents":[{"category":"x","document_type":"y"}]}`:              101,
			`{"entity_type":"INDIVIDUAL","documents":[{"category":1,"document_type":"y","images":[]}]}`:    201,
			`{"entity_type":"INDIVIDUAL","external_refs":"x"}`:                                             201,
			`{"entity_type":"INDIVIDUAL","x":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`: 201,
		},
		"COMPANY_CUSTOMER": {
			`{"entity_type":"COMPANY","metadata":{"number":12}}`:                             201,
			`{"entity_type":"COMPANY","metadata":{"is_active":"yes"}}`:                       201,
			`{"entity_type":"COMPANY","metadata":{"number_of_employees":"12"}}`:              201,
			`{"entity_type":"COMPANY","metadata":{"number_of_employees":1e999}}`:             201,
			`{"entity_type":"COMPANY","metadata":{"tax_ids":{}}}`:                            201,
			`{"entity_type":"COMPANY","metadata":{"sic_codes":[7]}}`:                         201,
			`{"entity_type":"COMPANY","officers":[]}`:                                        201,
			`{"entity_type":"COMPANY","officers":{"directors":{}}}`:                          201,
			`{"entity_type":"COMPANY","ownership_structure":"x"}`:                            201,
			`{"entity_type":"COMPANY","ownership_structure":{"share_classes":[{}]}}`:         101,
			`{"entity_type":"COMPANY","ownership_structure":{"share_classes":[null]}}`:       101,
			`{"entity_type":"COMPANY","ownership_structure":{"share_classes":[{"name":1}]}}`: 201,
			`{"entity_type":"COMPANY","charity_data":{"activities":"x"}}`:                    201,
			`{"entity_type":"COMPANY","filings":{}}`:                                         201,
		},
	} {
		entityType, _, _ := strings.Cut(role, "_")
		path := "/4.0/profiles/" + a.addProfile(t, role, `{"entity_type":"`+entityType+`"}`) + "/collected_data"
		before := a.api(t, "GET", path, "")
		for body, code := range bodies {
			if r := a.api(t, "POST", path, body); r.status != http.StatusBadRequest || r.code() != code {
				t.Errorf("%s: status %d code %d, want 400 and %d: %s", body, r.status, r.code(), code, r.raw)
			}
		}
		after := a.api(t, "GET", path, "")
		if after.raw != before.raw || after.header.Get("Etag") != before.header.Get("Etag") {
			t.Errorf("changed to %s", after.raw)
		}
	}
}

func TestUnknownMembersAndNumbersStayAsTheyAre(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	const data = `{"custom_fields":{"big":12345678901234567890.50,"exact":1.10,"null":null,"small":1E-7,"text":"<&>"},"entity_type":"INDIVIDUAL"}` + "\n"
	id := a.addProfile(t, "INDIVIDUAL_CUSTOMER", data)
	path := "/4.0/profiles/" + id + "/collected_data"

	if r := a.api(t, "GET", path, ""); r.raw != data {
		t.Errorf("created: %s", r.raw)
	}
	if r := a.api(t, "POST", path, data); r.raw != data {
		t.Errorf("replaced: %s", r.raw)
	}
	if raw, err := a.Save(); err != nil || a.Load(raw) != nil {
		t.Errorf("saved and loaded: %v", err)
	}
	if r := a.api(t, "GET", path, ""); r.raw != data {
		t.Errorf("loaded: %s", r.raw)
	}
}

func TestDocumentIsAppended(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.addProfile(t, "INDIVIDUAL_CUSTOMER", `{"entity_type":"INDIVIDUAL","customer_ref":"ref-1"}`)
	path := "/4.0/profiles/" + id + "/collected_data"
	before := a.api(t, "GET", path, "").header.Get("Etag")
	var want []any
	for _, kind := range []string{"PASSPORT", "STATE_ID"} {
		r := a.api(t, "POST", path+"/documents",
			`{"category":"PROOF_OF_IDENTITY","document_type":"`+kind+`","images":[{"image_type":"FRONT"}],"of_its_own":1}`)
		if r.status != http.StatusOK || r.text("id") == "" || r.at("of_its_own") != 1.0 {
			t.Fatalf("status %d: %s", r.status, r.raw)
		}
		want = append(want, r.at())
	}
	change := a.last(t, "COLLECTED_DATA_CHANGED")
	if diff := cmp.Diff(want[:1], inside(change, "old_data", "documents")); diff != "" {
		t.Error(diff)
	}

	r := a.api(t, "GET", path, "")

	if diff := cmp.Diff(want, r.at("documents")); diff != "" {
		t.Error(diff)
	}
	if r.at("customer_ref") != "ref-1" || r.header.Get("Etag") == before {
		t.Errorf("Etag %s: %s", r.header.Get("Etag"), r.raw)
	}
	for body, code := range map[string]int{
		`{}`: 101, `[]`: 201, `null`: 201, `{"category":"x","document_type":"y"}`: 101,
		`{"category":"x","document_type":"y","images":null}`: 101, `{"category":"x","document_type":"y","images":{}}`: 201,
	} {
		if r := a.api(t, "POST", path+"/documents", body); r.status != http.StatusBadRequest || r.code() != code {
			t.Errorf("%s: status %d code %d, want 400 and %d", body, r.status, r.code(), code)
		}
	}
	if images := a.api(t, "GET", "/4.0/profiles/"+id+"/document_images", ""); images.raw != "[]\n" {
		t.Errorf("images: %s", images.raw)
	}
	if image := a.api(t, "GET", "/4.0/profiles/"+id+"/document_images/x", ""); image.status != http.StatusNotFound {
		t.Errorf("unknown image: status %d, want 404", image.status)
	}
}
