package faults_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"testing"
	"unicode/utf8"

	"portal/internal/sandbox/faults"
)

func TestGarbageHasTheOrderedShape(t *testing.T) {
	t.Parallel()
	const isJSON, isHTML = "application/json", "text/html; charset=utf-8"
	for shape, c := range map[faults.Shape]struct {
		contentType string
		ok          func(body string, err error) bool
	}{
		"":               {isJSON, func(body string, err error) bool { return err == nil && !json.Valid([]byte(body)) }},
		faults.Malformed: {isJSON, func(body string, err error) bool { return err == nil && !json.Valid([]byte(body)) }},
		faults.Truncated: {isJSON, func(body string, err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) && body[0] == '{' }},
		faults.HTML:      {isHTML, func(body string, err error) bool { return err == nil && body[0] == '<' }},
		faults.WrongType: {isJSON, func(body string, err error) bool { return err == nil && body == "[]" }},
		faults.Empty:     {isJSON, func(body string, err error) bool { return err == nil && body == "" }},
		faults.Binary:    {isJSON, func(body string, err error) bool { return err == nil && !utf8.ValidString(body) }},
	} {
		t.Run(string(shape), func(t *testing.T) {
			t.Parallel()
			s := serve(t)
			s.order(t, faults.Rule{Kind: faults.Garbage, Garbage: shape})

			resp, body, err := s.send(t.Context())

			if resp == nil || resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != c.contentType {
				t.Fatalf("%+v, %v", resp, err)
			}
			if !c.ok(body, err) {
				t.Errorf("body %q, %v", body, err)
			}
		})
	}
}
