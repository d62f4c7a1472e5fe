package bench

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// junkRequests are requests that make no sense, of every kind that strangers send. None is to be let in.
func junkRequests() []string {
	const host = " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
	body := func(text string) string { return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(text), text) }
	form := "Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n"
	return []string{
		"GET /wp-login.php" + host + "\r\n",
		"GET /onboarding/../../etc/passwd" + host + "\r\n",
		"GET /onboarding/static/no-such-file.js" + host + "\r\n",
		"GET /onboarding/status" + host + "Cookie: portal_session=MTc2MDAwMDAwMHxub3QtYS1zZXNzaW9u\r\n\r\n",
		"GET /onboarding/sign-in/link/bm90LWEtdG9rZW4tb2Ytb3Vycy1hdC1hbGwtcmVhbGx5" + host + "\r\n",
		"BREW /onboarding" + host + "\r\n",
		"DELETE /onboarding/sessions" + host + "\r\n",
		"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 nothing that is HTTP\r\n\r\n",
		"GET /onboarding" + host + "X-Long: " + strings.Repeat("x", 64<<10) + "\r\n\r\n",
		"POST /onboarding/language" + host + form + body(strings.Repeat("x", 64<<10)),
		"POST /onboarding/language" + host + "Sec-Fetch-Site: cross-site\r\n" + body("lang=de"),
		"POST /onboarding/sign-in/code" + host + form + body("code=000000"),
		"POST /onboarding/webhooks/passfort" + host + "Authorization: Bearer not-the-secret\r\n" + body("{}"),
		"POST /onboarding/webhooks/sumsub" + host + "X-Payload-Digest: 00\r\nX-Payload-Digest-Alg: HMAC_SHA256_HEX\r\n" + body(`{"applicantId":"x"}`),
		"GET /onboarding/api/v1/registrations/x" + host + "Authorization: Bearer not-a-key\r\n\r\n",
		"POST /onboarding" + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	}
}

// junkConnections is how many send them at once.
const junkConnections = 32

// junk is strangers who send them, evenly over some time, and how they were answered.
type junk struct {
	address                    string
	most                       int
	sent, refused, cut, failed atomic.Int64
	took                       time.Duration
}

func newJunk(address string, most int) *junk { return &junk{address: address, most: most} }

// run sends them all, within that time if the portal answers that quickly.
func (j *junk) run(ctx context.Context, during time.Duration) {
	began, requests := time.Now(), junkRequests()
	var all sync.WaitGroup
	for range junkConnections {
		all.Go(func() {
			s := &junkSender{junk: j}
			defer s.hangUp()
			for {
				n := int(j.sent.Add(1)) - 1
				due := began.Add(during * time.Duration(n) / time.Duration(j.most))
				if n >= j.most || pause(ctx, time.Until(due)) != nil {
					j.sent.Add(-1)
					return
				}
				s.send(ctx, requests[n%len(requests)])
			}
		})
	}
	all.Wait()
	j.took = time.Since(began)
}

// junkSender is one of them, with a connection that is kept for as long as the portal keeps it.
type junkSender struct {
	*junk
	conn net.Conn
	in   *bufio.Reader
}

func (s *junkSender) hangUp() {
	if s.conn != nil {
		_ = s.conn.Close()
		s.conn = nil
	}
}

// send sends a request and notes what became of it. A portal may hang up before it has read everything.
func (s *junkSender) send(ctx context.Context, request string) {
	if s.conn == nil {
		conn, err := (&net.Dialer{Timeout: junkWithin}).DialContext(ctx, "tcp", s.address)
		if err != nil {
			s.failed.Add(1)
			return
		}
		s.conn, s.in = conn, bufio.NewReader(conn)
	}
	_ = s.conn.SetDeadline(time.Now().Add(junkWithin))
	_, _ = io.WriteString(s.conn, request)
	answer, err := http.ReadResponse(s.in, nil)
	if err != nil {
		s.judge(err)
		s.hangUp()
		return
	}
	_, err = io.Copy(io.Discard, answer.Body)
	if answer.StatusCode < http.StatusInternalServerError && answer.StatusCode >= http.StatusMultipleChoices {
		s.refused.Add(1)
	} else {
		s.failed.Add(1)
	}
	if err != nil || answer.Close {
		s.hangUp()
	}
}

// junkWithin is how long an answer may take.
const junkWithin = 10 * time.Second

// judge notes a request that was not answered: that it was cut off is as good as an answer, that nothing came is not.
func (s *junkSender) judge(err error) {
	if isTimeout(err) {
		s.failed.Add(1)
		return
	}
	s.cut.Add(1)
}
