package web_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/inbox"
	"portal/web"
)

// signed are the headers that Sumsub sends with a body.
func signed(by func() hash.Hash, name, secret, body string) []string {
	mac := hmac.New(by, []byte(secret))
	mac.Write([]byte(body))
	return []string{"X-Payload-Digest", hex.EncodeToString(mac.Sum(nil)), "X-Payload-Digest-Alg", name}
}

func signed256(body string) []string {
	return signed(sha256.New, "HMAC_SHA256_HEX", webhookSecret, body)
}

// happened is a message of Sumsub's, as it writes them.
func happened(kind, applicant string, at int) string {
	return fmt.Sprintf("{\n  \"applicantId\" : %q,\n  \"externalUserId\" : \"ours\",\n  \"type\" : %q,\n  \"createdAtMs\" : \"2026-01-02 03:04:05.%03d\"\n}", applicant, kind, at)
}

func TestSumsubsWebhooksAreStoredOnceAndHandedOn(t *testing.T) {
	t.Parallel()
	m := newMailroom(t, mailroomOptions{})
	send := func(body string) {
		t.Helper()
		for range 2 {
			if status, text := m.postTo("sumsub", body, signed256(body)...); status != http.StatusOK || text != "ok\n" {
				t.Errorf("%s: status %d, %q", body, status, text)
			}
		}
	}
	send(happened("applicantReviewed", "a", 2))
	send(happened("applicantPending", "a", 1)) // happened before the one that came before
	send(happened("applicantOfTomorrow", "b", 1))
	send(happened("applicantReviewed", "a", 3))
	send(strings.ReplaceAll(happened("applicantReviewed", "a", 3), "ours", "other")) // the same, told in other words
	send("not json")
	m.process()
	want := []string{
		"applicantReviewed/a/2026-01-02 03:04:05.002", "applicantPending/a/2026-01-02 03:04:05.001",
		"applicantReviewed/a/2026-01-02 03:04:05.003", "applicantOfTomorrow/b/2026-01-02 03:04:05.001",
	}
	if diff := cmp.Diff(want, m.handed); diff != "" {
		t.Errorf("handed on (-want +got):\n%s", diff)
	}
	if n := m.count("select count(*) from webhooks where provider = 'sumsub' and status = 'processed' and profile_id in ('a', 'b') and customer_ref = 'ours'"); n != 4 {
		t.Errorf("%d processed, want 4", n)
	}
	if n := m.count("select count(*) from webhooks where provider = 'sumsub' and status = 'quarantined' and sealed_body is not null"); n != 1 {
		t.Errorf("%d quarantined, want 1", n)
	}
}

func TestEveryAlgorithmThatIsAcceptedIsTaken(t *testing.T) {
	t.Parallel()
	m := newMailroom(t, mailroomOptions{})
	for k, c := range []struct {
		name, secret string
		by           func() hash.Hash
		want         int
	}{
		{"HMAC_SHA256_HEX", webhookSecret, sha256.New, http.StatusOK},
		{"HMAC_SHA512_HEX", webhookSecret, sha512.New, http.StatusOK},
		{"HMAC_SHA256_HEX", "an-older-secret-of-them", sha256.New, http.StatusOK},
		{"HMAC_SHA256_HEX", "the-secret-of-the-api", sha256.New, http.StatusUnauthorized},
		{"HMAC_SHA1_HEX", webhookSecret, sha1.New, http.StatusUnauthorized},
		{"", webhookSecret, sha1.New, http.StatusUnauthorized},
	} {
		body := happened("applicantPending", "a", k)
		if status, _ := m.postTo("sumsub", body, signed(c.by, c.name, c.secret, body)...); status != c.want {
			t.Errorf("%q with %s: status %d, want %d", c.name, c.secret, status, c.want)
		}
	}
	if n := m.count("select count(*) from webhooks"); n != 3 {
		t.Errorf("%d stored, want 3", n)
	}
	log := m.log.String()
	for _, why := range []string{"by SHA-1, which is not accepted", "not of this body and a secret of ours", `"provider":"sumsub"`} {
		if !strings.Contains(log, why) {
			t.Errorf("the log does not say %q:\n%s", why, log)
		}
	}
	if strings.Contains(log, "applicantPending") || strings.Contains(log, webhookSecret) {
		t.Errorf("the log:\n%s", log)
	}
}

// Sumsub sends from addresses that it does not name: those of PassFort say nothing of it.
func TestSumsubsWebhooksComeFromAnywhere(t *testing.T) {
	t.Parallel()
	m := newMailroom(t, mailroomOptions{sources: []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")}})
	body := happened("applicantPending", "a", 1)
	if status, _ := m.postTo("sumsub", body, signed256(body)...); status != http.StatusOK {
		t.Errorf("status %d", status)
	}
	if status, _ := m.post(bearer, message("1")); status != http.StatusForbidden {
		t.Errorf("PassFort's from there: status %d", status)
	}
}

func TestBodiesThatNothingCanProveAreNotRead(t *testing.T) {
	t.Parallel()
	m := newMailroom(t, mailroomOptions{})
	for _, header := range [][]string{
		{"Authorization", bearer},
		{"X-Payload-Digest", strings.Repeat("a", 40), "X-Payload-Digest-Alg", "HMAC_SHA1_HEX"},
		{"X-Payload-Digest", "1234", "X-Payload-Digest-Alg", "HMAC_SHA256_HEX"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, publicURL+"/webhooks/sumsub", unread{t})
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		answer := httptest.NewRecorder()
		m.web.ServeHTTP(answer, r)
		if answer.Code != http.StatusUnauthorized || answer.Header().Get("WWW-Authenticate") != "X-Payload-Digest" {
			t.Errorf("%v: status %d, %v", header, answer.Code, answer.Header())
		}
	}
}

// endless is a body without an end, of which somebody counts what is read.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	e.read += len(p)
	return len(p), nil
}

// Anybody can say that a body has a digest, so no more of it is read than a message of Sumsub's could have.
func TestStrangersCannotHaveMuchRead(t *testing.T) {
	t.Parallel()
	m := newMailroom(t, mailroomOptions{})
	body := &endless{}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, publicURL+"/webhooks/sumsub", body)
	r.ContentLength = 1 << 40
	for i, h := 0, signed256("x"); i < len(h); i += 2 {
		r.Header.Set(h[i], h[i+1])
	}
	answer := httptest.NewRecorder()
	m.web.ServeHTTP(answer, r)
	if answer.Code != http.StatusUnauthorized || body.read > 1<<20 {
		t.Errorf("status %d after %d bytes", answer.Code, body.read)
	}
	long := happened(strings.Repeat("x", 300<<10), "a", 1)
	if status, _ := m.postTo("sumsub", long, signed256(long)...); status != http.StatusUnauthorized {
		t.Errorf("what is longer than is read: status %d", status)
	}
	if n := m.count("select count(*) from webhooks"); n != 0 {
		t.Errorf("%d stored", n)
	}
}

// A stranger who sends a byte now and then does not keep a place from Sumsub for longer than Sumsub waits.
func TestStrangersCannotHoldAPlaceForLong(t *testing.T) {
	t.Parallel()
	m := newMailroom(t, mailroomOptions{})
	conn, err := net.Dial("tcp", strings.Split(strings.TrimPrefix(m.url, "http://"), "/")[0])
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	began := time.Now()
	h := signed256("x")
	fmt.Fprintf(conn, "POST /onboarding/webhooks/sumsub HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n%s: %s\r\n%s: %s\r\n\r\nx", h[0], h[1], h[2], h[3])
	if err := conn.SetReadDeadline(began.Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if took := time.Since(began); err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 400 ") || took > 15*time.Second {
		t.Errorf("after %s: %q, %v", took, answer, err)
	}
}

// Sumsub takes no answer within five seconds for a failure, whatever the delivery has waited for.
func TestSumsubIsAnsweredBeforeItGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		in := stuck{entered: make(chan struct{}, 200), free: make(chan struct{})}
		m := newMailroom(t, mailroomOptions{inbox: in})
		began := time.Now()
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				if a := m.deliverTo("sumsub"); a.Code != http.StatusServiceUnavailable || time.Since(began) >= 5*time.Second {
					t.Errorf("status %d after %s", a.Code, time.Since(began))
				}
			})
		}
		synctest.Wait()
		if n := len(in.entered); n != 64 {
			t.Errorf("%d bodies in memory at once, want 64", n)
		}
		all.Wait()
	})
}

func TestOnlyExpectedWebhooksHaveAnAddress(t *testing.T) {
	t.Parallel()
	for expected, other := range map[string]string{"passfort": "sumsub", "sumsub": "passfort"} {
		m := newMailroom(t, mailroomOptions{inbox: strangers{}, only: expected})
		for provider, want := range map[string]int{expected: http.StatusUnauthorized, other: http.StatusNotFound} {
			answer := httptest.NewRecorder()
			m.web.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodPost, publicURL+"/webhooks/"+provider, nil))
			if answer.Code != want {
				t.Errorf("with %s alone, %s: status %d, want %d", expected, provider, answer.Code, want)
			}
		}
	}
}

// strangers is an inbox that admits nobody.
type strangers struct{ web.Inbox }

func (strangers) Admit(string, inbox.Proof) error { return inbox.ErrForged }
