package upload

import (
	"net/http"
	"time"
)

// Windows of HTTP/2. A connection's window is as great as those of all its streams together: where it is not, uploads that wait
// unread fill it up, and nothing else on the connection is read any more, the upload whose turn it is among the rest. A stream's
// is what clients believe it to be until they have heard of another (RFC 9113, 6.9.2), and a connection's is bounded by net/http,
// which leaves so many streams; clients with more to send open more connections.
const (
	streams      = 60
	streamWindow = 64 << 10
)

// How long a connection of HTTP/2 may bring no whole frame before it is asked for a sign of life, how long that may take, and how
// long nothing may get through to the client. net/http has no such times by itself, and the times of requests do not count
// while none is under way.
const (
	quietFor  = 15 * time.Second
	answerFor = 15 * time.Second
	stuckFor  = 30 * time.Second
)

// HTTP2 are the settings that a server needs if uploads come to it over HTTP/2.
func HTTP2() *http.HTTP2Config {
	return &http.HTTP2Config{
		SendPingTimeout: quietFor, PingTimeout: answerFor, WriteByteTimeout: stuckFor,
		MaxConcurrentStreams: streams, MaxReceiveBufferPerStream: streamWindow, MaxReceiveBufferPerConnection: streams * streamWindow,
	}
}
