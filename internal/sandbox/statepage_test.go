package sandbox_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox"
)

// upload sends a file with the form on the start page.
func (w world) upload(t *testing.T, content string) (int, string) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("back", "/#state"); err != nil {
		t.Fatal(err)
	}
	file, err := form.CreateFormFile("state", "state.json")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = file.Write([]byte(content))
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	status, header, page := w.do(t, "POST", "/state", body.String(), "Content-Type", form.FormDataContentType(), "Sec-Fetch-Site", "same-origin")
	return status, header.Get("Location") + page
}

func TestStateIsLoadedFromAFileOnTheStartPage(t *testing.T) {
	t.Parallel()
	w := openWithMail(t)
	w.invite(t, "individual-onboarding", "jo@example.com")
	_, _, state := w.do(t, "GET", "/_sandbox/state", "")
	other := open(t, sandbox.Options{})

	status, said := other.upload(t, state)

	if status != http.StatusSeeOther || said != "/?done=loaded#state" {
		t.Errorf("status %d %s", status, said)
	}
	if diff := cmp.Diff(w.PassFort().Overviews(9), other.PassFort().Overviews(9)); diff != "" {
		t.Error(diff)
	}
	if status, said := other.upload(t, "<html>"); status != http.StatusBadRequest || !contains(said, "no state to load") {
		t.Errorf("with another file: status %d %s", status, said)
	}
}

// It is not parallel, since it has to know where such files go.
func TestLargeFormsLeaveNoFilesBehind(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	w := open(t, sandbox.Options{})

	if status, _ := w.upload(t, strings.Repeat("x", 3<<20)); status != http.StatusBadRequest {
		t.Errorf("status %d", status)
	}

	left, err := os.ReadDir(folder)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
