package calls_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"portal/internal/sandbox/calls"
)

// keptBytes is how much of a body the journal keeps.
const keptBytes = 64 << 10

func TestTextIsShownAndOtherBodiesAreDescribed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ contentType, body, want string }{
		"JSON":              {"application/json; charset=utf-8", `{"a":"ü"}`, `{"a":"ü"}`},
		"other JSON":        {"application/problem+json", `{}`, `{}`},
		"access token":      {"application/json", `{"token":"_act-sbx-11-2222"}`, `{"token":"…2222"}`},
		"form":              {"application/x-www-form-urlencoded", "a=b", "a=b"},
		"page":              {"TEXT/HTML", "<p>", "<p>"},
		"image":             {"image/png", "\x89PNG", "(4 bytes of image/png)"},
		"upload":            {"multipart/form-data; boundary=b", "--b--", "(5 bytes of multipart/form-data)"},
		"bytes called JSON": {"application/json", "\x00\xff\xfe", "(3 bytes of application/json)"},
		"text without type": {"", "hello", "hello"},
		"bytes of no type":  {"", "\x89PNG\r\n\x1a\n", "(8 bytes of image/png)"},
		"nothing":           {"application/json", "", ""},
		"nothing of images": {"image/png", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := pass(t, request(c.contentType, c.body), echo)

			for _, m := range []calls.Message{got.Request, got.Response} {
				if m.Body != c.want || m.Bytes != int64(len(c.body)) || m.Truncated {
					t.Errorf("%+v, want %q", m, c.want)
				}
			}
		})
	}
}

func TestLongBodiesAreCutAndPassedOnWhole(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body string
		want calls.Message
	}{
		"just fits": {strings.Repeat("x", keptBytes), calls.Message{Body: strings.Repeat("x", keptBytes)}},
		"too long":  {strings.Repeat("x", 3*keptBytes), calls.Message{Body: strings.Repeat("x", keptBytes), Truncated: true}},
		"cut in the middle of a character": {
			"x" + strings.Repeat("ü", keptBytes), calls.Message{Body: "x" + strings.Repeat("ü", keptBytes/2-1), Truncated: true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := serve(t, echo)

			back, err := j.post(t, "text/plain", strings.NewReader(c.body))

			if err != nil || back != c.body {
				t.Errorf("%d of %d bytes came back, %v", len(back), len(c.body), err)
			}
			got := j.newest(t)
			for _, m := range []calls.Message{got.Request, got.Response} {
				if m.Body != c.want.Body || m.Truncated != c.want.Truncated || m.Bytes != int64(len(c.body)) {
					t.Errorf("%d bytes are shown of %d, truncated: %v", len(m.Body), m.Bytes, m.Truncated)
				}
			}
		})
	}
}

func TestUploadsStreamThroughWithoutBeingHeld(t *testing.T) {
	t.Parallel()
	const size = 256 << 20
	var held uint64
	j := newJournal(1)
	handler := j.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		before := heap()
		_, _ = io.Copy(io.Discard, r.Body)
		held = max(heap(), before) - before
	}))
	for _, contentType := range []string{"multipart/form-data; boundary=b", "application/json", ""} {
		r := request(contentType, "")
		r.Body = io.NopCloser(io.LimitReader(endless{}, size))
		handler.ServeHTTP(nil, r)

		if c := j.All()[0]; c.Request.Bytes != size || held > size/8 {
			t.Errorf("%q: %d bytes passed, %d are held", contentType, c.Request.Bytes, held)
		}
	}
}

func TestUploadedFilesArriveWhole(t *testing.T) {
	t.Parallel()
	picture := strings.Repeat("\x89PNG", 100_000)
	var got int64
	j := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if _, header, err := r.FormFile("front"); err == nil {
			got = header.Size
		}
	})
	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	file, err := parts.CreateFormFile("front", "passport.png")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(file, picture)
	_ = parts.Close()

	if _, err := j.post(t, parts.FormDataContentType(), &form); err != nil {
		t.Fatal(err)
	}

	if c := j.newest(t); got != int64(len(picture)) || !strings.HasSuffix(c.Request.Body, "bytes of multipart/form-data)") {
		t.Errorf("%d bytes arrived: %s", got, c.Request.Body)
	}
}

// endless is as long as one cares to read.
type endless struct{}

// Read is part of io.Reader.
func (endless) Read(p []byte) (int, error) { return len(p), nil }

// heap is what is in use after cleaning up.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
