package calls

import "time"

// Call is what the journal shows of one HTTP call.
type Call struct {
	ID         int       `json:"id"`
	At         time.Time `json:"at"`
	Method     string    `json:"method"`
	Path       string    `json:"path"`
	Query      string    `json:"query"`  // as it was sent, but for secrets
	Route      string    `json:"route"`  // the pattern that matched, once the call is over
	Status     int       `json:"status"` // 0 while there is none and if the connection was cut
	DurationMS float64   `json:"duration_ms"`
	Fault      string    `json:"fault"`   // what Note was told
	Pending    bool      `json:"pending"` // still under way: the rest is what there is so far
	Request    Message   `json:"request"` // a selection of its headers, secrets masked
	Response   Message   `json:"response"`
}

// Message is one direction of a call: the headers and as much of the body as has been read or written.
type Message struct {
	Headers   map[string]string `json:"headers"`
	Body      string            `json:"body"` // a body that is no text is only described
	Bytes     int64             `json:"bytes"`
	Truncated bool              `json:"truncated"` // Body is only the beginning
}
