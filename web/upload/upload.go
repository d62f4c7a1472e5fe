// Package upload takes one file out of a request into memory, and gives the memory back.
//
// All uploads share one [Budget]. A request waits unread until the length that it declares fits into what is left, first come
// first served, so that a crowd takes longer and no more memory. Great files leave a part of it to ordinary ones. A file's bytes are in chunks of the budget and nowhere else:
// never on a disk, and never in memory that is left to the garbage collector. Before a chunk is another's it is zeroed, and
// nothing that still holds a closed upload can read it.
//
// Budget.Read answers for the whole time: it moves the deadlines of the request's connection, so that whoever sends too slowly
// loses the memory, the sooner where others wait for it, and whoever sends well is not cut off by the server's limits for
// ordinary requests.
package upload

import (
	"errors"
	"io"
	"net/url"
	"sync"
	"time"

	"portal/internal/onboarding"
)

// Limits are what one upload may take.
type Limits struct {
	File   int64         // bytes of the file
	Beside int64         // bytes of all else in the body: the other fields, and what is around them
	Wait   time.Duration // for its turn, unread
	Grace  time.Duration // to arrive, and a second more for each Pace bytes
	Pace   int64
	Hurry  int64         // instead of Pace while others wait for the memory
	Soon   time.Duration // in which who keeps a lesser pace than Hurry must bring the whole body meanwhile
	Answer time.Duration // to be answered, once it has arrived
}

// Usual are the limits of documents. Answers take as long as the provider does.
func Usual() Limits {
	return Limits{
		File: onboarding.MaxFile, Beside: 24 << 10, Wait: 2 * time.Minute,
		Grace: 10 * time.Second, Pace: 32 << 10, Hurry: 256 << 10, Soon: time.Minute, Answer: 4 * time.Minute,
	}
}

// reading is how long a body of that length may take.
func (l Limits) reading(length int64) time.Duration { return l.at(l.Pace, length) }

// at is how long so many bytes may take at a pace.
func (l Limits) at(pace, bytes int64) time.Duration {
	return l.Grace + time.Duration(bytes)*time.Second/time.Duration(pace)
}

// hurried is the pace of a body of that length while others wait. Small ones are borne with: they are soon through anyway.
func (l Limits) hurried(length int64) int64 {
	soon := time.Duration(length) * time.Second / max(l.Soon, 1)
	return max(l.Pace, min(l.Hurry, int64(soon)))
}

// Upload is a file that has arrived. It is an [onboarding.Content], whose bytes are there until Close.
type Upload struct {
	Fields url.Values // the other fields of the form

	size   int64
	digest onboarding.Digest
	mu     sync.RWMutex
	share  *share // nil once it is closed
}

var _ onboarding.Content = (*Upload)(nil)

// Size is how many bytes the file has.
func (u *Upload) Size() int64 { return u.size }

// Digest tells the file from others.
func (u *Upload) Digest() onboarding.Digest { return u.digest }

// Open returns the bytes from the start, as often as it is called. Whoever reads on after Close gets an error.
func (u *Upload) Open() io.Reader { return io.NewSectionReader(u, 0, u.size) }

var errClosed = errors.New("the upload is closed")

// ReadAt implements [io.ReaderAt]. It copies under a lock: a transport may still be reading a request's body when the call has
// long returned, and the chunks may be another applicant's by then.
func (u *Upload) ReadAt(p []byte, at int64) (n int, err error) {
	u.mu.RLock()
	defer u.mu.RUnlock()
	switch {
	case u.share == nil:
		return 0, errClosed
	case at < 0:
		return 0, errors.New("reading before the start")
	case at >= u.size:
		return 0, io.EOF
	}
	wanted := p[:min(int64(len(p)), u.size-at)]
	for n < len(wanted) {
		n += copy(wanted[n:], u.share.from(at+int64(n)))
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// Close gives the memory back. Closing twice is harmless.
func (u *Upload) Close() {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.share != nil {
		u.share.giveBack()
		u.share = nil
	}
}
