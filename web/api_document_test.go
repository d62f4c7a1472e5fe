package web_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// send sends a request and holds it and its answer to the document.
func (p *program) send(r *http.Request) told {
	p.t.Helper()
	var sent bytes.Buffer
	if r.Body != nil {
		r.Body = io.NopCloser(io.TeeReader(r.Body, &sent))
	}
	w := httptest.NewRecorder()
	p.portal.ServeHTTP(w, r)
	got := told{t: p.t, what: r.Method + " " + r.URL.EscapedPath(), status: w.Code, header: w.Header(), body: w.Body.String()}
	route, params, err := document(p.t).FindRoute(r)
	if err != nil { // only what is an error may be missing in the document
		got.problem(w.Code)
		return got
	}
	r.Body = io.NopCloser(&sent)
	input := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true},
	}
	if got.status < http.StatusBadRequest {
		if err := openapi3filter.ValidateRequest(r.Context(), input); err != nil {
			p.t.Errorf("%s is answered with %d, and by the document must not be sent: %v", got.what, got.status, err)
		}
	} else {
		got.problem(got.status)
	}
	p.seen[route.Operation.OperationID+" "+http.StatusText(got.status)] = true
	err = openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: got.status, Header: got.header,
		Body: io.NopCloser(strings.NewReader(got.body)), Options: input.Options,
	})
	if err != nil {
		p.t.Errorf("%s: the answer is not as documented: %v\n%s", got.what, err, got.body)
	}
	return got
}

// document finds operations in the document as the portals serve it.
func document(t *testing.T) routers.Router {
	t.Helper()
	r, err := documented()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var documented = sync.OnceValues(func() (routers.Router, error) {
	openapi3filter.RegisterBodyDecoder("message/rfc822", openapi3filter.FileBodyDecoder)
	doc, err := servedDocument()
	if err != nil {
		return nil, err
	}
	for name, schema := range doc.Components.Schemas {
		if !requests[name] { // which are strict in the document itself
			shut(schema)
		}
	}
	return legacy.NewRouter(doc) // which validates it, examples included
})

// requests are the schemas of what is sent.
var requests = map[string]bool{"LinkRequest": true, "Facts": true, "NewAssociate": true, "Shareholding": true}

// shut has a schema allow no members but those it names. To callers the document promises that there may be more.
func shut(of *openapi3.SchemaRef) {
	if of == nil || of.Ref != "" {
		return
	}
	if len(of.Value.Properties) > 0 {
		of.Value.AdditionalProperties = openapi3.AdditionalProperties{Has: new(false)}
	}
	for _, member := range of.Value.Properties {
		shut(member)
	}
	shut(of.Value.Items)
}

// servedDocument is the document of a portal at publicURL.
func servedDocument() (*openapi3.T, error) {
	portal, err := newBareAPI(nil, flows)
	if err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	portal.ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), http.MethodGet, publicURL+"/api/v1/openapi.json", nil))
	return openapi3.NewLoader().LoadFromData(w.Body.Bytes())
}

func TestAnswersMayGetNewMembersAndRequestsMayNot(t *testing.T) {
	t.Parallel()
	doc, err := servedDocument()
	if err != nil {
		t.Fatal(err)
	}
	for name, schema := range doc.Components.Schemas {
		strict := strings.Contains(jsonOf(t, schema), `"additionalProperties":false`)
		if strict != requests[name] {
			t.Errorf("%s allows no other members: %t, want %t", name, strict, requests[name])
		}
	}
}

func jsonOf(t *testing.T, schema *openapi3.SchemaRef) string {
	t.Helper()
	text, err := schema.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
