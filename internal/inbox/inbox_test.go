package inbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/inbox"
)

var now = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// office is an inbox that writes down what it hands on.
type office struct {
	*inbox.Inbox
	store  *memory
	handed book
	log    strings.Builder
	jitter float64
}

func newOffice() *office {
	o := &office{store: newMemory()}
	o.Inbox = &inbox.Inbox{
		Messages: o.store, Decoders: map[string]inbox.Decoder{"passfort": words{}},
		Hand: func(_ context.Context, _, _ string, messages []inbox.Message) error {
			for _, m := range messages {
				o.handed.add(m.ID)
			}
			return nil
		},
		Retention: time.Hour, Now: func() time.Time { return now }, Jitter: func() float64 { return o.jitter },
		Log: slog.New(slog.NewTextHandler(&o.log, nil)),
	}
	return o
}

func (o *office) receive(t *testing.T, body string) {
	t.Helper()
	if err := o.Receive(t.Context(), "passfort", right, []byte(body), false); err != nil {
		t.Fatal(err)
	}
}

func TestReceiveStoresWhatItAcknowledges(t *testing.T) {
	t.Parallel()
	o := newOffice()
	o.receive(t, "1:a 2 ?3")
	if diff := cmp.Diff([]string{"1", "2", "?3"}, o.store.ids()); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	if m := o.store.messages[0]; m.Provider != "passfort" || !m.ReceivedAt.Equal(now) || m.Forward {
		t.Errorf("%+v", m)
	}
	o.receive(t, "") // a batch of nothing
}

func TestReceiveKeepsNothingOfWhatIsForged(t *testing.T) {
	t.Parallel()
	o := newOffice()
	if err := o.Receive(t.Context(), "passfort", right, []byte("!1:a"), false); !errors.Is(err, inbox.ErrForged) {
		t.Errorf("forged: %v", err)
	}
	if err := o.Receive(t.Context(), "nobody", right, []byte("1:a"), false); !errors.Is(err, inbox.ErrUnknownProvider) {
		t.Errorf("of a stranger: %v", err)
	}
	if len(o.store.ids()) != 0 {
		t.Errorf("stored %v", o.store.ids())
	}
	if err := o.Admit("nobody", right); !errors.Is(err, inbox.ErrUnknownProvider) {
		t.Errorf("a stranger's is admitted: %v", err)
	}
	if err := o.Admit("passfort", inbox.Proof{Authorization: "wrong"}); !errors.Is(err, inbox.ErrForged) {
		t.Errorf("a forged one is admitted: %v", err)
	}
	if err := o.Admit("passfort", right); err != nil {
		t.Errorf("the right one: %v", err)
	}
}

func TestQuarantineIsReportedWithoutTheContent(t *testing.T) {
	t.Parallel()
	o := newOffice()
	o.receive(t, "?personal:data")
	log := o.log.String()
	if !strings.Contains(log, "level=ERROR") || !strings.Contains(log, "a riddle") || !strings.Contains(log, "bytes=14") || strings.Contains(log, "personal") {
		t.Errorf("the log:\n%s", log)
	}
}

func TestBodiesAndProofsNeverPrint(t *testing.T) {
	t.Parallel()
	m, p := inbox.Message{ID: "1", Body: "personal data"}, inbox.Proof{Authorization: "Bearer personal secret", Digest: "personal"}
	var out strings.Builder
	for _, verb := range strings.Split("%v %+v %#v %s %q %x %X %d", " ") {
		fmt.Fprintf(&out, verb+"\n"+verb+"\n"+verb+"\n", m, m.Body, p)
	}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", slog.Any("message", m), slog.Any("body", m.Body), slog.Any("proof", p))
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", slog.Any("message", m), slog.Any("body", m.Body), slog.Any("proof", p))
	text, err := json.Marshal([]any{m, p})
	if err != nil {
		t.Fatal(err)
	}
	out.Write(text)
	for _, form := range []string{"personal", fmt.Sprintf("%x", "personal"), fmt.Sprintf("%X", "personal")} {
		if strings.Contains(out.String(), form) {
			t.Errorf("a body or a proof is printed:\n%s", out.String())
		}
	}
	if m.Body.Reveal() != "personal data" {
		t.Error("the body cannot be had")
	}
}

func TestWaitsVaryByAQuarterAtMost(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		jitter float64
		want   time.Duration
	}{{0, time.Second}, {0.5, 875 * time.Millisecond}, {0.999999, 750 * time.Millisecond}} {
		o := newOffice()
		o.jitter = c.jitter
		o.Hand = func(context.Context, string, string, []inbox.Message) error { return errors.New("because") }
		o.receive(t, "1:a")
		if n, err := o.ProcessDue(t.Context()); n != 0 || err != nil {
			t.Fatal(n, err)
		}
		if got := o.store.dues[0].Sub(now).Round(time.Millisecond); got != c.want || o.store.causes[0] != "because" {
			t.Errorf("waits %s for %q, want %s", got, o.store.causes[0], c.want)
		}
	}
}

func TestAStopIsNobodysFault(t *testing.T) {
	t.Parallel()
	o := newOffice()
	ctx, cancel := context.WithCancel(t.Context())
	o.Hand = func(ctx context.Context, _, _ string, _ []inbox.Message) error { cancel(); return ctx.Err() }
	o.receive(t, "1:a")
	if _, err := o.ProcessDue(ctx); err != nil {
		t.Fatal(err)
	}
	if !o.store.dues[0].Equal(now) || strings.Contains(o.log.String(), "not processed") {
		t.Errorf("due at %s, want at once for whoever is there next:\n%s", o.store.dues[0], o.log.String())
	}
}

func TestAClaimIsKeptWhileHandingOnIsSlow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := newOffice()
		o.Hand = func(context.Context, string, string, []inbox.Message) error {
			time.Sleep(10500 * time.Millisecond)
			return nil
		}
		o.receive(t, "1:a")
		if _, err := o.ProcessDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if o.store.extended != 10 {
			t.Errorf("prolonged %d times in ten seconds", o.store.extended)
		}
	})
}

func TestAPanicIsAFailureLikeAnother(t *testing.T) {
	t.Parallel()
	o := newOffice()
	o.Hand = func(context.Context, string, string, []inbox.Message) error { panic("dropped it") }
	o.receive(t, "1:a")
	if _, err := o.ProcessDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !o.store.dues[0].After(now) || !strings.Contains(o.log.String(), "dropped it") || !strings.Contains(o.log.String(), "inbox_test.go") {
		t.Errorf("due %v; the log does not say where:\n%s", o.store.dues, o.log.String())
	}
}

func TestWhatCannotBeOpenedIsTriedEverLessOften(t *testing.T) {
	t.Parallel()
	o := newOffice()
	o.Forwarders = map[string]inbox.Forwarder{"passfort": nil}
	o.receive(t, "1:a")
	o.store.sealed = errors.New("another key")
	if _, err := o.ForwardDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !o.store.dues[0].After(now) || !strings.Contains(o.store.causes[0], "another key") {
		t.Errorf("due %s because of %q", o.store.dues[0], o.store.causes[0])
	}
}

func TestWhatASlowHolderLosesIsNotCounted(t *testing.T) {
	t.Parallel()
	o := newOffice()
	o.store.lost = true
	o.receive(t, "1:a")
	if n, err := o.ProcessDue(t.Context()); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

func TestErrorsOfTheStoreComeAsTheyAre(t *testing.T) {
	t.Parallel()
	o := newOffice()
	o.Forwarders = map[string]inbox.Forwarder{"passfort": taken{}}
	o.receive(t, "1:a")
	o.store.err = errors.New("the store is away")
	if _, err := o.ProcessDue(t.Context()); !errors.Is(err, o.store.err) {
		t.Errorf("processing: %v", err)
	}
	if _, err := o.ForwardDue(t.Context()); !errors.Is(err, o.store.err) {
		t.Errorf("forwarding: %v", err)
	}
}

// taken is a receiver that takes everything.
type taken struct{ *book }

func (r taken) Forward(_ context.Context, m inbox.Message) error {
	if r.book != nil {
		r.add(m.ID)
	}
	return nil
}

func TestRunHandsOnAtOnceAndSeveralProfilesTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, sent := newOffice(), &book{}
		o.Forwarders = map[string]inbox.Forwarder{"passfort": taken{sent}}
		free := make(chan struct{})
		o.Hand = func(_ context.Context, _, profile string, messages []inbox.Message) error {
			if profile == "slow" {
				<-free
			}
			for _, m := range messages {
				o.handed.add(m.ID)
			}
			return nil
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { o.Run(ctx, t.Context()); close(ended) }()
		synctest.Wait()
		began := time.Now()
		o.receive(t, "1:slow 2:a 3:b 4:a")
		synctest.Wait()
		if diff := cmp.Diff([]string{"2", "3", "4"}, o.handed.sorted()); diff != "" || time.Since(began) != 0 {
			t.Errorf("at once (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"1", "2", "3", "4"}, sent.sorted()); diff != "" {
			t.Errorf("forwarded (-want +got):\n%s", diff)
		}
		o.store.mu.Lock()
		o.store.messages = append(o.store.messages, inbox.Message{ID: "5", Provider: "passfort", Profile: "c"}) // another process has received it
		o.store.mu.Unlock()
		time.Sleep(time.Second)
		synctest.Wait()
		if diff := cmp.Diff([]string{"2", "3", "4", "5"}, o.handed.sorted()); diff != "" {
			t.Errorf("a second later (-want +got):\n%s", diff)
		}
		stop()
		close(free)
		<-ended
		if diff := cmp.Diff([]string{"1", "2", "3", "4", "5"}, o.handed.sorted()); diff != "" {
			t.Errorf("at the end (-want +got):\n%s", diff)
		}
	})
}

func TestRunEndsWithItsWorkThoughSomethingHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := newOffice()
		o.Hand = func(ctx context.Context, _, _ string, _ []inbox.Message) error { <-ctx.Done(); return ctx.Err() }
		ctx, stop := context.WithCancel(t.Context())
		work, cut := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { o.Run(ctx, work); close(ended) }()
		o.receive(t, "1:a")
		synctest.Wait()
		stop()
		synctest.Wait()
		select {
		case <-ended:
			t.Error("what is under way is not waited for")
		default:
		}
		cut()
		<-ended
		if len(o.store.dues) != 1 {
			t.Errorf("what hung is not given back")
		}
	})
}
