package coding_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"

	"portal/internal/coding"
)

// unpack is what a client makes of a content.
func unpack(t interface{ Fatal(args ...any) }, as coding.Coding, content []byte) []byte {
	var r io.Reader = bytes.NewReader(content)
	switch as {
	case coding.Gzip:
		zipped, err := gzip.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		r = zipped
	case coding.Zstd:
		d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(8<<20)) // which browsers keep to
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		r = d
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func TestWhatIsCompressedIsTheSameOnceUnpacked(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word, times := rapid.SliceOf(rapid.Byte()).Draw(t, "word"), rapid.IntRange(0, 2000).Draw(t, "times")
		content := bytes.Repeat(word, times)
		for _, c := range []coding.Coding{coding.Gzip, coding.Zstd} {
			small := c.Compress(content)
			if small == nil {
				continue
			}
			if len(small) >= len(content) || !bytes.Equal(unpack(t, c, small), content) {
				t.Fatalf("%s: %d bytes have become %d", c, len(content), len(small))
			}
		}
	})
}

func TestWhatWouldNotBeSmallerStaysAsItIs(t *testing.T) {
	t.Parallel()
	for _, c := range []coding.Coding{coding.Identity, coding.Gzip, coding.Zstd} {
		if small := c.Compress([]byte("a{}")); small != nil {
			t.Errorf("%q: %q", c, small)
		}
	}
	if small := coding.Identity.Compress(make([]byte, 1000)); small != nil {
		t.Error("no coding makes it smaller")
	}
}

func TestManyCompressAtOnce(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	for n := range 20 {
		all.Go(func() {
			content := []byte(strings.Repeat(strings.Repeat("a", n)+"b", 300))
			for _, c := range []coding.Coding{coding.Gzip, coding.Zstd} {
				if small := c.Compress(content); small == nil || !bytes.Equal(unpack(t, c, small), content) {
					t.Errorf("%s: the content of another", c)
				}
			}
		})
	}
	all.Wait()
}

func TestPickTakesWhatTheClientLikesBest(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]coding.Coding{
		"": "", "gzip": "gzip", "GZIP": "gzip", "zstd": "zstd", "gzip, deflate, br, zstd": "zstd", "zstd,gzip": "zstd", "br, gzip": "gzip", "br": "", "xgzip": "",
		"gzip;q=0": "", "gzip; q=0.0, zstd": "zstd", "gzip;q=1, zstd;q=0.5": "gzip", "gzip;q=0.5, zstd;Q=1": "zstd", "zstd;q=0.2, gzip ; q=0.3": "gzip",
		"*": "zstd", "*;q=0": "", "zstd;q=0, *": "gzip", "gzip;q=0.5, *;q=0.1": "gzip", "identity": "", "identity, gzip": "gzip",
		"identity;q=1, gzip;q=0.5": "", "identity;q=0.5, gzip;q=1": "gzip", "identity;q=0": "", "identity;q=0, *;q=0": "",
		"gzip;q=": "", "gzip;q=x": "", "gzip;q=-1": "", "gzip;q=2": "", "gzip;q=NaN": "", "gzip;level=9": "", ";;;,,q=1": "", "gzip;q=1;x=2": "",
	} {
		if got := coding.Pick([]string{accept}); got != want {
			t.Errorf("%q: %q, want %q", accept, got, want)
		}
	}
	if got := coding.Pick([]string{"br", "gzip"}); got != coding.Gzip {
		t.Errorf("of two lines: %q", got)
	}
	if got := coding.Pick(nil); got != coding.Identity {
		t.Errorf("of none: %q", got)
	}
}

func FuzzPick(f *testing.F) {
	f.Add("gzip, deflate, br;q=1.0, zstd;q=0.5, *;q=0, identity")
	f.Fuzz(func(t *testing.T, accept string) {
		got := coding.Pick([]string{accept})
		small := strings.ToLower(accept)
		if got != coding.Identity && !strings.Contains(small, string(got)) && !strings.Contains(small, "*") {
			t.Errorf("%q is sent to who did not name it: %q", got, accept)
		}
	})
}

func TestBodyIsWhatTheClientTakes(t *testing.T) {
	t.Parallel()
	long := []byte(strings.Repeat("body { margin: 0 }\n", 100))
	for name, test := range map[string]struct {
		content           []byte
		contentType, from string
		want              coding.Coding
	}{
		"a text":                  {long, "text/css; charset=utf-8", "gzip, zstd", coding.Zstd},
		"a text, for gzip":        {long, "image/svg+xml", "gzip", coding.Gzip},
		"a text, for neither":     {long, "text/css", "br", coding.Identity},
		"a font":                  {long, "font/woff2", "gzip, zstd", coding.Identity},
		"a text of a few letters": {[]byte("a{}"), "text/css", "gzip, zstd", coding.Identity},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := coding.NewBody(test.content, test.contentType)
			for range 2 { // the second time it is kept
				content, as := b.For([]string{test.from})
				if as != test.want || !bytes.Equal(unpack(t, as, content), test.content) {
					t.Errorf("%q, want %q", as, test.want)
				}
			}
		})
	}
}

// BenchmarkCompress says what a page of 10 kB costs.
func BenchmarkCompress(b *testing.B) {
	var page bytes.Buffer
	for n := range 150 {
		fmt.Fprintf(&page, "<li><a class=\"button wide\" href=\"/onboarding/%d\">%x</a></li>", n, n*n*7919)
	}
	for _, c := range []coding.Coding{coding.Gzip, coding.Zstd} {
		b.Run(string(c), func(b *testing.B) {
			b.SetBytes(int64(page.Len()))
			for b.Loop() {
				c.Compress(page.Bytes())
			}
		})
	}
}
