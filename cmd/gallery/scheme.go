package main

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
)

// forcing rewrites styles and pages so that they look as in one scheme, whatever the browser prefers.
func forcing(scheme string) *strings.Replacer {
	dark := "not all"
	if scheme == "dark" {
		dark = "all"
	}
	return strings.NewReplacer(
		"(prefers-color-scheme: dark)", dark, "(prefers-color-scheme:dark)", dark,
		"color-scheme: light dark", "color-scheme: "+scheme, "color-scheme:light dark", "color-scheme:"+scheme,
		`content="light dark"`, `content="`+scheme+`"`,
	)
}

// forced serves stylesheets for one scheme alone.
func forced(scheme string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, ".css") {
			next.ServeHTTP(w, r)
			return
		}
		r.Header.Del("Accept-Encoding") // so that it can be read
		kept := &kept{header: w.Header(), status: http.StatusOK}
		next.ServeHTTP(kept, r)
		style := forcing(scheme).Replace(kept.body.String())
		w.Header().Set("Content-Length", strconv.Itoa(len(style)))
		w.Header().Set("Cache-Control", "no-store") // the name is that of the style before
		w.WriteHeader(kept.status)
		_, _ = w.Write([]byte(style))
	})
}

// kept is an answer that is not sent yet.
type kept struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (k *kept) Header() http.Header         { return k.header }
func (k *kept) WriteHeader(status int)      { k.status = status }
func (k *kept) Write(p []byte) (int, error) { return k.body.Write(p) }
