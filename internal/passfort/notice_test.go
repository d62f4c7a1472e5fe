package passfort_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/inbox"
	"portal/internal/onboarding"
	"portal/internal/passfort"
)

func TestNoticesSayWhatTheMessagesSay(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	got := passfort.Notice("p", []inbox.Message{
		{ID: "1", CustomerRef: "ref", Request: "r", Outcome: inbox.Sent, ReceivedAt: at},
		{ID: "2", Request: "r", Outcome: inbox.Completed, ReceivedAt: at.Add(time.Second)},
		{ID: "3", Request: "s", Outcome: inbox.Expired},
	})
	want := onboarding.Notice{Profile: "p", CustomerRef: "ref", Since: at, Words: []onboarding.Word{
		{Request: "r", Source: "1"},
		{Request: "r", Outcome: onboarding.Completed, Source: "2"},
		{Request: "s", Outcome: onboarding.Expired, Source: "3"},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
