package web_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/web"
)

// TestStreamsTakeLittleMemory counts what a process that serves nothing else takes for many streams: ten thousand are to
// stay below 400 MB with garbage and all, which is twice of what is in use.
func TestStreamsTakeLittleMemory(t *testing.T) {
	t.Parallel()
	const streams, most = 1000, 20_000 // bytes each
	child := exec.Command(os.Args[0], "-test.run=^TestServeStreams$")
	child.Env = append(os.Environ(), "SERVE_STREAMS=1")
	orders, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = orders.Close(); _ = child.Wait() })
	answers := bufio.NewReader(out)
	var address, cookie string
	var before, after uint64
	read := func(into ...any) {
		t.Helper()
		if _, err := fmt.Fscanln(answers, into...); err != nil {
			t.Fatal(err)
		}
	}
	read(&address, &cookie)
	open(t, address, cookie) // of the kind that is there anyway
	_, _ = fmt.Fprintln(orders)
	read(&before)
	for range streams {
		open(t, address, cookie)
	}
	_, _ = fmt.Fprintln(orders)
	read(&after)
	each := (after - before) / streams
	t.Logf("%d bytes each", each)
	if each > most {
		t.Errorf("a stream takes %d bytes, want at most %d", each, most)
	}
}

// open opens a stream as a proxy does, and reads its first event.
func open(t *testing.T, address, cookie string) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_, err = fmt.Fprintf(c, "GET /onboarding/events?flow=individual HTTP/1.1\r\nHost: www.example.com\r\nCookie: %s\r\n"+
		"Accept: text/event-stream\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: de-DE,de;q=0.9,en;q=0.8\r\nSec-Fetch-Site: same-origin\r\n"+
		"User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r\n\r\n", cookie)
	if err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(c); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "data: ") {
			return
		}
	}
	t.Fatal("no event")
}

// everyone has every visit be another applicant's, though they share a session, once there is a crowd.
type everyone struct {
	web.Visits
	crowd *atomic.Bool
}

func (v everyone) Visit(ctx context.Context, t identity.Token, l identity.Limits, now time.Time) (identity.Session, []onboarding.Registration, error) {
	who, begun, err := v.Visits.Visit(ctx, t, l, now)
	if v.crowd.Load() {
		who.Applicant = identity.ApplicantID(uuid.New())
	}
	return who, begun, err
}

// TestServeStreams is the process that TestStreamsTakeLittleMemory looks at.
func TestServeStreams(t *testing.T) {
	if os.Getenv("SERVE_STREAMS") == "" {
		t.Skip("run by TestStreamsTakeLittleMemory")
	}
	var crowd atomic.Bool
	w := newWorld(t, wanted{live: true, visits: func(v web.Visits) web.Visits { return everyone{v, &crowd} }})
	b := w.browser()
	b.start("ada@example.com", "individual")
	crowd.Store(true)
	for _, c := range b.client.Jar.Cookies(w.url) {
		if strings.HasSuffix(c.Name, "portal_session") {
			fmt.Println(w.server.Listener.Addr(), c.Name+"="+c.Value)
		}
	}
	for orders := bufio.NewScanner(os.Stdin); orders.Scan(); {
		var m runtime.MemStats
		debug.FreeOSMemory() // stacks that have grown shrink in the next collection
		debug.FreeOSMemory()
		runtime.ReadMemStats(&m)
		fmt.Println(m.HeapAlloc + m.StackInuse)
	}
}
