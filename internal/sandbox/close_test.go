package sandbox_test

import (
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"portal/internal/sandbox"
	"portal/internal/sandbox/faults"
	"portal/internal/sandbox/passfort/webhooks"
)

// It is not parallel, so that no other test's sandbox runs meanwhile.
func TestCloseEndsEverything(t *testing.T) {
	r := newReceiver(t)
	r.refuse(true)
	s := sandbox.New(sandbox.Options{Webhooks: webhooks.Options{URL: r.URL, BackoffMS: 10}})
	if _, err := s.Mailbox().Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.Handler())
	w := world{s, server.URL, server.Client()}
	w.invite(t, "company-onboarding", "jo@example.com")
	w.apply(t, "business-account", "COMPANY")
	for _, rule := range []faults.Rule{
		{Path: "/4.0/profiles", When: faults.Later, Kind: faults.Reset, DelayMS: 60_000, Count: 1},
		{Path: "/4.0", Kind: faults.Hang},
	} {
		if _, err := s.Faults().Add(rule); err != nil {
			t.Fatal(err)
		}
	}
	w.cutOff(t, 2) // one by each rule; the second hangs

	if err := s.Close(); err != nil {
		t.Error(err)
	}
	server.Close()

	eventually(t, "the end of every goroutine", func() bool { return running() == "" })
	if err := s.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
}

// running are the goroutines in which code of the sandbox runs, but for those of tests.
func running() string {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	var left []string
	for stack := range strings.SplitSeq(string(stacks), "\n\n") {
		if strings.Contains(stack, "portal/internal/sandbox") && !strings.Contains(stack, "sandbox_test") {
			left = append(left, stack)
		}
	}
	return strings.Join(left, "\n\n")
}
