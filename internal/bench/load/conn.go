package load

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"
)

// answerWithin is how long an answer may take before its request has failed.
const answerWithin = 30 * time.Second

// conn is a connection on which one request is answered after the other.
type conn struct {
	net.Conn
	in []byte
}

func newConn(c net.Conn) *conn { return &conn{c, make([]byte, 64<<10)} }

// exchange sends a request and reads its answer to the end.
func (c *conn) exchange(request []byte) (status int, err error) {
	if err := c.SetDeadline(time.Now().Add(answerWithin)); err != nil {
		return 0, err
	}
	if _, err := c.Write(request); err != nil {
		return 0, err
	}
	status, rest, err := c.head()
	if err != nil {
		return 0, err
	}
	return status, c.discard(rest)
}

// errHead is of an answer that is not one of the plain ones that are understood here.
var errHead = errors.New("an answer without Content-Length, or with too long a header")

// head reads the header, and returns how much of the body has not come with it.
func (c *conn) head() (status, rest int, err error) {
	for got := 0; got < len(c.in); {
		n, err := c.Read(c.in[got:])
		if err != nil {
			return 0, 0, fmt.Errorf("reading an answer: %w", err)
		}
		from := max(got-3, 0) // the end of the header may have come in parts
		got += n
		if end := bytes.Index(c.in[from:got], endOfHead); end >= 0 {
			head := from + end + len(endOfHead)
			status, length, err := plain(c.in[:head])
			return status, length - (got - head), err
		}
	}
	return 0, 0, errHead
}

// discard reads what is left of the body.
func (c *conn) discard(rest int) error {
	for rest > 0 {
		n, err := c.Read(c.in[:min(rest, len(c.in))])
		if err != nil {
			return fmt.Errorf("reading a body: %w", err)
		}
		rest -= n
	}
	if rest < 0 {
		return errors.New("more than one answer")
	}
	return nil
}

var (
	endOfHead   = []byte("\r\n\r\n")
	lengthField = []byte("\r\nContent-Length: ")
)

// plain reads the status and the length of the body from a header, as Go and nginx write it.
func plain(head []byte) (status, length int, err error) {
	const version = len("HTTP/1.1 ")
	if len(head) < version+3 {
		return 0, 0, errHead
	}
	if status, err = strconv.Atoi(string(head[version : version+3])); err != nil {
		return 0, 0, errHead
	}
	if status == http.StatusNoContent || status == http.StatusNotModified {
		return status, 0, nil
	}
	at := bytes.Index(head, lengthField)
	if at < 0 {
		return 0, 0, errHead
	}
	value, _, _ := bytes.Cut(head[at+len(lengthField):], []byte("\r\n"))
	if length, err = strconv.Atoi(string(value)); err != nil {
		return 0, 0, errHead
	}
	return status, length, nil
}
