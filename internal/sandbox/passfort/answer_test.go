package passfort_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/effects"
	"portal/internal/sandbox/passfort"
)

// at walks down the answer's body, by the names of members and the places in lists; nil if there is nothing.
func (r reply) at(path ...any) any {
	var here any
	if err := json.Unmarshal([]byte(r.raw), &here); err != nil {
		return nil
	}
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, _ := here.(map[string]any)
			here = object[step]
		case int:
			list, _ := here.([]any)
			if step >= len(list) {
				return nil
			}
			here = list[step]
		}
	}
	return here
}

// each is a member of every item of a list in the answer's body.
func (r reply) each(member string, path ...any) []any {
	items, _ := r.at(path...).([]any)
	found := []any{}
	for _, item := range items {
		object, _ := item.(map[string]any)
		found = append(found, object[member])
	}
	return found
}

func TestErrorIsTheDocumentedObjectInAList(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})

	r := a.api(t, "POST", "/4.0/profiles", `{}`)

	want := map[string]any{"errors": []any{map[string]any{"code": 101.0, "message": "role is required", "source": "API"}}}
	if diff := cmp.Diff(want, r.body); diff != "" || r.status != http.StatusBadRequest {
		t.Errorf("status %d: %s", r.status, diff)
	}
	if got := r.header.Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type %s", got)
	}
}

// errorsByKind orders an error of each kind.
var errorsByKind = map[string]struct {
	call func(t *testing.T, a *account) reply
	code int
}{
	"missing_key": {func(t *testing.T, a *account) reply { return a.do(t, "GET", "/4.0/whoami", "") }, 203},
	"invalid_key": {func(t *testing.T, a *account) reply { return a.do(t, "GET", "/4.0/whoami", "", "apikey", "x") }, 204},
	"forbidden": {func(t *testing.T, a *account) reply {
		_, key := a.addRequest(t, a.addStub(t), "individual-onboarding")
		return a.do(t, "GET", "/4.0/whoami", "", "apikey", key)
	}, 204},
	"missing_fields": {func(t *testing.T, a *account) reply { return a.api(t, "POST", "/4.0/profiles", `{}`) }, 101},
	"invalid":        {func(t *testing.T, a *account) reply { return a.api(t, "POST", "/4.0/profiles", `[]`) }, 201},
	"not_found":      {func(t *testing.T, a *account) reply { return a.api(t, "GET", "/4.0/profiles/x", "") }, 201},
	"conflict": {func(t *testing.T, a *account) reply {
		id := a.addApplicant(t, "personal-account")
		return a.api(t, "POST", "/4.0/profiles/"+id+"/applications", `{"product":{"alias":"personal-account"}}`)
	}, 202},
	"too_large": {func(t *testing.T, a *account) reply {
		return a.api(t, "POST", "/4.0/profiles", string(make([]byte, 2<<20)))
	}, 201},
	"rate_limited": {func(t *testing.T, a *account) reply {
		for range 100 {
			a.api(t, "POST", "/4.0/profiles", `{}`)
		}
		return a.api(t, "POST", "/4.0/profiles", `{}`)
	}, 105},
}

var usualStatuses = map[string]int{
	"missing_key": 401, "invalid_key": 401, "forbidden": 403, "missing_fields": 400, "invalid": 400,
	"not_found": 404, "conflict": 409, "too_large": 413, "rate_limited": 429,
}

func TestEveryKindOfErrorHasItsCodeAndItsStatus(t *testing.T) {
	t.Parallel()
	for kind, c := range errorsByKind {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			if r := c.call(t, open(t, passfort.Options{})); r.status != usualStatuses[kind] || r.code() != c.code {
				t.Errorf("status %d code %d, want %d and %d: %s", r.status, r.code(), usualStatuses[kind], c.code, r.raw)
			}
		})
	}
}

func TestStatusOfAnErrorIsAnUnknown(t *testing.T) {
	t.Parallel()
	for kind, c := range errorsByKind {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := c.call(t, open(t, passfort.Options{ErrorStatuses: map[string]int{kind: 418}}))
			if r.status != 418 || r.code() != c.code {
				t.Errorf("status %d code %d, want 418 and %d", r.status, r.code(), c.code)
			}
		})
	}
}

func TestErrorsMayComeWithStatus200(t *testing.T) {
	t.Parallel()
	for kind, c := range errorsByKind {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			want := http.StatusOK
			if kind == "rate_limited" { // its status is documented
				want = http.StatusTooManyRequests
			}
			if r := c.call(t, open(t, passfort.Options{ErrorsAs200: true})); r.status != want || r.code() != c.code {
				t.Errorf("status %d code %d, want %d and %d", r.status, r.code(), want, c.code)
			}
		})
	}
}

func TestWrongMethodIsADocumentedError(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.addStub(t)

	for _, c := range [][2]string{{"DELETE", "/4.0/profiles/" + id}, {"PUT", "/4.0/profiles/" + id + "/collected_data"}, {"POST", "/4.0/whoami"}} {
		if r := a.api(t, c[0], c[1], `{}`); r.status != http.StatusNotFound || r.code() != 201 {
			t.Errorf("%s %s: status %d code %d, want 404 and 201", c[0], c[1], r.status, r.code())
		}
	}
}

// bodyOf is the body of a request.
func bodyOf(text string) io.Reader { return strings.NewReader(text) }

func TestNobodyWaitsForABodyThatIsSlowToCome(t *testing.T) {
	t.Parallel()
	p := passfort.New(passfort.Config{MasterKey: masterKey, Now: time.Now, Record: func(effects.Effect) {}})
	t.Cleanup(p.Close)
	router := chi.NewRouter()
	p.API(router)
	serve := func(method, path string, body io.Reader) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), method, path, body)
		r.Header.Set("apikey", masterKey)
		router.ServeHTTP(w, r)
		return w
	}
	created := serve("POST", "/4.0/profiles", bodyOf(`{"role":"INDIVIDUAL_CUSTOMER","collected_data":{"entity_type":"INDIVIDUAL"}}`))
	var profile struct{ ID string }
	if err := json.Unmarshal(created.Body.Bytes(), &profile); err != nil {
		t.Fatal(err)
	}
	one := "/4.0/profiles/" + profile.ID

	for _, path := range []string{"/tags", "/collected_data", "/collected_data/documents", "/checks", "/tasks", "/applications", "/status"} {
		body, slow := io.Pipe()
		done := make(chan struct{})
		go func() {
			defer close(done)
			serve("POST", one+path, body)
		}()
		if _, err := slow.Write([]byte(`{`)); err != nil { // it is being read now
			t.Fatal(err)
		}
		if w := serve("GET", one, nil); w.Code != http.StatusOK {
			t.Errorf("%s: status %d", path, w.Code)
		}
		_ = slow.Close()
		<-done
	}
}
