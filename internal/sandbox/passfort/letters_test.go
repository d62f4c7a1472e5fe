package passfort_test

import (
	"io"
	"strings"
	"testing"

	netmail "github.com/emersion/go-message/mail"
)

// opened is an e-mail as its reader sees it.
type opened struct {
	envelope          string // the address it was sent to
	from, to, subject string
	plain, page       string
	fromName          string
}

// letters are the e-mails sent so far, as they were handed over.
func (a *account) letters() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string{}, a.sent...)
}

// letter opens the latest e-mail.
func (a *account) letter(t *testing.T) opened {
	t.Helper()
	letters := a.letters()
	if len(letters) == 0 {
		t.Fatal("no e-mail was sent")
	}
	envelope, message, _ := strings.Cut(letters[len(letters)-1], "\n")
	r, err := netmail.CreateReader(strings.NewReader(message))
	if err != nil {
		t.Fatal(err)
	}
	o := opened{envelope: envelope}
	from, err := r.Header.AddressList("From")
	if err != nil || len(from) != 1 {
		t.Fatalf("senders: %v, %v", from, err)
	}
	o.from, o.fromName = from[0].Address, from[0].Name
	to, err := r.Header.AddressList("To")
	if err != nil || len(to) != 1 {
		t.Fatalf("recipients: %v, %v", to, err)
	}
	o.to = to[0].Address
	if o.subject, err = r.Header.Subject(); err != nil {
		t.Fatal(err)
	}
	o.plain, o.page = parts(t, r)
	return o
}

// parts are the text and the HTML of a message, which must have both in this order.
func parts(t *testing.T, r *netmail.Reader) (plain, page string) {
	t.Helper()
	var found [2]string
	for i, kind := range []string{"text/plain", "text/html"} {
		part, err := r.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		if got := part.Header.Get("Content-Type"); !strings.HasPrefix(got, kind) {
			t.Errorf("part %d is %s", i, got)
		}
		raw, err := io.ReadAll(part.Body)
		if err != nil {
			t.Fatal(err)
		}
		found[i] = string(raw)
	}
	return found[0], found[1]
}
