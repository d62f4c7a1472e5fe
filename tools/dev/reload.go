package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
)

const (
	scriptPath = "/_dev/reload.js"
	startsPath = "/_dev/starts"
)

// script reloads the page when the program has been started once more; a page in a frame leaves that to the page around it.
const script = `let seen;
if (top === window) setInterval(async () => {
  const now = await (await fetch("` + startsPath + `")).text();
  if (seen && now !== seen) location.reload();
  seen = now;
}, 400);
`

// reloading passes everything on to the program and puts the script into its pages.
func (p *program) reloading() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+scriptPath, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = io.WriteString(w, script)
	})
	mux.HandleFunc("GET "+startsPath, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, p.running())
	})
	behind := &httputil.ReverseProxy{Rewrite: p.rewrite, ModifyResponse: addScript}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		p.running()
		behind.ServeHTTP(w, r)
	})
	return mux
}

func (p *program) rewrite(r *httputil.ProxyRequest) {
	r.SetURL(&url.URL{Scheme: "http", Host: p.address})
	r.Out.Host = r.In.Host
	r.Out.Header.Del("Accept-Encoding") // so that addScript can read the page
}

func addScript(r *http.Response) error {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
		return nil
	}
	page, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	page = append(page, `<script src="`+scriptPath+`"></script>`...)
	r.Body = io.NopCloser(bytes.NewReader(page))
	r.ContentLength = int64(len(page))
	r.Header.Set("Content-Length", fmt.Sprint(len(page)))
	r.Header.Del("ETag")
	if policy := r.Header.Get("Content-Security-Policy"); policy != "" {
		r.Header.Set("Content-Security-Policy", allow(allow(policy, "script-src"), "connect-src"))
	}
	return nil
}

// allow adds ourselves to a directive of a content security policy.
func allow(policy, directive string) string {
	if strings.Contains(policy, directive+" ") {
		return strings.Replace(policy, directive+" ", directive+" 'self' ", 1)
	}
	return policy + "; " + directive + " 'self'"
}
