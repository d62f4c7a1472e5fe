package sandbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"portal/internal/sandbox"
)

// press submits a form as a browser does.
func (w world) press(t *testing.T, path string, fields url.Values) (int, http.Header, string) {
	t.Helper()
	return w.do(t, "POST", path, fields.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin")
}

func TestStartPageLetsOneClickThroughEverything(t *testing.T) {
	t.Parallel()
	w := openWithMail(t)

	status, header, _ := w.press(t, "/staff/requests", url.Values{"flow_template": {"individual-onboarding"}, "to": {"jo@example.com"}})
	if status != http.StatusSeeOther || header.Get("Location") != "/" {
		t.Fatalf("creating: status %d to %q", status, header.Get("Location"))
	}
	request := w.PassFort().Overviews(1)[0].RequestID
	if _, _, page := w.do(t, "GET", "/", ""); !strings.Contains(page, request) || !strings.Contains(page, "customer_request.create") {
		t.Errorf("the start page lacks the request or its effects:\n%s", page)
	}
	if status, _, body := w.press(t, "/staff/requests/"+request+"/email", url.Values{"to": {"jo@example.com"}}); status != http.StatusSeeOther {
		t.Errorf("e-mailing: status %d: %s", status, body)
	}
	if status, _, body := w.press(t, "/staff/requests/"+request+"/state", url.Values{"state": {"EXPIRED"}}); status != http.StatusSeeOther {
		t.Errorf("expiring: status %d: %s", status, body)
	}
	if status, _, body := w.press(t, "/staff/requests/"+request+"/state", url.Values{"state": {"COMPLETED"}}); status != http.StatusConflict ||
		!strings.Contains(body, "EXPIRED") {
		t.Errorf("completing the expired: status %d: %s", status, body)
	}
	if got := len(w.Mailbox().Messages("jo@example.com")); got != 2 {
		t.Errorf("%d e-mails, want 2", got)
	}
}

func TestPagesHaveNoInlineCode(t *testing.T) {
	t.Parallel()
	w := openWithMail(t)
	w.invite(t, "individual-onboarding", "jo@example.com")

	for _, path := range []string{"/", "/mail", "/mail?to=nobody@example.com", "/mail/1", "/company/thanks"} {
		status, header, page := w.do(t, "GET", path, "")
		if status != http.StatusOK || !strings.HasPrefix(header.Get("Content-Security-Policy"), "default-src 'none'; style-src 'self'") {
			t.Errorf("%s: status %d, policy %q", path, status, header.Get("Content-Security-Policy"))
		}
		for _, inline := range []string{"<script", "<style", "style=", "onclick"} {
			if strings.Contains(page, inline) {
				t.Errorf("%s has %s", path, inline)
			}
		}
	}
}

func TestMailIsShownWithoutItsScripts(t *testing.T) {
	t.Parallel()
	w := openWithMail(t)
	message := "Subject: <b>bold</b>\r\nContent-Type: text/html\r\n\r\n<html><head></head><script>alert(1)</script><a href=\"https://x.example\">x</a></html>\r\n"
	if err := w.Mailbox().Send("shop@example.com", "jo@example.com", message); err != nil {
		t.Fatal(err)
	}

	_, _, page := w.do(t, "GET", "/mail/1", "")
	if strings.Contains(page, "<b>bold") || !strings.Contains(page, `sandbox="allow-popups allow-popups-to-escape-sandbox"`) {
		t.Errorf("page: %s", page)
	}
	status, header, part := w.do(t, "GET", "/mail/1/html", "")
	policy := header.Get("Content-Security-Policy")
	if status != http.StatusOK || strings.Contains(policy, "script") || !strings.Contains(policy, "sandbox allow-popups") {
		t.Errorf("status %d, policy %q", status, policy)
	}
	if !strings.Contains(part, `<head><base target="_blank"></head>`) {
		t.Errorf("links stay in the frame: %s", part)
	}
}

func TestUnknownPagesAreNotFound(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})

	for _, path := range []string{"/mail/77", "/mail/77/html", "/none"} {
		if status, _, _ := w.do(t, "GET", path, ""); status != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", path, status)
		}
	}
}

func TestStylesAreServed(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})

	_, _, ours := w.do(t, "GET", "/style.css", "")
	status, header, companys := w.do(t, "GET", "/company/style.css", "")

	if status != http.StatusOK || ours == companys || !strings.HasPrefix(header.Get("Content-Type"), "text/css") {
		t.Errorf("status %d, type %q", status, header.Get("Content-Type"))
	}
}
