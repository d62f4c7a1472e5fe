package sandbox

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	mathrand "math/rand/v2"
	"slices"
	"sync"
)

// streams are where the parts of a sandbox get their identifiers and keys from: each part a stream of its own, so that
// what happens in one does not change the other. Without a seed they are never the same.
type streams map[string]*stream

// stream is one stream of seeded randomness. Its position can be saved, so that a loaded sandbox does not give the
// identifiers again that its state has given already.
type stream struct {
	part string
	seed uint64

	mu     sync.Mutex
	source *mathrand.ChaCha8
}

// newStreams begins the streams; there are none without a seed.
func newStreams(seed uint64) streams {
	s := streams{}
	if seed == 0 {
		return s
	}
	for _, part := range []string{"passfort", "webhooks", "sumsub", "sumsub webhooks"} {
		s[part] = &stream{part: part, seed: seed}
	}
	s.reset()
	return s
}

// of is the stream of one part.
func (s streams) of(part string) io.Reader {
	if seeded, ok := s[part]; ok {
		return seeded
	}
	return rand.Reader
}

// reset begins every stream anew.
func (s streams) reset() {
	for _, one := range s {
		one.mu.Lock()
		one.source = mathrand.NewChaCha8(sha256.Sum256(binary.BigEndian.AppendUint64([]byte(one.part), one.seed)))
		one.mu.Unlock()
	}
}

// save returns the position of every stream.
func (s streams) save() (map[string][]byte, error) {
	positions := map[string][]byte{}
	for part, one := range s {
		one.mu.Lock()
		position, err := one.source.MarshalBinary()
		one.mu.Unlock()
		if err != nil {
			return nil, fmt.Errorf("the position of the random numbers: %w", err)
		}
		positions[part] = position
	}
	return positions, nil
}

// load continues every stream where it was saved, or changes nothing. Positions of streams that this sandbox does not
// have are of no use to it: it never gives an identifier twice anyway.
func (s streams) load(positions map[string][]byte) error {
	sources := map[string]*mathrand.ChaCha8{}
	for _, part := range slices.Sorted(maps.Keys(positions)) {
		var source mathrand.ChaCha8
		if err := source.UnmarshalBinary(positions[part]); err != nil {
			return fmt.Errorf("the saved position of the random numbers of %s: %w", part, err)
		}
		sources[part] = &source
	}
	for part, source := range sources {
		if one, ok := s[part]; ok {
			one.mu.Lock()
			one.source = source
			one.mu.Unlock()
		}
	}
	return nil
}

// Read is part of io.Reader.
func (s *stream) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.source.Read(p)
}
