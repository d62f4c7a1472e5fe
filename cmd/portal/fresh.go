package main

import (
	"net"
	"time"
)

// unhurried gives the connections of a listener that nobody has used yet as long as idle ones have. net/http gives them as
// long as a header may take, but proxies open some in advance (those written in Go do in every rush of requests) and would
// send the next request, which may be one that they cannot send twice, over a connection that is being closed.
type unhurried struct{ net.Listener }

func (l unhurried) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &fresh{Conn: c}, nil
}

// fresh is a connection whose first header has to come within headerTime of its first byte.
type fresh struct {
	net.Conn
	begun bool // guarded by there being one reader at a time
}

func (c *fresh) Read(p []byte) (int, error) {
	if c.begun {
		return c.Conn.Read(p)
	}
	c.begun = true
	if err := c.SetReadDeadline(time.Now().Add(idleTime)); err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(p)
	if err != nil {
		return n, err
	}
	return n, c.SetReadDeadline(time.Now().Add(headerTime))
}
