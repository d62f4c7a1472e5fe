package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"portal/web/middleware"
)

// Whatever comes as a form, what is read of it is text that Postgres stores, and no more than the limit, or it is refused.
func FuzzForms(f *testing.F) {
	const usual = "application/x-www-form-urlencoded"
	for _, body := range []string{"", "a=b&a=c", "email=ada%40example.com", "a=%00", "a=%ff%fe", "%", "a=%zz", "a;b=c", "=&=&", "a=\x00", strings.Repeat("a=b&", 5000)} {
		f.Add(usual, body)
	}
	f.Add("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--b--")
	f.Add("text/plain; charset=\xff", "a=b")
	f.Fuzz(func(t *testing.T, kind, body string) {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		read := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if err := parseForm(r); err != nil {
				if p, ok := err.(problem); !ok || p.status != http.StatusBadRequest && p.status != http.StatusRequestEntityTooLarge {
					t.Errorf("refused with %v", err)
				}
				return
			}
			if len(body) > maxForm && kind == usual {
				t.Errorf("a form of %d bytes was read", len(body))
			}
			for _, values := range r.PostForm {
				for _, value := range values {
					if !utf8.ValidString(value) || strings.Contains(value, "\x00") {
						t.Errorf("%q is no text", value)
					}
				}
			}
		})
		middleware.LimitBody(maxForm)(read).ServeHTTP(httptest.NewRecorder(), r)
	})
}
