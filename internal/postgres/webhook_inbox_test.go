package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"
	"pgregory.net/rapid"

	"portal/internal/inbox"
)

// words reads deliveries of the form "id:profile id:profile"; an id of "?" cannot be read until it has learnt to.
type words struct{ learnt bool }

func (w *words) Admit(inbox.Proof) error { return nil }

func (w *words) Decode(_ inbox.Proof, body []byte, _ bool) (messages []inbox.Message, _ error) {
	for word := range strings.FieldsSeq(string(body)) {
		m := inbox.Message{ID: "unreadable-" + word, Body: inbox.Body(word), Trouble: "a riddle"}
		if id, profile, _ := strings.Cut(word, ":"); w.learnt || id[0] != '?' {
			m = inbox.Message{ID: id, Event: "X", Profile: profile, Body: inbox.Body(word)}
		}
		messages = append(messages, m)
	}
	return messages, nil
}

func (w *words) DecodeAgain(body inbox.Body) ([]inbox.Message, error) {
	return w.Decode(inbox.Proof{}, []byte(body.Reveal()), false)
}

// receiver is the company's own: it takes messages unless it is told not to.
type receiver struct {
	got  []string
	away error
}

func (r *receiver) Forward(_ context.Context, m inbox.Message) error {
	if r.away == nil {
		r.got = append(r.got, m.Body.Reveal())
	}
	return r.away
}

// office is an inbox on real Postgres under a clock of its own.
type office struct {
	*inbox.Inbox
	words    *words
	receiver *receiver
	pool     *pgxpool.Pool
	log      *strings.Builder
	at       time.Time
	handed   []string
	hand     func(messages []inbox.Message) error // may be nil
}

func newOffice(t *testing.T) *office {
	t.Helper()
	s, pool := newWebhooks(t)
	o := &office{words: &words{}, receiver: &receiver{}, pool: pool, log: &strings.Builder{}, at: now}
	o.Inbox = &inbox.Inbox{
		Messages: s, Decoders: map[string]inbox.Decoder{"passfort": o.words},
		Forwarders: map[string]inbox.Forwarder{"passfort": o.receiver},
		Hand: func(_ context.Context, _, _ string, messages []inbox.Message) error {
			if o.hand != nil {
				if err := o.hand(messages); err != nil {
					return err
				}
			}
			for _, m := range messages {
				o.handed = append(o.handed, m.ID)
			}
			return nil
		},
		Retention: time.Hour, Now: func() time.Time { return o.at }, Jitter: func() float64 { return 0 },
		Log: slog.New(slog.NewTextHandler(o.log, nil)),
	}
	return o
}

func (o *office) receive(t *testing.T, deliveries ...string) {
	t.Helper()
	for _, d := range deliveries {
		if err := o.Receive(t.Context(), "passfort", inbox.Proof{}, []byte(d), false); err != nil {
			t.Fatal(err)
		}
	}
}

func (o *office) process(t *testing.T) {
	t.Helper()
	if _, err := o.ProcessDue(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (o *office) forward(t *testing.T) {
	t.Helper()
	if _, err := o.ForwardDue(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (o *office) standing(t *testing.T) inbox.Standing {
	t.Helper()
	s, err := o.Standing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (o *office) wantHanded(t *testing.T, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, o.handed); diff != "" {
		t.Errorf("handed on (-want +got):\n%s", diff)
	}
}

func TestWhatCannotBeHandedOnWaitsLongerAndLonger(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.hand = func([]inbox.Message) error { return errors.New("the provider is away") }
	o.receive(t, "1:a")
	tries := 0
	var waits []time.Duration
	for len(waits) < 12 {
		before := o.at
		for o.process(t); o.standing(t).Pending == 1 && tries == entry(t, o).Tries; o.process(t) {
			o.at = o.at.Add(250 * time.Millisecond)
		}
		tries = entry(t, o).Tries
		waits = append(waits, o.at.Sub(before))
	}
	want := []time.Duration{
		0, 1 * time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 32 * time.Second, 64 * time.Second,
		128 * time.Second, 256 * time.Second, 5 * time.Minute, 5 * time.Minute,
	}
	if diff := cmp.Diff(want, waits); diff != "" {
		t.Errorf("waits (-want +got):\n%s", diff)
	}
	if e := entry(t, o); e.Cause != "the provider is away" || e.Status != "pending" {
		t.Errorf("%+v", e)
	}
	o.receive(t, "2:a 3:b")
	o.hand = nil
	o.process(t)
	o.wantHanded(t, "3")
	o.at = o.at.Add(5 * time.Minute)
	o.process(t)
	o.wantHanded(t, "3", "1", "2")
}

func entry(t *testing.T, o *office) inbox.Entry {
	t.Helper()
	entries, err := o.Messages.List(t.Context(), "", 1)
	if err != nil || len(entries) != 1 {
		t.Fatalf("%v, %v", entries, err)
	}
	return entries[0]
}

func TestForwardingHoldsItsOrderAndNobodyUp(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.receiver.away = errors.New("no answer")
	o.receive(t, "1:a 2:b", "?3", "4:a")
	o.forward(t)
	o.process(t)
	o.wantHanded(t, "1", "4", "2")
	if s := o.standing(t); s.Forwarding != 3 || s.Pending != 0 || s.Quarantined != 1 {
		t.Errorf("%+v", s)
	}
	o.receiver.away = nil
	o.forward(t)
	if len(o.receiver.got) > 0 {
		t.Errorf("sent before the wait was over: %v", o.receiver.got)
	}
	o.at = o.at.Add(time.Second)
	if s := o.standing(t); s.OldestForwarding != time.Second {
		t.Errorf("%+v", s)
	}
	o.forward(t)
	o.forward(t)
	if diff := cmp.Diff([]string{"1:a", "2:b", "4:a"}, o.receiver.got); diff != "" {
		t.Errorf("forwarded (-want +got):\n%s", diff)
	}
	if s := o.standing(t); s.Forwarding != 0 || s.OldestForwarding != 0 {
		t.Errorf("%+v", s)
	}
}

func TestOneReplicaForwardsAtATime(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.receive(t, "1:a 2:a 3:a")
	s, ctx := o.Messages, t.Context()
	turn, ok, err := s.ClaimTurn(ctx, "passfort", now, now.Add(time.Minute))
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	o.forward(t)
	if len(o.receiver.got) != 0 {
		t.Errorf("two send on at once: %v", o.receiver.got)
	}
	o.at = o.at.Add(2 * time.Minute) // the other has died
	o.forward(t)
	if len(o.receiver.got) != 3 {
		t.Errorf("nobody took over: %v", o.receiver.got)
	}
	if err := s.Forwarded(ctx, turn, inbox.Message{Seq: 1}, o.at, o.at); !errors.Is(err, inbox.ErrLost) {
		t.Errorf("a former holder marks: %v", err)
	}
	if err := s.EndTurn(ctx, turn, o.at, ""); !errors.Is(err, inbox.ErrLost) {
		t.Errorf("a former holder ends: %v", err)
	}
}

func TestWithoutAReceiverNothingWaitsToBeForwarded(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.Forwarders = nil
	o.receive(t, "1:a")
	o.Forwarders = map[string]inbox.Forwarder{"passfort": o.receiver}
	o.forward(t)
	if len(o.receiver.got) != 0 {
		t.Errorf("what was received before is sent on: %v", o.receiver.got)
	}
}

func TestReplayHandsOnAgain(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.receive(t, "1:a 2:b")
	o.at = o.at.Add(time.Minute)
	o.receive(t, "3:a 4:a")
	o.process(t)
	o.handed = nil
	replay := func(s inbox.Selection, wantReplayed, wantUnreadable int, wantHanded ...string) {
		t.Helper()
		replayed, unreadable, err := o.Replay(t.Context(), s)
		if err != nil || replayed != wantReplayed || unreadable != wantUnreadable {
			t.Errorf("replay %+v: %d and %d, %v", s, replayed, unreadable, err)
		}
		o.handed = nil
		o.process(t)
		o.wantHanded(t, wantHanded...)
	}
	replay(inbox.Selection{Seqs: []int64{2}}, 1, 0, "2")
	replay(inbox.Selection{Since: o.at}, 2, 0, "3", "4")
	replay(inbox.Selection{Since: now}, 4, 0, "1", "3", "4", "2")
	replay(inbox.Selection{Seqs: []int64{99}}, 0, 0)
	replay(inbox.Selection{Quarantined: true}, 0, 0)
	o.forward(t)
	if len(o.receiver.got) != 4 {
		t.Errorf("forwarded %v, want each once", o.receiver.got)
	}
}

func TestReplayReadsWhatANewReleaseUnderstands(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.receive(t, "?1:a 2:a ?3:a")
	replay := func() (replayed, unreadable int) {
		t.Helper()
		replayed, unreadable, err := o.Replay(t.Context(), inbox.Selection{Quarantined: true})
		if err != nil {
			t.Fatal(err)
		}
		return replayed, unreadable
	}
	if replayed, unreadable := replay(); replayed != 0 || unreadable != 2 {
		t.Errorf("%d and %d, want both unreadable", replayed, unreadable)
	}
	o.words.learnt = true
	if replayed, unreadable := replay(); replayed != 2 || unreadable != 0 {
		t.Errorf("%d and %d, want both read", replayed, unreadable)
	}
	if replayed, unreadable := replay(); replayed+unreadable != 0 {
		t.Error("what was read is still quarantined")
	}
	o.process(t)
	o.wantHanded(t, "2", "?1", "?3")
	o.forward(t)
	if diff := cmp.Diff([]string{"2:a", "?1:a", "?3:a"}, o.receiver.got); diff != "" {
		t.Errorf("forwarded (-want +got):\n%s", diff)
	}
}

func TestBodiesAreForgottenAndDuplicatesKnownLonger(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.receive(t, "1:a 2:b ?3")
	o.hand = func(messages []inbox.Message) error {
		if messages[0].ID == "2" {
			return errors.New("not now")
		}
		return nil
	}
	o.process(t)
	o.forward(t)
	bodies := func() int { return counted(t, o.pool, "select count(*) from webhooks where sealed_body is not null") }
	forget := func(after time.Duration) {
		t.Helper()
		o.at = now.Add(after)
		if err := o.Forget(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if forget(time.Hour); bodies() != 3 {
		t.Errorf("%d bodies at the end of the retention, want all", bodies())
	}
	if forget(time.Hour + time.Second); bodies() != 1 {
		t.Errorf("%d bodies after it, want that which is pending", bodies())
	}
	if n := strings.Count(o.log.String(), "quarantined webhook forgotten"); n != 1 {
		t.Errorf("%d alerts:\n%s", n, o.log)
	}
	if s := o.standing(t); s.Quarantined != 0 {
		t.Errorf("%+v: there is nothing left to be done about it", s)
	}
	o.receive(t, "1:a")
	if n := count(t, o.pool, "webhooks"); n != 3 {
		t.Errorf("%d rows: a duplicate is not known", n)
	}
	if forget(3*time.Hour + time.Second); count(t, o.pool, "webhooks") != 1 {
		t.Errorf("%d rows after thrice the retention, want that which is pending", count(t, o.pool, "webhooks"))
	}
	o.hand = nil
	o.process(t)
	o.wantHanded(t, "1", "2")
}

func TestWhatWaitsToBeForwardedIsKeptWhileThereIsAReceiver(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.receiver.away = errors.New("no answer")
	o.receive(t, "1:a")
	o.process(t)
	o.at = o.at.Add(2 * time.Hour)
	if err := o.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := o.standing(t); s.Forwarding != 1 {
		t.Fatalf("%+v", s)
	}
	o.Forwarders = nil
	if err := o.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := o.standing(t); s.Forwarding != 0 {
		t.Errorf("%+v: its body is kept for nobody", s)
	}
}

// deed is something that happens to an office.
type deed struct {
	Kind     string
	Profiles []string      // of the messages that are received
	Which    int           // of the messages that were received before, to come again
	Fails    bool          // what is handed on, or forwarded, fails
	Wait     time.Duration // that goes by
}

var deeds = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) deed {
	return deed{
		Kind:     rapid.SampledFrom([]string{"receive", "receive", "again", "process", "process", "die", "forward", "wait"}).Draw(t, "kind"),
		Profiles: rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", ""}), 1, 4).Draw(t, "profiles"),
		Which:    rapid.IntRange(0, 100).Draw(t, "which"),
		Fails:    rapid.Bool().Draw(t, "fails"),
		Wait:     rapid.SampledFrom([]time.Duration{time.Second, 31 * time.Second, 5 * time.Minute}).Draw(t, "wait"),
	}
}), 30, 60)

// Whatever fails or dies, every message is handed on at least once and for the first time in the order of its profile,
// and it is forwarded exactly in the order of receipt.
func TestNothingIsLostOrOvertaken(t *testing.T) {
	t.Parallel()
	for seed := range 15 {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			var sent []string
			for _, d := range deeds.Example(seed) {
				sent = o.do(t, d, sent)
			}
			o.hand, o.receiver.away = nil, nil
			for range 2 {
				o.at = o.at.Add(5 * time.Minute)
				o.process(t)
				o.forward(t)
			}
			o.check(t, sent)
		})
	}
}

// do has a deed happen and returns what was sent so far.
func (o *office) do(t *testing.T, d deed, sent []string) []string {
	t.Helper()
	o.hand, o.receiver.away = nil, nil
	if d.Fails {
		o.hand = func(m []inbox.Message) error {
			if m[0].Seq%2 == 0 {
				return errors.New("trouble")
			}
			return nil
		}
		o.receiver.away = errors.New("trouble")
	}
	switch d.Kind {
	case "receive":
		var batch []string
		for _, p := range d.Profiles {
			batch = append(batch, fmt.Sprintf("%d:%s", len(sent)+len(batch)+1, p))
		}
		o.receive(t, strings.Join(batch, " "))
		return append(sent, batch...)
	case "again":
		if len(sent) > 0 {
			o.receive(t, sent[d.Which%len(sent)])
		}
	case "process":
		o.process(t)
	case "forward":
		o.forward(t)
	case "die": // with messages in hand
		if _, _, err := o.Messages.Claim(t.Context(), o.at, o.at.Add(30*time.Second)); err != nil {
			t.Fatal(err)
		}
	case "wait":
		o.at = o.at.Add(d.Wait)
	}
	return sent
}

// check compares what came of the messages with what was sent.
func (o *office) check(t *testing.T, sent []string) {
	t.Helper()
	want, got, profile := map[string][]string{}, map[string][]string{}, map[string]string{}
	for _, word := range sent {
		id, p, _ := strings.Cut(word, ":")
		if p == "" {
			p = "alone " + id
		}
		profile[id] = p
		want[p] = append(want[p], id)
	}
	seen := map[string]bool{}
	for _, id := range o.handed {
		if !seen[id] {
			got[profile[id]] = append(got[profile[id]], id)
		}
		seen[id] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("handed on (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(sent, o.receiver.got); diff != "" && len(sent) > 0 {
		t.Errorf("forwarded (-want +got):\n%s", diff)
	}
	if s := o.standing(t); s != (inbox.Standing{}) {
		t.Errorf("left: %+v", s)
	}
}
