package identity_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/identity"
)

// archive keeps which e-mails came back; those it does not know are none of ours.
type archive struct {
	known map[identity.MailID]bool
	marks []string
	down  error
}

func (a *archive) BounceMail(_ context.Context, b identity.Bounce, now time.Time) (bool, error) {
	if a.down != nil || !a.known[b.ID] {
		return false, a.down
	}
	delete(a.known, b.ID)
	a.marks = append(a.marks, string(b.ID)+" "+b.Reply+" "+now.Format(time.TimeOnly))
	return true, nil
}

func (a *archive) Mails(context.Context, identity.DeliveryFilter) ([]identity.Delivery, error) {
	return nil, a.down
}

// officeOf returns a post whose reports are lines of an id and codes, what it has observed, and its log.
func officeOf(a *archive) (*identity.Post, *[]string, *bytes.Buffer) {
	var outcomes []string
	var log bytes.Buffer
	return &identity.Post{
		Deliveries: a, Parse: parseLines, Observe: func(outcome string) { outcomes = append(outcomes, outcome) },
		Log: slog.New(slog.NewTextHandler(&log, nil)), Now: func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) },
	}, &outcomes, &log
}

func parseLines(r io.Reader) ([]identity.Bounce, error) {
	text, err := io.ReadAll(r)
	if err != nil || len(text) == 0 {
		return nil, errors.Join(err, identity.ErrNotABounce)
	}
	var bounces []identity.Bounce
	for line := range strings.Lines(string(text)) {
		id, reply, _ := strings.Cut(strings.TrimSpace(line), " ")
		bounces = append(bounces, identity.Bounce{ID: identity.MailID(id), Reply: reply})
	}
	return bounces, nil
}

func TestABounceMarksItsEmailOnce(t *testing.T) {
	t.Parallel()
	a := &archive{known: map[identity.MailID]bool{"one": true, "two": true}}
	p, outcomes, log := officeOf(a)
	for report, want := range map[string]int{"one 550 5.1.1\none 5.1.1\nstrange 550": 1, "strange 550": 0} {
		if marked, err := p.Receive(t.Context(), strings.NewReader(report)); err != nil || marked != want {
			t.Errorf("%q: %d, %v", report, marked, err)
		}
	}
	if diff := cmp.Diff([]string{"one 550 5.1.1 12:00:00"}, a.marks); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{identity.MailBounced}, *outcomes); diff != "" {
		t.Error(diff)
	}
	if said := log.String(); strings.Count(said, "\n") != 1 || !strings.Contains(said, "mail_id=one") || !strings.Contains(said, `reply="550 5.1.1"`) {
		t.Errorf("logged %q", said)
	}
}

func TestAMessageThatIsNoBounceAndAStoreThatIsAwayAreToldApart(t *testing.T) {
	t.Parallel()
	a := &archive{known: map[identity.MailID]bool{"one": true}}
	p, outcomes, _ := officeOf(a)
	if _, err := p.Receive(t.Context(), strings.NewReader("")); !errors.Is(err, identity.ErrNotABounce) {
		t.Error(err)
	}
	a.down = errDown
	if _, err := p.Receive(t.Context(), strings.NewReader("one 550")); !errors.Is(err, errDown) || errors.Is(err, identity.ErrNotABounce) {
		t.Error(err)
	}
	if len(*outcomes) > 0 {
		t.Errorf("observed %q", *outcomes)
	}
}
