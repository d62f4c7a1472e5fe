package passfort

import (
	"net"
	"net/http"
	"time"
)

// connectWithin is how long a connection may take, from the look-up of the name to the end of the TLS handshake.
const connectWithin = 5 * time.Second

// A connection on which nothing has come for a while is asked whether it is alive, and dropped if it does not say so.
// HTTP/2 would otherwise send call after call into the same dead connection.
const (
	silentFor   = 10 * time.Second
	aliveWithin = 5 * time.Second
)

// newTransport returns connections of our own. They are used without an http.Client, which would follow redirects,
// and keep cookies if told to: neither has a place in this API.
func newTransport(inFlight int) *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: connectWithin}).DialContext,
		TLSHandshakeTimeout:    connectWithin,
		MaxResponseHeaderBytes: 64 << 10,
		ForceAttemptHTTP2:      true,
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: silentFor, PingTimeout: aliveWithin},
		MaxIdleConns:           inFlight,
		MaxIdleConnsPerHost:    inFlight,
		// Below the minute at which servers usually drop idle connections: a call that meets the drop has an unknown fate.
		IdleConnTimeout: 30 * time.Second,
	}
}
