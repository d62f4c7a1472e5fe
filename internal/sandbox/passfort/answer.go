package passfort

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"portal/internal/sandbox/reply"
)

// maxJSON is the largest JSON body taken, in bytes.
const maxJSON = 1 << 20

// answer is what an API call returns when it is not refused.
type answer struct {
	status int // 200 unless given
	etag   string
	body   any
}

// call answers a request of the API or refuses it.
type call func(r *http.Request) (answer, error)

// api turns a call into a handler; every answer is JSON. The body is read before the call is made, because calls hold
// the lock: nobody has to wait for a body that is slow to come.
func (p *Provider) api(c call) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxJSON))
		if err != nil {
			p.refuse(w, unreadable(err))
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		a, err := c(r)
		if err != nil {
			p.refuse(w, err)
			return
		}
		if a.etag != "" {
			w.Header().Set("Etag", a.etag)
		}
		if a.status == 0 {
			a.status = http.StatusOK
		}
		reply.JSON(w, a.status, a.body)
	}
}

// refuse answers with the error object. An error that is no refusal is a mistake of the sandbox.
func (p *Provider) refuse(w http.ResponseWriter, err error) {
	known, ok := errors.AsType[*refusal](err)
	if !ok {
		known = &refusal{kindInternal, codeUnknown, err.Error()}
	}
	reply.JSON(w, known.status(p.Options()), known.body())
}

// readJSON reads the whole body as JSON into v. Members it does not know are ignored, as the provider does.
func readJSON(r *http.Request, v any) error {
	return unmarshal(readBody(r), v)
}

// readBody returns the body of a call, which cannot fail: it is in memory already.
func readBody(r *http.Request) []byte {
	body, _ := io.ReadAll(r.Body)
	return body
}

// unreadable says why a body could not be read.
func unreadable(err error) error {
	if tooLarge(err) {
		return &refusal{kindTooLarge, codeInvalidInput, err.Error()}
	}
	return invalid("the body could not be read")
}

// tooLarge says whether a body could not be read because it is too large.
func tooLarge(err error) bool {
	_, ok := errors.AsType[*http.MaxBytesError](err)
	return ok
}

// unmarshal decodes JSON and says in the provider's terms what is wrong with it.
func unmarshal(body []byte, v any) error {
	err := json.Unmarshal(body, v)
	if err == nil {
		return nil
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return invalid("%s must not be a JSON %s", orBody(wrong.Field), wrong.Value)
	}
	return invalid("the body is not valid JSON")
}

func orBody(field string) string {
	if field == "" {
		return "the body"
	}
	return field
}
