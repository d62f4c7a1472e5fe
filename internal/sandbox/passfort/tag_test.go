package passfort_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
)

func TestTagIsAddedAndRemoved(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	id := a.addStub(t)
	path := "/4.0/profiles/" + id + "/tags"

	added := a.api(t, "POST", path, `{"name":" VIP "}`)

	if added.status != http.StatusOK || added.text("name") != "VIP" || added.body["is_automatic"] != false {
		t.Errorf("status %d: %s", added.status, added.raw)
	}
	if diff := cmp.Diff([]any{added.at()}, a.profile(t, id).at("tags")); diff != "" {
		t.Error(diff)
	}
	if removed := a.api(t, "DELETE", path+"/"+added.text("id"), ""); removed.status != http.StatusOK || removed.text("name") != "VIP" {
		t.Errorf("status %d: %s", removed.status, removed.raw)
	}
	if diff := cmp.Diff([]any{}, a.profile(t, id).at("tags")); diff != "" {
		t.Error(diff)
	}
	if again := a.api(t, "DELETE", path+"/"+added.text("id"), ""); again.status != http.StatusNotFound {
		t.Errorf("again: status %d, want 404", again.status)
	}
}

func TestSameTagTwiceIsOneTag(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	one, other := a.addStub(t), a.addStub(t)
	first := a.api(t, "POST", "/4.0/profiles/"+one+"/tags", `{"name":"VIP"}`)

	for _, profile := range []string{one, other} {
		again := a.api(t, "POST", "/4.0/profiles/"+profile+"/tags", `{"name":"vip"}`)
		if again.raw != first.raw {
			t.Errorf("the tag has changed: %s", again.raw)
		}
		if got := a.profile(t, profile).each("id", "tags"); len(got) != 1 {
			t.Errorf("tags: %v", got)
		}
	}
}

func TestTagsThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	path := "/4.0/profiles/" + a.addStub(t) + "/tags"

	for body, code := range map[string]int{
		`{}`:             101,
		`{"name":"  "}`:  101,
		`{"name":null}`:  101,
		`{"name":7}`:     201,
		`["VIP"]`:        201,
		`{"name":"VIP"`:  201,
		`{"name":"V"}{}`: 201,
		`{"name":"` + strings.Repeat("x", 201) + `"}`: 201,
	} {
		if r := a.api(t, "POST", path, body); r.status != http.StatusBadRequest || r.code() != code {
			t.Errorf("%s: status %d code %d, want 400 and %d", body, r.status, r.code(), code)
		}
	}
}

func TestTagsAreSearched(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	for range 2 {
		path := "/4.0/profiles/" + a.addStub(t) + "/tags"
		for _, name := range []string{"High risk", "High value", "North/South", "100%"} {
			a.api(t, "POST", path, `{"name":"`+name+`"}`)
		}
	}

	for term, want := range map[string][]any{
		"high":         {"High risk", "High value"},
		"high%20r":     {"High risk"},
		"h%2Fs":        {"North/South"},
		"0%25":         {"100%"},
		"low":          {},
		"high?limit=1": {"High risk"},
	} {
		if diff := cmp.Diff(want, a.api(t, "GET", "/4.0/tags/search/"+term, "").each("name")); diff != "" {
			t.Errorf("%s: %s", term, diff)
		}
	}
	if r := a.api(t, "GET", "/4.0/tags/search/x?limit=0", ""); r.status != http.StatusBadRequest {
		t.Errorf("impossible limit: status %d, want 400", r.status)
	}
}
