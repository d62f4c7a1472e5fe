package upload

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"
)

// chunkSize is the unit of memory: small against a photo, and large against what it takes to pass it on.
const chunkSize = 256 << 10

type chunk [chunkSize]byte

// Budget is the memory for files of all requests. It grows up to its size with the need, and is used again from then on.
type Budget struct {
	most    int64               // chunks
	nobodys *semaphore.Weighted // the chunks that are in no share; who waits for some is served in turn

	mu   sync.Mutex
	free []*chunk
	made int64
}

// New makes a budget of so many bytes. Greater files than that are refused.
func New(bytes int64) *Budget {
	most := bytes / chunkSize
	return &Budget{most: most, nobodys: semaphore.NewWeighted(most)}
}

// share is the chunks that one upload may use.
type share struct {
	budget *Budget
	most   int64
	chunks []*chunk // that it does use
}

// chunksFor is how many chunks hold that many bytes.
func chunksFor(bytes int64) int64 { return (bytes + chunkSize - 1) / chunkSize }

// reserve waits for a share that holds that many bytes, which must fit into the budget, until ctx ends.
func (b *Budget) reserve(ctx context.Context, bytes int64) (*share, error) {
	most := chunksFor(bytes)
	if err := b.nobodys.Acquire(ctx, most); err != nil {
		return nil, err
	}
	return &share{budget: b, most: most}, nil
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
	s.budget.nobodys.Release(s.most)
}
