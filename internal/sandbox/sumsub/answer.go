package sumsub

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"portal/internal/sandbox/reply"
)

// maxJSON is the largest body taken that is no upload, in bytes.
const maxJSON = 1 << 20

// answer is what a call returns when it is not refused.
type answer struct {
	status int // 200 unless given
	body   any
	raw    *content // sent instead of a body
}

// done is the usual answer of calls that do something.
var done = answer{body: map[string]int{"ok": 1}}

// call answers a request of the API or refuses it. The lock is held.
type call func(r *http.Request) (answer, error)

// api turns a call into a handler. The body, which GET may have too, is read and verified before the lock is taken.
func (p *Provider) api(c call) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := p.verified(w, r)
		if err != nil {
			p.refuse(w, err)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		a, err := p.locked(r, c)
		if err != nil {
			p.refuse(w, err)
			return
		}
		p.send(w, a)
	}
}

// locked makes the call under the lock. Its answer is made into JSON there, too, since it may share what others change.
func (p *Provider) locked(r *http.Request, c call) (answer, error) {
	p.enter()
	defer p.leave()
	a, err := c(r)
	if err != nil || a.body == nil {
		return a, err
	}
	raw, err := json.Marshal(a.body)
	if err != nil {
		return answer{}, err
	}
	if p.Options().ExtraFields {
		raw = withExtras(raw)
	}
	a.body = json.RawMessage(raw)
	return a, nil
}

// verified reads the whole body and makes sure of the signature.
func (p *Provider) verified(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	c, err := p.credentialsOf(r.Header)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxJSON))
	if err != nil {
		return nil, unreadable(err)
	}
	v := p.newVerifier(c, r)
	_, _ = v.Write(body)
	return body, v.check()
}

func (p *Provider) send(w http.ResponseWriter, a answer) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	if a.raw != nil {
		w.Header().Set("Content-Type", a.raw.MimeType)
		w.WriteHeader(a.status)
		_, _ = w.Write(a.raw.Bytes)
		return
	}
	reply.JSON(w, a.status, a.body)
}

// refuse answers with the error object. An error that is no refusal is a mistake of the sandbox.
func (p *Provider) refuse(w http.ResponseWriter, err error) {
	e, isRefusal := errors.AsType[*Refusal](err)
	if !isRefusal {
		e = plain(http.StatusInternalServerError, "%v", err)
	}
	if e.Status == http.StatusNotModified { // which has no body
		w.WriteHeader(e.Status)
		return
	}
	if e.retryAfter != "" {
		w.Header().Set("Retry-After", e.retryAfter)
	}
	p.mu.Lock()
	correlation := p.random(16)
	p.mu.Unlock()
	reply.JSON(w, e.Status, e.body(correlation))
}

// unreadable says why a body could not be read.
func unreadable(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return plain(http.StatusRequestEntityTooLarge, "%v", err)
	}
	return plain(http.StatusBadRequest, "The body could not be read")
}

// readJSON reads the body as JSON into v. Members it does not know are ignored, as the provider does.
func readJSON(r *http.Request, v any) error {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
		return bare(http.StatusUnsupportedMediaType)
	}
	if err := json.NewDecoder(r.Body).Decode(v); err != nil {
		return invalid("The body is not JSON of the expected form")
	}
	return nil
}

// pathValue is a part of the address. The router leaves parts escaped where the whole address could not be written
// otherwise.
func pathValue(r *http.Request, name string) string {
	value := r.PathValue(name)
	if r.URL.RawPath == "" {
		return value
	}
	if plain, err := url.PathUnescape(value); err == nil {
		return plain
	}
	return value
}

// matrix is the value of a matrix parameter such as "-;externalUserId=…".
func matrix(segment, name string) (string, bool) {
	return strings.CutPrefix(segment, "-;"+name+"=")
}

// number is an image's identifier as a number.
func number(id string) int64 {
	n, _ := strconv.ParseInt(id, 10, 64)
	return n
}

func decimal(n uint32) string { return strconv.FormatUint(uint64(n), 10) }
