package upload_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/onboarding"
	"portal/web/upload"
)

// limits are small, and patient enough for a machine with a lot to do.
func limits() upload.Limits {
	return upload.Limits{File: 2 << 20, Beside: 24 << 10, Wait: time.Minute, Grace: time.Minute, Pace: 1 << 10, Answer: time.Minute}
}

// part is one of a form. Those with a nil file name are fields.
type part struct {
	name     string
	fileName *string
	content  string
}

func field(name, value string) part                { return part{name, nil, value} }
func file(name, fileName string, c string) part    { return part{name, &fileName, c} }
func chosen(content string) part                   { return file("file", "scan of my passport.jpg", content) }
func document(size int) string                     { return strings.Repeat("pixels, ", size/8) }
func contentType(boundary string) string           { return "multipart/form-data; boundary=" + boundary }
func formOf(parts ...part) (body []byte, t string) { return form("0123456789abcdef", parts...) }

// form is the body of a form as browsers send it.
func form(boundary string, parts ...part) ([]byte, string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.SetBoundary(boundary)
	for _, p := range parts {
		h := textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf("form-data; name=%q", p.name)}}
		if p.fileName != nil {
			h = textproto.MIMEHeader{
				"Content-Disposition": {fmt.Sprintf(`form-data; name=%q; filename="%s"`, p.name, *p.fileName)}, "Content-Type": {"image/jpeg"},
			}
		}
		w, _ := w.CreatePart(h)
		_, _ = io.WriteString(w, p.content)
	}
	_ = w.Close()
	return b.Bytes(), contentType(boundary)
}

// taker is a handler that takes uploads and does something with them.
type taker struct {
	budget *upload.Budget
	limits upload.Limits
	with   func(r *http.Request, u *upload.Upload)
	errs   chan error // what it refused; may be nil
}

func (h taker) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	u, err := h.budget.Read(r.Context(), w, r, h.limits)
	if err != nil {
		if h.errs != nil {
			h.errs <- err
		}
		if errors.Is(err, context.Canceled) {
			panic(http.ErrAbortHandler) // there is nobody to answer
		}
		w.WriteHeader(max(upload.Status(err), statusOf(err)))
		return
	}
	defer u.Close()
	if h.with != nil {
		h.with(r, u)
	}
}

// statusOf is the status of a kind, as web has it.
func statusOf(err error) int {
	switch onboarding.KindOf(err) {
	case onboarding.Invalid:
		return http.StatusBadRequest
	case onboarding.Busy:
		return http.StatusServiceUnavailable
	}
	return 0
}

func serve(t testing.TB, h http.Handler) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// post sends a body and returns the status of the answer.
func post(t testing.TB, c *http.Client, url string, body []byte, contentType string) int {
	t.Helper()
	status, err := send(t.Context(), c, url, bytes.NewReader(body), contentType)
	if err != nil {
		t.Fatal(err)
	}
	return status
}

func send(ctx context.Context, c *http.Client, url string, body io.Reader, contentType string) (int, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, body)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", contentType)
	answer, err := c.Do(r)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode, errors.Join(err, answer.Body.Close())
}

func TestUploadHasTheFileAndTheFields(t *testing.T) {
	t.Parallel()
	long := document(1<<20 + 8)
	for name, test := range map[string]struct {
		parts  []part
		file   string
		fields map[string][]string
	}{
		"a file alone":            {[]part{chosen("pixels")}, "pixels", nil},
		"fields before":           {[]part{field("set", "SELFIE"), field("type", "SELFIE"), chosen("pixels")}, "pixels", map[string][]string{"set": {"SELFIE"}, "type": {"SELFIE"}}},
		"a field behind":          {[]part{chosen(long), field("country", "DEU")}, long, map[string][]string{"country": {"DEU"}}},
		"several values":          {[]part{field("a", "1"), chosen("x"), field("a", "2")}, "x", map[string][]string{"a": {"1", "2"}}},
		"a whole chunk":           {[]part{chosen(document(256 << 10))}, document(256 << 10), nil},
		"the greatest there is":   {[]part{chosen(document(2 << 20))}, document(2 << 20), nil},
		"one of two chosen":       {[]part{file("camera", "", ""), chosen("pixels")}, "pixels", nil},
		"the other chosen":        {[]part{chosen("pixels"), file("camera", "", "")}, "pixels", nil},
		"an empty file":           {[]part{file("file", "empty.jpg", "")}, "", nil},
		"a nameless file":         {[]part{file("file", "", "pixels")}, "pixels", nil},
		"a name in two alphabets": {[]part{file("file", "Schöne Grüße 旅券 🙂;.jpg", "pixels")}, "pixels", nil},
		"what looks like an end":  {[]part{chosen("\r\n--0123456789abcde\r\n--0123456789abcdeX--\r\n")}, "\r\n--0123456789abcde\r\n--0123456789abcdeX--\r\n", nil},
		"no text":                 {[]part{field("a", "b\x00c\xff"), chosen("x")}, "x", map[string][]string{"a": {"b\ufffdc\ufffd"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, taker{budget: upload.New(3 << 20), limits: limits(), with: func(_ *http.Request, u *upload.Upload) {
				for range 2 {
					if got, err := io.ReadAll(u.Open()); string(got) != test.file || err != nil {
						t.Errorf("%d bytes and %v, want %d", len(got), err, len(test.file))
					}
				}
				if u.Size() != int64(len(test.file)) || u.Digest() != sha256.Sum256([]byte(test.file)) {
					t.Errorf("size %d, digest %x", u.Size(), u.Digest())
				}
				if diff := cmp.Diff(test.fields, map[string][]string(u.Fields)); diff != "" && len(test.fields)+len(u.Fields) > 0 {
					t.Error(diff)
				}
			}})
			body, contentType := formOf(test.parts...)
			if got := post(t, s.Client(), s.URL, body, contentType); got != http.StatusOK {
				t.Errorf("got %d", got)
			}
		})
	}
}

func TestUploadsAreRefusedForWhatIsWrong(t *testing.T) {
	t.Parallel()
	const private = "Erika Mustermann"
	cut := func(body []byte, contentType string) ([]byte, string) { return body[:len(body)-30], contentType }
	as := func(contentType string) func([]byte, string) ([]byte, string) {
		return func(body []byte, _ string) ([]byte, string) { return body, contentType }
	}
	for name, test := range map[string]struct {
		parts  []part
		change func(body []byte, contentType string) ([]byte, string)
		status int
		key    string
	}{
		"no file":           {[]part{field("set", private)}, nil, 400, "error.document_missing"},
		"none chosen":       {[]part{file("file", "", ""), field("set", private)}, nil, 400, "error.document_missing"},
		"two files":         {[]part{chosen(private), chosen("more")}, nil, 400, "error.document_several"},
		"two, one empty":    {[]part{chosen(private), file("camera", "b.jpg", "")}, nil, 400, "error.document_several"},
		"one byte too big":  {[]part{chosen(document(2<<20) + "x")}, nil, 413, "error.document_too_big"},
		"far too big":       {[]part{chosen(document(8 << 20))}, nil, 413, "error.document_too_big"},
		"long fields":       {[]part{field("a", strings.Repeat(private, 2000)), chosen("x")}, nil, 413, "error.too_large"},
		"many fields":       {append(slicesOf(field("a", private), 1000), chosen("x")), nil, 413, "error.too_large"},
		"long headers":      {[]part{file("file", strings.Repeat(private, 2000), "x")}, nil, 413, "error.too_large"},
		"long end":          {[]part{chosen("x")}, func(b []byte, c string) ([]byte, string) { return append(b, make([]byte, 40<<10)...), c }, 413, "error.too_large"},
		"another form":      {[]part{chosen(private)}, as("application/x-www-form-urlencoded"), 400, "error.bad_request"},
		"another boundary":  {[]part{chosen(private)}, as(contentType("other")), 400, "error.bad_request"},
		"no boundary":       {[]part{chosen(private)}, as("multipart/form-data"), 400, "error.bad_request"},
		"mixed, not a form": {[]part{chosen(private)}, as("multipart/mixed; boundary=0123456789abcdef"), 400, "error.bad_request"},
		"no end":            {[]part{chosen(private)}, cut, 400, "error.bad_request"},
		"nameless":          {[]part{{content: private}}, nil, 400, "error.bad_request"},
		"nothing":           {nil, func([]byte, string) ([]byte, string) { return nil, contentType("b") }, 400, "error.bad_request"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := taker{budget: upload.New(3 << 20), limits: limits(), errs: make(chan error, 1)}
			s := serve(t, h)
			body, contentType := formOf(test.parts...)
			if test.change != nil {
				body, contentType = test.change(body, contentType)
			}
			status := post(t, s.Client(), s.URL, body, contentType)
			err := <-h.errs
			if refused, ok := errors.AsType[*onboarding.Error](err); !ok || refused.Key != test.key || status != test.status {
				t.Errorf("%d and %v, want %d and %s", status, err, test.status, test.key)
			}
			if strings.Contains(err.Error(), private[:5]) {
				t.Errorf("the error repeats what was sent: %v", err)
			}
		})
	}
}

func slicesOf(p part, count int) []part {
	all := make([]part, count)
	for i := range all {
		all[i] = p
	}
	return all
}

func TestUploadsNeedALength(t *testing.T) {
	t.Parallel()
	s := serve(t, taker{budget: upload.New(3 << 20), limits: limits()})
	body, contentType := formOf(chosen("pixels"))
	status, err := send(t.Context(), s.Client(), s.URL, io.MultiReader(bytes.NewReader(body)), contentType)
	if status != http.StatusLengthRequired || err != nil {
		t.Errorf("got %d and %v", status, err)
	}
}

func TestFilesAboveTheBudgetAreTooBig(t *testing.T) {
	t.Parallel()
	s := serve(t, taker{budget: upload.New(1 << 20), limits: limits()})
	body, contentType := formOf(chosen(document(1 << 20)))
	if got := post(t, s.Client(), s.URL, body, contentType); got != http.StatusRequestEntityTooLarge {
		t.Errorf("got %d", got)
	}
}

func TestClosedUploadsCannotBeRead(t *testing.T) {
	t.Parallel()
	var kept *upload.Upload
	var late io.Reader
	s := serve(t, taker{budget: upload.New(1 << 20), limits: limits(), with: func(_ *http.Request, u *upload.Upload) {
		if kept == nil {
			kept, late = u, u.Open()
			_, _ = late.Read(make([]byte, 1))
		}
	}})
	for _, content := range []string{document(300 << 10), document(600 << 10)} { // the second in the memory of the first
		body, contentType := formOf(chosen(content))
		if got := post(t, s.Client(), s.URL, body, contentType); got != http.StatusOK {
			t.Fatalf("got %d", got)
		}
	}
	if n, err := late.Read(make([]byte, 8)); n > 0 || err == nil || err == io.EOF {
		t.Errorf("a reader goes on after its upload was closed: %d bytes and %v", n, err)
	}
	kept.Close()
	kept.Close()
	body, contentType := formOf(chosen(document(900 << 10)))
	if got := post(t, s.Client(), s.URL, body, contentType); got != http.StatusOK {
		t.Errorf("got %d once it was closed thrice", got)
	}
}

func TestUploadIsReadAtAnyPlace(t *testing.T) {
	t.Parallel()
	content := document(700 << 10)
	s := serve(t, taker{budget: upload.New(1 << 20), limits: limits(), with: func(_ *http.Request, u *upload.Upload) {
		for _, at := range []int{0, 1, 256<<10 - 1, 256 << 10, 512<<10 - 3, len(content) - 5, len(content)} {
			p := make([]byte, 300<<10)
			n, err := u.ReadAt(p, int64(at))
			want := content[at:min(len(content), at+len(p))]
			if string(p[:n]) != want || (err == io.EOF) != (n < len(p)) {
				t.Errorf("at %d: %d bytes and %v, want %d", at, n, err, len(want))
			}
		}
		if _, err := u.ReadAt(make([]byte, 1), -1); err == nil || err == io.EOF {
			t.Errorf("before the start: %v", err)
		}
	}})
	body, contentType := formOf(chosen(content))
	post(t, s.Client(), s.URL, body, contentType)
}
