package live_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"portal/internal/onboarding"
	"portal/web/live"
)

// hearing is a hub that hears.
func hearing() *live.Hub {
	h := &live.Hub{}
	h.Back()
	return h
}

func somebody(n int) onboarding.ApplicantID {
	return onboarding.ApplicantID(uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, n)))
}

// join opens a stream as of now.
func join(t interface{ Fatal(args ...any) }, h *live.Hub, who onboarding.ApplicantID) *live.Stream {
	s, err := h.Join(who, h.Mark())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// take is the news of a stream, without waiting.
func take(s *live.Stream) (n live.News, is, over bool) {
	select {
	case n, ok := <-s.News:
		return n, ok, !ok
	default:
		return 0, false, false
	}
}

func TestJoinIsForThoseWhoWillHear(t *testing.T) {
	t.Parallel()
	h := &live.Hub{}
	if _, err := h.Join(somebody(1), h.Mark()); !errors.Is(err, live.ErrDeaf) {
		t.Error("joined a hub that has not heard yet:", err)
	}
	h.Back()
	join(t, h, somebody(1))
	h.Lost()
	if _, err := h.Join(somebody(1), h.Mark()); !errors.Is(err, live.ErrDeaf) {
		t.Error("joined a hub that hears nothing:", err)
	}
	h.Back()
	h.Stop()
	if _, err := h.Join(somebody(1), h.Mark()); !errors.Is(err, live.ErrDeaf) || h.Streams() != 0 {
		t.Errorf("joined a hub that has stopped (%v), with %d streams", err, h.Streams())
	}
}

func TestJoinMissesNothingSinceTheMark(t *testing.T) {
	t.Parallel()
	for others, want := range map[int]bool{0: false, 100: false, 1000: true} {
		h := hearing()
		mark := h.Mark()
		for range others {
			h.Heard(somebody(2))
		}
		s, err := h.Join(somebody(1), mark)
		if _, is, _ := take(s); err != nil || is != want {
			t.Errorf("after %d changes of others: news %t, %v", others, is, err)
		}
		h.Heard(somebody(1))
		if late, _ := h.Join(somebody(1), mark); len(late.News) != 1 {
			t.Error("a change since the mark was missed")
		}
	}
}

func TestAProcessHasSoManyStreamsAtMost(t *testing.T) {
	t.Parallel()
	h := hearing()
	for i := range live.MostAll {
		join(t, h, somebody(i))
	}
	if _, err := h.Join(somebody(-1), h.Mark()); !errors.Is(err, live.ErrFull) {
		t.Error("one more joined:", err)
	}
}

func TestRefuseKeepsThoseThatThereAre(t *testing.T) {
	t.Parallel()
	h := hearing()
	s := join(t, h, somebody(1))
	h.Refuse()
	if _, err := h.Join(somebody(1), h.Mark()); !errors.Is(err, live.ErrDeaf) {
		t.Error("joined a hub that refuses:", err)
	}
	h.Back() // says nothing about that
	if _, err := h.Join(somebody(1), h.Mark()); !errors.Is(err, live.ErrDeaf) {
		t.Error("joined a hub that refuses:", err)
	}
	take(s)
	h.Heard(somebody(1))
	if n, is, _ := take(s); !is || n != live.Changed {
		t.Error("a stream that goes on is not told")
	}
}

func TestWaitEndsThoughSomebodyDoesNotLeave(t *testing.T) {
	t.Parallel()
	h := hearing()
	s := join(t, h, somebody(1))
	h.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := h.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Error("waited for somebody who has not left:", err)
	}
	s.Leave()
	if err := h.Wait(t.Context()); err != nil {
		t.Error(err)
	}
}

// book is what a hub should be: who joined in which order, and whether they have news to take.
type book struct {
	who  int
	s    *live.Stream
	news bool
}

// TestEverybodyHearsOfTheirOwnAndNobodyElses tries whatever may happen to a hub, in any order.
func TestEverybodyHearsOfTheirOwnAndNobodyElses(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := hearing()
		var all []*book
		drop := func(b *book) {
			for i := range all {
				if all[i] == b {
					all = append(all[:i:i], all[i+1:]...)
					return
				}
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"join": func(t *rapid.T) {
				who := rapid.IntRange(0, 2).Draw(t, "who")
				var own []*book
				for _, b := range all {
					if b.who == who {
						own = append(own, b)
					}
				}
				all = append(all, &book{who: who, s: join(t, h, somebody(who))})
				if len(own) == live.MostEach {
					drop(own[0])
					if n, is, _ := take(own[0].s); !is || n != live.Crowded {
						t.Fatal("the oldest was not told that it is crowded out")
					}
					if _, _, over := take(own[0].s); !over {
						t.Fatal("the oldest goes on")
					}
				}
			},
			"heard": func(t *rapid.T) {
				who := rapid.IntRange(0, 2).Draw(t, "who")
				h.Heard(somebody(who))
				for _, b := range all {
					b.news = b.news || b.who == who
				}
			},
			"back": func(*rapid.T) {
				h.Back()
				for _, b := range all {
					b.news = true
				}
			},
			"take": func(t *rapid.T) {
				if len(all) == 0 {
					t.Skip()
				}
				b := rapid.SampledFrom(all).Draw(t, "stream")
				if _, is, over := take(b.s); is != b.news || over {
					t.Fatalf("news %t, over %t; want news %t", is, over, b.news)
				}
				b.news = false
			},
			"leave": func(t *rapid.T) {
				if len(all) == 0 {
					t.Skip()
				}
				b := rapid.SampledFrom(all).Draw(t, "stream")
				b.s.Leave()
				b.s.Leave()
				drop(b)
			},
			"": func(t *rapid.T) {
				if h.Streams() != len(all) {
					t.Fatalf("%d streams, want %d", h.Streams(), len(all))
				}
			},
		})
	})
}

// TestManyAtOnceEndInOrder has streams come and go while they are told, and the hub stop in the midst of it.
func TestManyAtOnceEndInOrder(t *testing.T) {
	t.Parallel()
	h := hearing()
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			for range 200 {
				s, err := h.Join(somebody(i%4), h.Mark())
				if err != nil {
					continue // deaf for a moment, or stopped
				}
				h.Heard(somebody(i % 4))
				select {
				case <-s.News:
				case <-time.After(10 * time.Second):
					t.Error("no news of a change that came after joining")
				}
				s.Leave()
			}
		})
	}
	all.Go(func() {
		for range 100 {
			h.Lost()
			h.Back()
		}
	})
	all.Go(func() {
		for i := 0; h.Streams() > 0 || i < 1000; i++ {
			if i == 500 {
				h.Stop()
			}
		}
	})
	all.Wait()
	if err := h.Wait(t.Context()); err != nil {
		t.Error(err)
	}
	if h.Streams() != 0 {
		t.Errorf("%d streams are left", h.Streams())
	}
}
