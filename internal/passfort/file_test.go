package passfort_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/onboarding"
	"portal/internal/passfort"
)

// etag is what PassFort's look like.
const etag = `W/"1579973191.798"`

func TestCompanyFileIsReadWithItsVersion(t *testing.T) {
	t.Parallel()
	const body = `{"entity_type":"COMPANY","anything":[1.50]}`
	api := &keeping{Handler: always(http.StatusOK, body, "Etag", etag)}
	got, err := client(t, api).CompanyFile(t.Context(), profile)
	if err != nil || got.Profile != profile || got.Version != etag || string(got.Text) != body {
		t.Errorf("got %s %s %s, %v", got.Profile, got.Version, string(got.Text), err)
	}
	if r := api.only(t); r.Method != http.MethodGet || r.Path != "/4.0/profiles/"+string(profile)+"/collected_data" {
		t.Errorf("asked %s %s", r.Method, r.Path)
	}
}

func TestCompanyFileWithoutAVersionIsNone(t *testing.T) {
	t.Parallel()
	for name, api := range map[string]http.Handler{
		"no ETag":        always(http.StatusOK, `{"entity_type":"COMPANY"}`),
		"an endless one": always(http.StatusOK, `{"entity_type":"COMPANY"}`, "Etag", `"`+strings.Repeat("1", 600)+`"`),
		"no type":        always(http.StatusOK, `{}`, "Etag", etag),
		"null":           always(http.StatusOK, `null`, "Etag", etag),
		"half":           always(http.StatusOK, `{"entity_type":"COMPANY"`, "Etag", etag),
		"more than one":  always(http.StatusOK, `{"entity_type":"COMPANY"} {}`, "Etag", etag),
	} {
		got, err := client(t, api).CompanyFile(t.Context(), profile)
		wantKind(t, err, onboarding.Busy)
		if !errors.Is(err, onboarding.ErrUnreadable) || !cmp.Equal(got, onboarding.CompanyFile{}) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestCompanyFileHasALimitOfItsOwn(t *testing.T) {
	t.Parallel()
	long := func(megabytes int) string {
		return `{"entity_type":"COMPANY","x":"` + strings.Repeat(" ", megabytes<<20) + `"}`
	}
	if f, err := client(t, always(http.StatusOK, long(9), "Etag", etag)).CompanyFile(t.Context(), profile); err != nil || len(f.Text) < 9<<20 {
		t.Errorf("%d bytes, %v", len(f.Text), err)
	}
	_, err := client(t, always(http.StatusOK, long(33), "Etag", etag)).CompanyFile(t.Context(), profile)
	wantKind(t, err, onboarding.Busy)
	_, err = client(t, always(http.StatusOK, long(33), "Etag", etag)).ReplaceCompanyFile(t.Context(), file)
	wantKind(t, err, onboarding.Unanswered)
}

func TestReplaceCompanyFileNamesTheVersionItReplaces(t *testing.T) {
	t.Parallel()
	api := &keeping{Handler: always(http.StatusOK, `{"entity_type":"COMPANY","new":1}`, "Etag", etag)}
	got, err := client(t, api).ReplaceCompanyFile(t.Context(), file)
	if err != nil || got.Profile != profile || got.Version != etag || string(got.Text) != `{"entity_type":"COMPANY","new":1}` {
		t.Errorf("got %s %s %s, %v", got.Profile, got.Version, string(got.Text), err)
	}
	r := api.only(t)
	if r.Method != http.MethodPost || r.Path != "/4.0/profiles/"+string(profile)+"/collected_data" || r.Header.Get("If-Match") != file.Version {
		t.Errorf("asked %s %s with %q", r.Method, r.Path, r.Header.Get("If-Match"))
	}
}

func TestReplaceCompanyFileNeverWritesWithoutAVersion(t *testing.T) {
	t.Parallel()
	api := &keeping{Handler: always(http.StatusOK, `{"entity_type":"COMPANY"}`, "Etag", etag)}
	got, err := client(t, api).ReplaceCompanyFile(t.Context(), onboarding.CompanyFile{Profile: profile, Text: file.Text})
	wantKind(t, err, onboarding.Conflict)
	if len(api.kept) > 0 || got.Profile != profile || got.Version != "" {
		t.Errorf("%d requests, %+v", len(api.kept), got)
	}
}

func TestReplaceCompanyFileSendsOfALinkTheIDAlone(t *testing.T) {
	t.Parallel()
	expanded := `{"linked_profile":{"role":"X","id":"P-1","collected_data":{"entity_type":"INDIVIDUAL"}},"resolver_id":"r","total_percentage":12.50}`
	reduced := `{"linked_profile":{"id":"P-1"},"resolver_id":"r","total_percentage":12.50}`
	candidate := `{"immediate_data":{"entity_type":"INDIVIDUAL"},"linked_profile":{"more":1,"id":null}}`
	list := func(entry string) string { return `[` + entry + `,` + candidate + `,null]` }
	text := func(entry string) string {
		return `{"entity_type":"COMPANY","officers":{"directors":` + list(entry) + `,"x":` + list(expanded) + `},
			"ownership_structure":{"share_classes":[{"name":"A"}],"a-list":` + list(entry) + `,"ultimates":` + list(entry) + `},
			"authorized_persons":` + list(entry) + `,"unauthorized_persons":` + list(entry) + `,"someones":` + list(expanded) + `}`
	}
	api := &keeping{Handler: always(http.StatusOK, `{"entity_type":"COMPANY"}`)}
	c := clientWith(t, api, passfort.Options{ControllersKey: "a-list", UltimatesKey: "ultimates"})
	got, err := c.ReplaceCompanyFile(t.Context(), onboarding.CompanyFile{Profile: profile, Version: etag, Text: []byte(text(expanded))})
	if err != nil || got.Version != "" {
		t.Fatalf("%q, %v", got.Version, err)
	}
	if diff := cmp.Diff(meaning(t, text(reduced)), meaning(t, string(api.only(t).Raw))); diff != "" {
		t.Error("(-want +got):", diff)
	}
}

// TestWhoComesTooLateGetsWhatOthersWrote holds for every form in which PassFort might answer.
func TestWhoComesTooLateGetsWhatOthersWrote(t *testing.T) {
	t.Parallel()
	const theirs = `{"entity_type":"COMPANY","theirs":1}`
	for name, test := range map[string]struct {
		body   string
		header []string
		want   onboarding.CompanyFile
	}{
		"with all":    {theirs, []string{"Etag", etag}, onboarding.CompanyFile{Profile: profile, Version: etag, Text: []byte(theirs)}},
		"no version":  {theirs, nil, onboarding.CompanyFile{Profile: profile, Text: []byte(theirs)}},
		"no body":     {"", []string{"Etag", etag}, onboarding.CompanyFile{Profile: profile}},
		"no data":     {`{"errors":[{"code":105,"message":"Zimmer"}]}`, []string{"Etag", etag}, onboarding.CompanyFile{Profile: profile}},
		"half a body": {theirs[:20], []string{"Etag", etag}, onboarding.CompanyFile{Profile: profile}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var outcomes []string
			c := clientWith(t, always(http.StatusPreconditionFailed, test.body, test.header...), passfort.Options{
				BreakAfter: 2, Observe: observed(&outcomes),
			})
			for range 5 { // more than a breaker would bear
				got, err := c.ReplaceCompanyFile(t.Context(), file)
				wantKind(t, err, onboarding.Conflict)
				if got.Profile != test.want.Profile || got.Version != test.want.Version || string(got.Text) != string(test.want.Text) {
					t.Errorf("got %s %s %s", got.Profile, got.Version, string(got.Text))
				}
				if strings.Contains(err.Error(), "Zimmer") {
					t.Error("the answer is repeated:", err)
				}
			}
			if diff := cmp.Diff(slices.Repeat([]string{"update_collected_data conflict"}, 5), outcomes); diff != "" {
				t.Error("observed (-want +got):", diff)
			}
		})
	}
}

func TestWritesThatCannotBeAreInvalid(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 409, 413, 422} {
		_, err := client(t, always(status, "")).ReplaceCompanyFile(t.Context(), file)
		wantKind(t, err, onboarding.Invalid)
	}
}

func TestWritesTellTheQuota(t *testing.T) {
	t.Parallel()
	c, heard := listening(t, always(http.StatusTooManyRequests, "", "X-RateLimit-Remaining", "0", "X-RateLimit-Retry-Secs", "7"))
	_, err := c.ReplaceCompanyFile(t.Context(), file)
	wantKind(t, err, onboarding.Busy)
	if want := "[{update_collected_data 0 7s}]"; fmt.Sprint(*heard) != want {
		t.Errorf("heard %v, want %s", *heard, want)
	}
}
