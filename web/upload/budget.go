package upload

import (
	"context"
	"sync"
)

// chunkSize is the unit of memory: small against a photo, and large against what it takes to pass it on.
const chunkSize = 256 << 10

type chunk [chunkSize]byte

// ordinary is the most chunks of an ordinary file. Photos of phones are smaller, also in a crowd.
const ordinary = 12 << 20 / chunkSize

// Budget is the memory for files of all requests. It grows up to its size with the need, and is used again from then on.
type Budget struct {
	all   *lane // whose chunks any file may use
	great *lane // how many of them those above the ordinary may use, so that a few of these never leave the ordinary without

	mu   sync.Mutex
	free []*chunk
	made int64
}

// New makes a budget of so many bytes. Greater files than that are refused.
func New(bytes int64) *Budget {
	most := bytes / chunkSize
	return &Budget{all: newLane(most), great: newLane(most - most/4)}
}

// Size is how many bytes it has.
func (b *Budget) Size() int64 { return b.all.most * chunkSize }

// share is the chunks that one upload may use.
type share struct {
	budget *Budget
	most   int64
	great  int64    // of the lane for great files
	chunks []*chunk // that it does use
}

// chunksFor is how many chunks hold that many bytes.
func chunksFor(bytes int64) int64 { return (bytes + chunkSize - 1) / chunkSize }

// reserve waits for a share that holds that many bytes, which must fit into the budget, until ctx ends. Great files wait for one
// another before they queue with all, so that no ordinary one waits behind them.
func (b *Budget) reserve(ctx context.Context, bytes int64) (*share, error) {
	s := &share{budget: b, most: chunksFor(bytes)}
	if s.most > ordinary {
		s.great = min(s.most, b.great.most) // the greatest alone may have nearly everything
		if err := b.great.acquire(ctx, s.great); err != nil {
			return nil, err
		}
	}
	if err := b.all.acquire(ctx, s.most); err != nil {
		b.great.room.Release(s.great)
		return nil, err
	}
	return s, nil
}

// lanes are those in which others may wait for the share.
func (s *share) lanes() []*lane {
	if s.great > 0 {
		return []*lane{s.budget.great, s.budget.all}
	}
	return []*lane{s.budget.all}
}

// from is what is there from a place on to the end of its chunk.
func (s *share) from(at int64) []byte { return s.chunks[at/chunkSize][at%chunkSize:] }

// space is like from, for writing: it takes one more chunk where the ones before are full.
func (s *share) space(at int64) (p []byte, ok bool) {
	if at/chunkSize == int64(len(s.chunks)) {
		if int64(len(s.chunks)) == s.most {
			return nil, false
		}
		s.chunks = append(s.chunks, s.budget.take())
	}
	return s.from(at), true
}

// take returns a chunk of zeros.
func (b *Budget) take() *chunk {
	b.mu.Lock()
	defer b.mu.Unlock()
	if last := len(b.free) - 1; last >= 0 {
		c := b.free[last]
		b.free = b.free[:last]
		return c
	}
	b.made++
	return new(chunk)
}

// giveBack returns the share, which must not be used again, with nothing left in it.
func (s *share) giveBack() {
	for _, c := range s.chunks {
		clear(c[:])
	}
	s.budget.mu.Lock()
	s.budget.free = append(s.budget.free, s.chunks...)
	s.budget.mu.Unlock()
	s.chunks = nil
	s.budget.all.room.Release(s.most)
	s.budget.great.room.Release(s.great)
}
