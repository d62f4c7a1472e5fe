package sumsub_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/inbox"
	"portal/internal/onboarding"
	"portal/internal/sumsub"
)

func TestNoticesSayOnlyThatThereIsSomethingToRead(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	got := sumsub.Notice("a", []inbox.Message{
		{ID: "1", Event: "APPLICANTCREATED", CustomerRef: "ref", ReceivedAt: at},
		{ID: "2", Event: "APPLICANTREVIEWED", ReceivedAt: at.Add(time.Second)},
	})
	want := onboarding.Notice{Profile: "a", CustomerRef: "ref", Since: at}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
