// Package coding compresses what is sent, in the content codings of HTTP that browsers take, and picks one of those that
// somebody takes.
package coding

import (
	"bytes"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Coding is a content coding by its name in Content-Encoding.
type Coding string

// The codings there are. Every client takes Identity.
const (
	Identity Coding = ""
	Gzip     Coding = "gzip"
	Zstd     Coding = "zstd"
)

// IsText says whether contents of a media type become smaller: pictures and fonts are compressed already.
func IsText(contentType string) bool {
	essence, _, _ := strings.Cut(contentType, ";")
	switch essence = strings.TrimSpace(essence); essence {
	case "application/json", "application/problem+json", "image/svg+xml", "text/html", "text/css", "text/javascript", "text/plain":
		return true
	}
	return false
}

// Compress is the content in the coding, or nil where that would not be smaller. It is for what is sent once: it takes half
// the time that the smallest content would take, which is a few hundredths smaller.
func (c Coding) Compress(content []byte) []byte { return c.compress(content, quickly) }

// squeeze is Compress for what is sent many times.
func (c Coding) squeeze(content []byte) []byte { return c.compress(content, thoroughly) }

// effort is how a content is compressed.
type effort struct {
	zstd func() *zstd.Encoder
	gzip *sync.Pool // of writers, each of which has hundreds of kilobytes of tables
}

var (
	quickly    = effort{encoder(zstd.SpeedFastest), zippers(gzip.DefaultCompression)}
	thoroughly = effort{encoder(zstd.SpeedBetterCompression), zippers(gzip.BestCompression)}
)

func (c Coding) compress(content []byte, how effort) []byte {
	var small []byte
	switch c {
	case Gzip:
		small = zip(content, how.gzip)
	case Zstd:
		small = how.zstd().EncodeAll(content, make([]byte, 0, len(content)/2))
	}
	if len(small) == 0 || len(small) >= len(content) {
		return nil
	}
	return small
}

// encoder is the one of all Zstd of a level, which has up to 5 MB of memory for each content at once. The best level would
// take 35 MB and 16 ms at first to save 3 %.
func encoder(level zstd.EncoderLevel) func() *zstd.Encoder {
	const (
		atOnce = 2       // contents; 60,000 pages a second
		window = 1 << 18 // bytes that a browser keeps to unpack; all of a page
	)
	return sync.OnceValue(func() *zstd.Encoder {
		e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(level), zstd.WithEncoderConcurrency(atOnce),
			zstd.WithWindowSize(window), zstd.WithLowerEncoderMem(true), zstd.WithEncoderCRC(false))
		if err != nil {
			panic(err) // the options are constants
		}
		return e
	})
}

func zippers(level int) *sync.Pool {
	return &sync.Pool{New: func() any {
		w, err := gzip.NewWriterLevel(nil, level)
		if err != nil {
			panic(err) // the levels are constants
		}
		return w
	}}
}

func zip(content []byte, zippers *sync.Pool) []byte {
	w := zippers.Get().(*gzip.Writer)
	defer zippers.Put(w)
	var b bytes.Buffer
	w.Reset(&b)
	if _, err := w.Write(content); err != nil {
		return nil
	}
	if err := w.Close(); err != nil {
		return nil
	}
	return b.Bytes()
}
