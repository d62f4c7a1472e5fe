package mail_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/identity"
	"portal/internal/mail"
)

// sample is a message in the style of a mail server.
func sample(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "bounces", name+".eml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestBouncesOfManyMailServersAreRead(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"postfix":       {"550 5.1.1"}, // by its envelope id, although the headers name another
		"exim":          {"552 5.0.0"},
		"exchange":      {"550 5.1.10"},
		"gmail":         {"4.4.1"},
		"international": {"5.6.7"},
		"several":       {"5.4.7"}, // whatever became of the others
		"late":          nil,
	} {
		for ending, text := range map[string][]byte{"LF": []byte(sample(t, name)), "CRLF": crlf(sample(t, name))} {
			var bounces []identity.Bounce
			for _, reply := range want {
				bounces = append(bounces, identity.Bounce{ID: mailID, Reply: reply})
			}
			got, err := mail.ParseBounce(bytes.NewReader(text))
			if err != nil {
				t.Errorf("%s, %s: %v", name, ending, err)
			}
			if diff := cmp.Diff(bounces, got); diff != "" {
				t.Errorf("%s, %s: %s", name, ending, diff)
			}
		}
	}
}

func TestIDOfSomebodyElseGivesWayToTheReturnedHeaders(t *testing.T) {
	t.Parallel()
	text := strings.Replace(sample(t, "exim"), "Reporting-MTA:", "Original-Envelope-Id: QQ-1234567890\nReporting-MTA:", 1)
	got, err := mail.ParseBounce(strings.NewReader(text))
	if err != nil || len(got) != 1 || got[0].ID != mailID {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestWhatIsNoBounceOfOursIsToldApart(t *testing.T) {
	t.Parallel()
	postfix := sample(t, "postfix")
	for name, text := range map[string]string{
		"nothing":              "",
		"no message":           "hello",
		"a person's answer":    "From: ada@example.com\nSubject: Re: Your sign-in code\n\nI did not ask for this: abcdefghijklmnopqrstuvwx27\n",
		"a receipt":            "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\nContent-Type: message/disposition-notification\n\nOriginal-Message-ID: <abcdefghijklmnopqrstuvwx27@northlight.example>\nDisposition: automatic-action; displayed\n\n--b--\n",
		"somebody else's mail": strings.NewReplacer(string(mailID), "order-17", "zzzzzzzzzzzzzzzzzzzzzzzz22", "order-17").Replace(postfix),
		"an empty report":      "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n\n--b--\n",
		"no boundary":          strings.Replace(postfix, "boundary=", "border=", 1),
		"cut short":            postfix[:strings.Index(postfix, "Content-Description: Delivery report")],
		"parts without end":    "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\n", 100) + "--b\nContent-Type: message/delivery-status\n\nOriginal-Envelope-Id: abcdefghijklmnopqrstuvwx27\n\nAction: failed\n--b--\n",
		"parts within parts":   nested(20),
	} {
		if got, err := mail.ParseBounce(strings.NewReader(text)); !errors.Is(err, identity.ErrNotABounce) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// nested is a report wrapped many times.
func nested(depth int) string {
	part := "Content-Type: message/delivery-status\n\nOriginal-Envelope-Id: abcdefghijklmnopqrstuvwx27\n\nAction: failed\n"
	for i := range depth {
		part = fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\n\n--b%[1]d\n%s\n--b%[1]d--\n", i, part)
	}
	return part
}

func TestReportWrappedOnceOrTwiceIsRead(t *testing.T) {
	t.Parallel()
	for depth := range 4 {
		if got, err := mail.ParseBounce(strings.NewReader(nested(depth))); err != nil || len(got) != 1 || got[0].Reply != "" {
			t.Errorf("%d deep: %+v, %v", depth, got, err)
		}
	}
}

func TestOverlongMessageIsRefusedUnread(t *testing.T) {
	t.Parallel()
	text := sample(t, "postfix") + strings.Repeat("x", 1<<20)
	if got, err := mail.ParseBounce(strings.NewReader(text)); !errors.Is(err, identity.ErrNotABounce) || len(got) > 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestReplyHoldsCodesOnly(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"Status: 5.1.1\nDiagnostic-Code: smtp; 550-5.1.1 no such ada":                   "550 5.1.1",
		"Status: 5.1.1 (no such ada)":                                                   "5.1.1",
		"Status: ada":                                                                   "",
		"Status: 2.0.0\nDiagnostic-Code: smtp; 250 ok":                                  "",
		"Diagnostic-Code: smtp; 554 ada":                                                "554",
		"Diagnostic-Code: X-Notes; 550 User ada not listed":                             "",
		"Diagnostic-Code: smtp; host mx4.example.com[192.0.2.7] said: 550 5.1.1 no ada": "550",
		"Diagnostic-Code: smtp; ada 5501234":                                            "",
		"status:5.2.2\ndiagnostic-code:SMTP;552 full":                                   "552 5.2.2",
		"Status: 5.1.1\nStatus: 5.2.2":                                                  "5.1.1",
	} {
		text := "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n" +
			"Original-Envelope-Id: " + string(mailID) + "\n\nAction: failed\n" + said + "\n--b--\n"
		if got, err := mail.ParseBounce(strings.NewReader(text)); err != nil || len(got) != 1 || got[0].Reply != want {
			t.Errorf("%q: %+v, %v", said, got, err)
		}
	}
}

var (
	anID   = regexp.MustCompile(`^[a-z2-7]{26,52}$`)
	aReply = regexp.MustCompile(`^(?:[45]\d\d)? ?(?:[45]\.\d{1,3}\.\d{1,3})?$`)
)

// mostRecipients is how many recipients a report may have that are looked at.
const mostRecipients = 99

func FuzzParseBounce(f *testing.F) {
	for _, name := range []string{"postfix", "exim", "exchange", "gmail", "international", "several", "late"} {
		f.Add([]byte(sample(f, name)))
		f.Add(crlf(sample(f, name)))
	}
	f.Add([]byte(nested(3)))
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := mail.ParseBounce(bytes.NewReader(text))
		if err != nil && !errors.Is(err, identity.ErrNotABounce) {
			t.Errorf("an error of its own: %v", err)
		}
		if err != nil && len(got) > 0 || len(got) > mostRecipients {
			t.Errorf("%d bounces, %v", len(got), err)
		}
		for _, b := range got {
			if !anID.MatchString(string(b.ID)) || !aReply.MatchString(b.Reply) || b.ID != got[0].ID {
				t.Errorf("%+v", b)
			}
		}
	})
}
