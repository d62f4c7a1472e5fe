package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// callBody reads a body of one media type, which middleware has limited.
func callBody(r *http.Request, mediaType string) ([]byte, error) {
	if got, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || got != mediaType {
		return nil, apiProblem{status: http.StatusUnsupportedMediaType, detail: "The Content-Type must be " + mediaType + "."}
	}
	body, err := io.ReadAll(r.Body)
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, apiProblem{status: http.StatusRequestEntityTooLarge}
	}
	if err != nil {
		return nil, apiProblem{status: http.StatusBadRequest, detail: "The body ended early."}
	}
	return body, nil
}

// faults collects what is wrong with a body: one for each place.
type faults []fault

// mostFaults bounds the answer to a body that is all wrong.
const mostFaults = 20

func (f *faults) add(at, detail string) {
	one := fault{Pointer: "#" + at, Detail: detail}
	known := slices.ContainsFunc(*f, func(other fault) bool { return other.Pointer == one.Pointer })
	if !known && len(*f) < mostFaults {
		*f = append(*f, one)
	}
}

// members reads the members of an object, which is valid JSON. Null is as good as nothing: many programs write it for
// what they do not know. Names are taken as they are written, and once.
func (f *faults) members(object []byte, at string, into map[string]any) {
	d := json.NewDecoder(bytes.NewReader(object))
	if open, _ := d.Token(); open != json.Delim('{') {
		f.add(at, "must be an object")
		return
	}
	seen := map[string]bool{}
	for d.More() {
		var value json.RawMessage
		key, _ := d.Token()
		name, _ := key.(string)
		if d.Decode(&value) != nil {
			return // it is valid
		}
		place, known := into[name]
		switch {
		case !known:
			f.add(at+"/"+pointed(name), "is not known here")
		case seen[name]:
			f.add(at+"/"+pointed(name), "is there twice")
		case json.Unmarshal(value, place) != nil:
			f.add(at+"/"+pointed(name), "must be "+kindOf(place))
		}
		seen[name] = true
	}
}

// pointed is a member's name in a JSON Pointer that stands in a fragment (RFC 6901, 6).
func pointed(name string) string {
	return url.PathEscape(strings.NewReplacer("~", "~0", "/", "~1").Replace(name))
}

func kindOf(place any) string {
	switch place.(type) {
	case *[]string:
		return "a list of strings"
	case *[]json.RawMessage:
		return "a list of objects"
	case *bool:
		return "true or false"
	case *numeral:
		return "a number, or a string of one"
	}
	return "a string"
}

func isNull(text []byte) bool { return string(bytes.TrimSpace(text)) == "null" }
