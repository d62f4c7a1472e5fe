package sandbox_test

import (
	"net/http"
	"testing"

	"portal/internal/sandbox"
	"portal/internal/sandbox/passfort"
)

func TestOptionsReachTheFront(t *testing.T) {
	t.Parallel()
	w := openWithMail(t)
	if policy := w.framePolicy(t); !contains(policy, "frame-ancestors *") {
		t.Errorf("at first: %s", policy)
	}

	status, _, body := w.do(t, "PATCH", "/_sandbox/passfort/options", `{"frame_ancestors":["https://portal.example"],"link_params":["rid","key"]}`)
	if status != http.StatusOK {
		t.Fatalf("changing: %d %s", status, body)
	}

	if policy := w.framePolicy(t); !contains(policy, "frame-ancestors https://portal.example") {
		t.Errorf("frame_ancestors: %s", policy)
	}
	if _, _, script := w.do(t, "GET", "/embed.js", ""); !contains(script, `["rid","key"]`) {
		t.Error("embed.js does not look for the names of link_params")
	}
	w.invite(t, "individual-onboarding", "jo@example.com")
	if text := w.Mailbox().Messages("")[0].Text; !contains(text, sandbox.DefaultFormURL+"?rid=") || !contains(text, "&key=") {
		t.Errorf("the link has other names: %s", text)
	}
}

func TestFrontKeepsToTheOptionsItStartsWith(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{PassFort: passfort.Options{FrameAncestors: []string{"https://a.example", "https://b.example"}}})
	if policy := w.framePolicy(t); !contains(policy, "frame-ancestors https://a.example https://b.example") {
		t.Errorf("policy: %s", policy)
	}
}

func (w world) framePolicy(t *testing.T) string {
	t.Helper()
	_, header, _ := w.do(t, "GET", "/collect", "")
	return header.Get("Content-Security-Policy")
}
