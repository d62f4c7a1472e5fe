package web

import (
	"bytes"
	_ "embed" // of the document
	"net/http"
	"strconv"
)

// apiDocument describes the API in OpenAPI. It is written by hand, for the documented portal.
//
//go:embed openapi/v1.json
var apiDocument []byte

// documentedURL stands in the document for the base URL of whichever portal serves it.
const documentedURL = "https://www.example.com/onboarding"

// showDocument makes a handler that answers everybody with the document: it holds nothing secret.
func (s *Server) showDocument() http.HandlerFunc {
	document := bytes.ReplaceAll(apiDocument, []byte(documentedURL), []byte(s.publicURL("")))
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(document)))
		_, _ = w.Write(document) // the reader may have gone
	}
}
