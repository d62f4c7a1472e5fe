package faults

import (
	"io"
	"net/http"
	"strconv"
)

// Shape says what the answer of a garbage rule looks like. Its status is always 200.
type Shape string

// The shapes of garbage.
const (
	Malformed Shape = "malformed"  // a whole body that is no JSON
	Truncated Shape = "truncated"  // the connection ends in the middle of the JSON that Content-Length promised
	HTML      Shape = "html"       // a page, as from a proxy in between
	WrongType Shape = "wrong_type" // JSON, but a list where an object belongs
	Empty     Shape = "empty"      // no body
	Binary    Shape = "binary"     // bytes that are no text
)

// shapes are in the order in which they are explained.
var shapes = []Shape{Malformed, Truncated, HTML, WrongType, Empty, Binary}

// bodies are what is sent for each shape.
var bodies = map[Shape]string{
	Malformed: `{"id": "\x00<html>`,
	Truncated: `{"id":"5a9d0b1e-3c1f-4f0e-9a58-0d6a1c5f7e21","role":"INDIVI`,
	HTML:      "<!doctype html>\n<title>Maintenance</title>\n<h1>We will be back soon.</h1>\n",
	WrongType: `[]`,
	Binary:    "\x00\xff\xfe\x1f\x8b\x08\x00\x80\xc3\x28",
}

// send answers with this garbage. All but the page call themselves JSON, since that is what clients trust.
func (s Shape) send(w http.ResponseWriter) {
	h, body := w.Header(), bodies[s]
	h.Set("Content-Type", "application/json")
	switch s {
	case HTML:
		h.Set("Content-Type", "text/html; charset=utf-8")
	case Truncated: // the server closes the connection when the handler falls short of this
		h.Set("Content-Length", strconv.Itoa(2*len(body)))
	}
	_, _ = io.WriteString(w, body)
}
