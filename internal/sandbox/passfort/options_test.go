package passfort_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
)

func TestWrongOptionsAreNamed(t *testing.T) {
	t.Parallel()
	for text, complaint := range map[string]string{
		`{"create_status":204}`:                              "create_status is 204",
		`{"error_statuses":{"odd":400}}`:                     `error_statuses: "odd" is not a kind of error`,
		`{"error_statuses":{"invalid":99}}`:                  "error_statuses: invalid is 99",
		`{"error_statuses":{"invalid":600}}`:                 "error_statuses: invalid is 600",
		`{"rate_per_hour":-2}`:                               "rate_per_hour is -2",
		`{"rate_per_hour":9000000000000}`:                    "rate_per_hour is 9000000000000",
		`{"rate_burst":-1}`:                                  "rate_burst is -1",
		`{"rate_burst":9000000000000}`:                       "rate_burst is 9000000000000",
		`{"appear_delay_ms":-2}`:                             "appear_delay_ms is -2",
		`{"appear_delay_ms":9000000000000}`:                  "appear_delay_ms is 9000000000000",
		`{"check_delay_ms":-2}`:                              "check_delay_ms is -2",
		`{"check_delay_ms":9000000000000}`:                   "check_delay_ms is 9000000000000",
		`{"controlling_shareholders_key":"shareholders"}`:    `"shareholders" is taken by another list`,
		`{"global_ultimate_owners_key":"share_classes"}`:     `"share_classes" is taken by another list`,
		`{"second_request":"ignore"}`:                        `second_request is "ignore"`,
		`{"missing_request":"empty"}`:                        `missing_request is "empty"`,
		`{"validity_days":-1}`:                               "validity_days is -1",
		`{"validity_days":9000000}`:                          "validity_days is 9000000",
		`{"canceled_last":"CANCELED"}`:                       `canceled_last is "CANCELED"`,
		`{"link_params":["id"]}`:                             "link_params must be",
		`{"link_params":["id",""]}`:                          "link_params must be",
		`{"link_params":["id","id"]}`:                        "link_params must be",
		`{"redirect":"away"}`:                                `redirect is "away"`,
		`{"frame_ancestors":["https://a.example; x"]}`:       "frame_ancestors",
		`{"frame_ancestors":["https://a.example/x"]}`:        "frame_ancestors",
		`{"event_templates":{"ODD":"{}"}}`:                   `event_templates: "ODD" is not an event`,
		`{"event_templates":{"EVENTS_CREATED":"{{.x"}}`:      "event_templates: EVENTS_CREATED",
		`{"event_templates":{"EVENTS_CREATED":"{{odd 1}}"}}`: "event_templates: EVENTS_CREATED",
	} {
		var o passfort.Options
		must(t, json.Unmarshal([]byte(text), &o))
		if err := o.Check(); err == nil || !strings.Contains(err.Error(), complaint) {
			t.Errorf("%s: %v, want %q", text, err, complaint)
		}
		a := open(t, passfort.Options{})
		if err := a.SetOptions(o); !errors.Is(err, passfort.ErrInvalid) {
			t.Errorf("%s: set with %v", text, err)
		}
	}
}

func TestEverythingWrongIsSaidAtOnce(t *testing.T) {
	t.Parallel()

	err := passfort.Options{CreateStatus: 1, RateBurst: -1, Redirect: "away"}.Check()

	for _, name := range []string{"create_status", "rate_burst", "redirect"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v does not name %s", err, name)
		}
	}
}

func TestOptionsHaveLikelyDefaults(t *testing.T) {
	t.Parallel()
	want := passfort.Options{
		CreateStatus: http.StatusOK, RatePerHour: 10_000, RateBurst: 100, AppearDelayMS: 300, CheckDelayMS: 500,
		ControllersKey: "controlling_shareholders", UltimatesKey: "global_ultimate_owners",
		SecondRequest: passfort.Reject, MissingRequest: "not_found", ValidityDays: 90, CanceledLast: passfort.Expired,
		LinkParams: []string{"request_id", "apikey"}, Redirect: passfort.RedirectTop,
	}

	got := open(t, passfort.Options{}).Options()

	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if err := got.Check(); err != nil {
		t.Error(err)
	}
	if again := open(t, got).Options(); cmp.Diff(want, again) != "" {
		t.Error("the defaults are other options when they are spelt out")
	}
}

// unusual is another value of every option than its default.
var unusual = passfort.Options{
	CreateStatus: 201, ErrorStatuses: map[string]int{"invalid": 422}, ErrorsAs200: true, RatePerHour: -1, RateBurst: 7,
	AppearDelayMS: 8, CheckDelayMS: 9, OldestFirst: true, ListsData: true, SearchByCustomerRef: true, ManualLists: true,
	ControllersKey: "controllers", UltimatesKey: "ultimates", SecondRequest: passfort.Reuse, MissingRequest: "null",
	ReadHidesAPIKey: true, ExtendedRequest: true, RequestKeyReads: true, ValidityDays: 10, CanceledLast: passfort.Completed,
	LinkParams: []string{"r", "k"}, LinkFragment: true, Redirect: passfort.RedirectNone,
	FrameAncestors: []string{"https://portal.example:8443", "https://*.company.example"},
	EventTemplates: map[string]string{"EVENTS_CREATED": `{"a":{{json .profile_id}}}`},
}

func TestOptionsSurviveJSON(t *testing.T) {
	t.Parallel()
	raw, err := json.Marshal(unusual)
	must(t, err)
	var read passfort.Options
	must(t, json.Unmarshal(raw, &read))
	a := open(t, passfort.Options{})
	must(t, a.SetOptions(read))

	if diff := cmp.Diff(unusual, a.Options()); diff != "" {
		t.Error(diff)
	}
	a.Reset()
	if diff := cmp.Diff(open(t, passfort.Options{}).Options(), a.Options()); diff != "" {
		t.Errorf("after a reset: %s", diff)
	}
}

func TestEveryOptionIsNamedExplainedAndTried(t *testing.T) {
	t.Parallel()
	fields := reflect.TypeFor[passfort.Options]()
	for i := range fields.NumField() {
		f := fields.Field(i)
		if f.Tag.Get("json") == "" || f.Tag.Get("usage") == "" {
			t.Errorf("%s has no name or no explanation", f.Name)
		}
		if reflect.ValueOf(unusual).Field(i).IsZero() {
			t.Errorf("%s is not tried in TestOptionsSurviveJSON", f.Name)
		}
	}
}

func TestEverythingThatIsCreatedHasTheSameStatus(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{CreateStatus: http.StatusCreated})
	created := a.api(t, "POST", "/4.0/profiles", `{"role":"INDIVIDUAL_CUSTOMER","collected_data":{"entity_type":"INDIVIDUAL"}}`)
	one := "/4.0/profiles/" + created.text("id")

	for path, body := range map[string]string{
		"/4.0/profiles":                   `{"role":"COMPANY_CUSTOMER","collected_data":{"entity_type":"COMPANY"}}`,
		one + "/applications":             `{"product":{"alias":"personal-account"}}`,
		one + "/tasks":                    `{"variant":{"alias":"assess-exposure"}}`,
		one + "/checks":                   `{"check_type":"IDENTITY_CHECK"}`,
		one + "/tags":                     `{"name":"VIP"}`,
		one + "/collected_data/documents": `{"category":"PROOF_OF_IDENTITY","document_type":"PASSPORT","images":[]}`,
		strings.Replace(one, "/4.0/profiles", "/4.0/forms/profile", 1) + "/customer_request": requestBody("individual-onboarding"),
	} {
		if r := a.api(t, "POST", path, body); r.status != http.StatusCreated {
			t.Errorf("%s: status %d: %s", path, r.status, r.raw)
		}
	}
	if r := a.api(t, "POST", one+"/collected_data", `{"entity_type":"INDIVIDUAL"}`); r.status != http.StatusOK {
		t.Errorf("replacing creates nothing, but has status %d", r.status)
	}
}
