package webhooks_test

import (
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"portal/internal/sandbox/sumsub/webhooks"
)

// reviewed is a webhook as Sumsub's library writes it.
const reviewed = `{
  "applicantId" : "5cb56e8e0a975a35f333cb83",
  "inspectionId" : "5cb56e8e0a975a35f333cb84",
  "applicantType" : "individual",
  "correlationId" : "req-a260b669-4f14-4bb5-a4c5-ac0218acb9a4",
  "levelName" : "basic-kyc-level",
  "externalUserId" : "Zoë <1>",
  "type" : "applicantReviewed",
  "sandboxMode" : true,
  "reviewResult" : {
    "moderationComment" : "Write to ${clientSupportEmail}\n\"now\"",
    "reviewAnswer" : "RED",
    "rejectLabels" : [ "UNSATISFACTORY_PHOTOS", "SCREENSHOTS" ],
    "reviewRejectType" : "RETRY",
    "buttonIds" : [ ]
  },
  "reviewStatus" : "completed",
  "createdAtMs" : "2020-02-21 13:23:19.001",
  "clientId" : null,
  "extra" : {
    "deep" : [ {
      "n" : 12345678901234567890
    }, 2.50 ],
    "empty" : { }
  }
}`

func TestBodiesAreWrittenAsSumsubsLibraryWritesThem(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, webhooks.Options{})

	q.Enqueue("applicantReviewed", map[string]any{
		"externalUserId": "Zoë <1>", "applicantId": "5cb56e8e0a975a35f333cb83", "inspectionId": "5cb56e8e0a975a35f333cb84",
		"applicantType": "individual", "correlationId": "req-a260b669-4f14-4bb5-a4c5-ac0218acb9a4",
		"levelName": "basic-kyc-level", "sandboxMode": true, "reviewStatus": "completed", "clientId": nil,
		"createdAtMs": "2020-02-21 13:23:19.001",
		"reviewResult": map[string]any{
			"buttonIds": []string{}, "reviewRejectType": "RETRY", "reviewAnswer": "RED",
			"rejectLabels": []string{"UNSATISFACTORY_PHOTOS", "SCREENSHOTS"}, "moderationComment": "Write to ${clientSupportEmail}\n\"now\"",
		},
		"extra": json.RawMessage(`{"empty":{},"deep":[{"n":12345678901234567890},2.50]}`),
	})

	if diff := cmp.Diff(reviewed, rc.next(t).body); diff != "" {
		t.Error(diff)
	}
}

func TestBodiesMeanWhatTheDataMeans(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, webhooks.Options{})
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.String()
		data := map[string]any{
			"type": "applicantPending", "createdAtMs": "x", "correlationId": text.Draw(r, "correlation"),
			"reviewResult": map[string]any{text.Draw(r, "name"): text.Draw(r, "value"), "list": rapid.SliceOf(text).Draw(r, "list")},
		}
		var want map[string]any
		raw, _ := json.Marshal(data)
		_ = json.Unmarshal(raw, &want)

		q.Enqueue("applicantPending", data)

		if got := rc.next(t); !reflect.DeepEqual(got.payload, want) {
			r.Fatalf("got %s, want %s", got.body, raw)
		}
	})
}

func TestPayloadsAreCompleted(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, webhooks.Options{})

	q.Enqueue("applicantCreated", map[string]any{"applicantId": "a"})

	got := rc.next(t)
	correlation, _ := got.payload["correlationId"].(string)
	if got.event() != "applicantCreated" || got.payload["createdAtMs"] != "2026-03-01 12:00:00.123" || !regexp.MustCompile(`^req-[0-9a-f-]{36}$`).MatchString(correlation) {
		t.Errorf("payload: %s", got.body)
	}
	if kind, agent := got.header.Get("Content-Type"), got.header.Get("User-Agent"); kind != "application/json" || !strings.HasPrefix(agent, "Sumsub") {
		t.Errorf("headers: %v", got.header)
	}
}

func TestOptionalMembersCanBeMissing(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, webhooks.Options{MissingOptional: true})

	enqueue(q, "applicantPending")

	payload := rc.next(t).payload
	for _, name := range []string{"applicantType", "sandboxMode", "clientId"} {
		if _, ok := payload[name]; ok {
			t.Errorf("%s is there", name)
		}
	}
	for _, name := range []string{"applicantId", "externalUserId", "type", "reviewStatus", "createdAtMs"} {
		if payload[name] == nil {
			t.Errorf("%s is missing", name)
		}
	}
}

func TestSandboxModeCanBeAText(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, webhooks.Options{SandboxModeAsString: true})

	enqueue(q, "applicantPending")

	if got := rc.next(t).payload["sandboxMode"]; got != "true" {
		t.Errorf("sandboxMode is %#v", got)
	}
}

func TestDataThatCannotTravelIsShownAsFailed(t *testing.T) {
	t.Parallel()
	q := open(t, listen(t), webhooks.Options{})

	q.Enqueue("applicantPending", map[string]any{"x": func() {}})
	q.Enqueue("applicantPending", map[string]any{"x": strings.Repeat("x", 2<<20)})

	for _, d := range q.Status().Deliveries {
		if d.State != webhooks.Failed || d.Attempts[0].Error == "" {
			t.Errorf("delivery: %+v", d)
		}
		if _, err := q.Resend(d.ID); err == nil {
			t.Error("it can be sent again")
		}
	}
	if err := q.Load(q.Save()); err != nil {
		t.Error(err)
	}
}
