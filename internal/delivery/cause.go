package delivery

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
)

var errAddress = errors.New("the receiver's address is no URL")

// refusal says in our words what a status means that is no success.
func refusal(status int) string {
	switch {
	case status >= 300 && status <= 399:
		return fmt.Sprintf("the receiver answered with status %d, and redirects are not followed", status)
	case status == 410:
		return "the receiver answered with status 410: it wants no more"
	default:
		return fmt.Sprintf("the receiver answered with status %d", status)
	}
}

// cause says in our words why no answer came. The library's own words may quote what the receiver sent.
func cause(err error) string {
	var timeout net.Error
	if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() {
		return "the receiver did not answer in time"
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return "the receiver's host name is not known"
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "the receiver's certificate is not trusted"
	}
	if dial, ok := errors.AsType[*net.OpError](err); ok && dial.Op == "dial" {
		return "the receiver cannot be reached"
	}
	return "the connection to the receiver broke off"
}
