package passfort_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
)

func TestFreeformAddressIsReadBackStructured(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	const freeform = `{"type":"FREEFORM","country":"GBR","text":"1 Harbour Street, London","of_its_own":1}`
	want := map[string]any{
		"type": "STRUCTURED", "country": "GBR", "original_freeform_address": "1 Harbour Street, London", "of_its_own": 1.0,
	}
	for name, c := range map[string]struct {
		role, data string
		path       []any
	}{
		"of a person": {
			"INDIVIDUAL_CUSTOMER", `{"entity_type":"INDIVIDUAL","address_history":[{"address":` + freeform + `,"start_date":"2019-01"}]}`,
			[]any{"address_history", 0, "address"},
		},
		"of a company": {
			"COMPANY_CUSTOMER", `{"entity_type":"COMPANY","metadata":{"addresses":[{"type":"registered_address","address":` + freeform + `}]}}`,
			[]any{"metadata", "addresses", 0, "address"},
		},
		"of a candidate": {
			"COMPANY_CUSTOMER",
			`{"entity_type":"COMPANY","officers":{"directors":[{"entity_type":"INDIVIDUAL","immediate_data":{"entity_type":"INDIVIDUAL","address_history":[{"address":` + freeform + `}]}}]}}`,
			[]any{"officers", "directors", 0, "immediate_data", "address_history", 0, "address"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := "/4.0/profiles/" + a.addProfile(t, c.role, c.data) + "/collected_data"
			created := a.api(t, "GET", path, "")
			if diff := cmp.Diff(want, created.at(c.path...)); diff != "" {
				t.Error(diff)
			}
			if replaced := a.api(t, "POST", path, c.data); cmp.Diff(want, replaced.at(c.path...)) != "" {
				t.Errorf("replaced: %s", replaced.raw)
			}
			if back := a.api(t, "POST", path, created.raw); cmp.Diff(want, back.at(c.path...)) != "" {
				t.Errorf("sent back as it was read: %s", back.raw)
			}
		})
	}
}

func TestStructuredAddressStaysAsItIs(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	data := `{"address_history":[{"address":{"country":"GBR","postal_code":"E1","type":"STRUCTURED"}}],"entity_type":"INDIVIDUAL"}` + "\n"

	id := a.addProfile(t, "INDIVIDUAL_CUSTOMER", data)

	if r := a.api(t, "GET", "/4.0/profiles/"+id+"/collected_data", ""); r.raw != data {
		t.Errorf("read: %s", r.raw)
	}
}

func TestWrongAddressesAreRefused(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	path := "/4.0/profiles/" + a.addStub(t) + "/collected_data"

	for entry, code := range map[string]int{
		`null`:             101,
		`{}`:               101,
		`{"address":null}`: 101,
		`{"address":{}}`:   101,
		`{"address":{"type":"FREEFORM","country":"GBR"}}`:           101,
		`{"address":{"type":"FREEFORM","text":"1 Harbour Street"}}`: 101,
		`{"address":{"type":"FREEFORM","country":"GBR","text":""}}`: 101,
		`{"address":{"type":"LOOSE"}}`:                              201,
		`{"address":{"type":7}}`:                                    201,
		`{"address":"1 Harbour Street"}`:                            201,
		`{"address":{"type":"STRUCTURED","country":"Britain"}}`:     201,
		`{"address":{"type":"FREEFORM","country":"GB","text":"x"}}`: 201,
		`{"address":{"type":"STRUCTURED","locality":["x"]}}`:        201,
		`{"address":{"type":"STRUCTURED"},"start_date":2019}`:       201,
		`7`: 201,
		`{"address":{"type":"FREEFORM","country":"GBR","text":["x"]}}`: 201,
	} {
		r := a.api(t, "POST", path, `{"entity_type":"INDIVIDUAL","address_history":[`+entry+`]}`)
		if r.status != http.StatusBadRequest || r.code() != code {
			t.Errorf("%s: status %d code %d, want 400 and %d: %s", entry, r.status, r.code(), code, r.raw)
		}
	}
}
