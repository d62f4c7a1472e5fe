package upload

import "net/http"

// Windows of HTTP/2. A connection's window is as great as those of all its streams together: where it is not, uploads that wait
// unread fill it up, and nothing else on the connection is read any more, the upload whose turn it is among the rest. A stream's
// is what clients believe it to be until they have heard of another (RFC 9113, 6.9.2), and a connection's is bounded by net/http,
// which leaves so many streams; clients with more to send open more connections.
const (
	streams      = 60
	streamWindow = 64 << 10
)

// HTTP2 are the settings that a server needs if uploads come to it over HTTP/2.
func HTTP2() *http.HTTP2Config {
	return &http.HTTP2Config{
		MaxConcurrentStreams: streams, MaxReceiveBufferPerStream: streamWindow, MaxReceiveBufferPerConnection: streams * streamWindow,
	}
}
