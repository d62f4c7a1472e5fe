package sandbox_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"portal/internal/sandbox"
)

func TestMailIsShownWithoutItsScripts(t *testing.T) {
	t.Parallel()
	w := openWithMail(t)
	message := "Subject: <b>bold</b>\r\nContent-Type: text/html\r\n\r\n<html><head></head><script>alert(1)</script><a href=\"https://x.example\">x</a></html>\r\n"
	if err := w.Mailbox().Send("shop@example.com", "jo@example.com", message); err != nil {
		t.Fatal(err)
	}

	page := w.page(t, "/mail/1")
	if contains(page, "<b>bold") || !contains(page, `sandbox="allow-popups allow-popups-to-escape-sandbox"`) {
		t.Errorf("page: %s", page)
	}
	status, header, part := w.do(t, "GET", "/mail/1/html", "")
	policy := header.Get("Content-Security-Policy")
	if status != http.StatusOK || contains(policy, "script") || !contains(policy, "sandbox allow-popups") {
		t.Errorf("status %d, policy %q", status, policy)
	}
	if !contains(part, `<head><base target="_blank"></head>`) {
		t.Errorf("links stay in the frame: %s", part)
	}
}

func TestCustomTemplateIsReadAnewForEveryEmail(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "email.html")
	write := func(content string) {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w := open(t, sandbox.Options{EmailTemplate: path})
	if _, err := w.Mailbox().Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	body := `{"flow_template":"individual-onboarding","to":"jo@example.com"}`

	if status, _, said := w.do(t, "POST", "/_sandbox/passfort/requests", body); status != http.StatusInternalServerError {
		t.Errorf("without the file: %d %s", status, said)
	}
	write("<p>only {{editable_text}}</p>")
	if status, _, said := w.do(t, "POST", "/_sandbox/passfort/requests", body); status != http.StatusBadRequest || !contains(said, "lacks {{link}}") {
		t.Errorf("without a place for the link: %d %s", status, said)
	}
	write(`<h1>Dear customer</h1><p>{{editable_text}}</p><a href="{{link}}">Go</a>`)
	w.invite(t, "individual-onboarding", "jo@example.com")

	html := w.Mailbox().Messages("jo@example.com")[0].HTML
	if !strings.HasPrefix(html, "<h1>Dear customer</h1>") || !contains(html, sandbox.DefaultFormURL+"?request_id=") {
		t.Errorf("the e-mail is %s", html)
	}
}
