package sumsub

import (
	"net"
	"net/http"
	"time"
)

// connectWithin is how long each part of connecting may take.
const connectWithin = 5 * time.Second

// A connection on which nothing has come for a while is asked whether it is alive, and dropped if it does not say so.
// HTTP/2 would otherwise send call after call into the same dead connection.
const (
	silentFor   = 10 * time.Second
	aliveWithin = 5 * time.Second
)

// idleConnections are kept for the next calls: as many as reads of some applicants need at once.
const idleConnections = 32

// newTransport returns connections of our own. They are used without an http.Client, which would follow redirects,
// and keep cookies if told to: neither has a place in this API.
func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: connectWithin}).DialContext,
		TLSHandshakeTimeout:    connectWithin,
		MaxResponseHeaderBytes: 64 << 10,
		ForceAttemptHTTP2:      true,
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: silentFor, PingTimeout: aliveWithin},
		MaxIdleConns:           idleConnections,
		MaxIdleConnsPerHost:    idleConnections,
		// Below the minute at which servers usually drop idle connections: a call that meets the drop has an unknown fate.
		IdleConnTimeout: 30 * time.Second,
	}
}
