package load

import (
	"io"
	"net"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Answers come in whatever parts the network makes of them, and the next answer is not mistaken for the rest of one.
func TestAnswersAreReadToTheirEndInWhateverParts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		statuses := rapid.SliceOfN(rapid.SampledFrom([]string{"200 OK", "503 Service Unavailable"}), 1, 4).Draw(t, "statuses")
		ours, theirs := net.Pipe()
		defer ours.Close()
		body := rapid.StringN(0, 200, 200).Draw(t, "body")
		go answer(theirs, statuses, body, rapid.IntRange(1, 60).Draw(t, "part"))
		c := newConn(ours)
		for _, want := range statuses {
			status, err := c.exchange([]byte("GET"))
			if err != nil || !strings.HasPrefix(want, strconv.Itoa(status)) {
				t.Fatalf("%d, %v; want %s", status, err, want)
			}
		}
	})
}

// answer reads a request and sends an answer, part by part, as often as there are statuses.
func answer(c net.Conn, statuses []string, body string, part int) {
	defer c.Close()
	for _, status := range statuses {
		if _, err := io.ReadFull(c, make([]byte, len("GET"))); err != nil {
			return
		}
		text := "HTTP/1.1 " + status + "\r\nVary: Cookie\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + body
		for len(text) > 0 {
			n := min(part, len(text))
			if _, err := io.WriteString(c, text[:n]); err != nil {
				return
			}
			text = text[n:]
		}
	}
}

func TestAnswersThatAreNotUnderstoodAreErrors(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no length":       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"no number":       "HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok",
		"no status":       "HTTP/1.1 yes\r\n\r\n",
		"nothing at all":  "",
		"ends too early":  "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nok",
		"two at once":     "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nok",
		"endless headers": "HTTP/1.1 200 OK\r\n" + strings.Repeat("X: y\r\n", 20_000),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ours, theirs := net.Pipe()
			defer ours.Close()
			go func() {
				defer theirs.Close()
				_, _ = io.ReadFull(theirs, make([]byte, len("GET")))
				_, _ = io.WriteString(theirs, text) // nobody may be left to read it
			}()
			if status, err := newConn(ours).exchange([]byte("GET")); err == nil {
				t.Errorf("status %d and no error", status)
			}
		})
	}
}

func TestAnswerWithoutBodyNeedsNoLength(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"204 No Content", "304 Not Modified"} {
		if _, length, err := plain([]byte("HTTP/1.1 " + status + "\r\n\r\n")); err != nil || length != 0 {
			t.Errorf("%s: %d, %v", status, length, err)
		}
	}
}
