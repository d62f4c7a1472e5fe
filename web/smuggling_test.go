package web_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http2/hpack"
)

// frontConf has nginx pass everything on to the portal over few connections that are kept, as platforms have it: what is left
// of one request there would be taken for the beginning of another's.
const frontConf = `
%[1]s
worker_processes 1;
daemon off;
pid %[2]s/pid;
error_log %[2]s/error.log;
events { worker_connections 256; }
http {
    log_format plain '$request_method $uri $upstream_addr';
    access_log %[2]s/access.log plain;
    client_body_temp_path %[2]s/body; proxy_temp_path %[2]s/proxy; fastcgi_temp_path %[2]s/fastcgi;
    uwsgi_temp_path %[2]s/uwsgi; scgi_temp_path %[2]s/scgi;
    upstream portal { server %[3]s; keepalive 2; }
    server {
        listen %[4]s;
        listen %[5]s http2;
        location / {
            proxy_pass http://portal;
            proxy_http_version 1.1;
            proxy_request_buffering %[6]s;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
        }
    }
}
`

// nginx is one in front of a portal.
type nginx struct {
	*world
	dir, plain, two string // its folder, and its addresses for HTTP/1.1 and HTTP/2
	program         *exec.Cmd
}

func newNginx(t *testing.T, buffering string) *nginx {
	t.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil {
		program = "/usr/sbin/nginx" // where Debian has it, out of the way of all but root
	}
	n := &nginx{world: newWorld(t, wanted{}), dir: t.TempDir(), plain: freeAddress(t), two: freeAddress(t)}
	user := ""
	if os.Getuid() == 0 {
		user = "user root;" // whose folder it is
	}
	conf := fmt.Sprintf(frontConf, user, n.dir, n.server.Listener.Addr(), n.plain, n.two, buffering)
	file := filepath.Join(n.dir, "nginx.conf")
	if err := os.WriteFile(file, []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	n.program = exec.CommandContext(t.Context(), program, "-p", n.dir, "-c", file, "-e", filepath.Join(n.dir, "error.log"))
	n.program.Stderr = os.Stderr
	if err := n.program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.stop)
	eventually(t, "nginx to answer", func() bool {
		conn, err := net.Dial("tcp", n.plain)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
	return n
}

// stop ends nginx once it has done and logged everything, and the portal.
func (n *nginx) stop() {
	if n.program.ProcessState == nil {
		_ = n.program.Process.Signal(os.Interrupt)
		_ = n.program.Wait()
	}
	n.server.Close()
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// exchange sends bytes and returns what comes until the other side is done, or has nothing more to say.
func exchange(t *testing.T, address, bytes string) string {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, bytes) // it may hang up in between
	_ = conn.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
	answer, _ := io.ReadAll(conn)
	return string(answer)
}

// hidden is the request that is hidden in others.
const hidden = "GET /onboarding/accessibility HTTP/1.1\r\nHost: www.example.com\r\n\r\n"

// smuggled are requests that one reader may take for one and another for two. Each begins after the host.
func smuggled() map[string]string {
	inChunk := fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(hidden), hidden)
	behind := "0\r\n\r\n" + hidden
	all := map[string]string{
		"length before chunks": fmt.Sprintf("Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n%s", len(behind), behind),
		"chunks before length": "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n" + inChunk,
		"an extension":         "Transfer-Encoding: chunked\r\n\r\n0;a=\"\r\n\r\n" + hidden,
		"an extension's line":  "Transfer-Encoding: chunked\r\n\r\n2;\nxx\r\n3f\r\n0\r\n\r\n" + hidden,
		"bare ends of chunks":  "Transfer-Encoding: chunked\r\n\r\n0\n\n" + hidden,
		"a size in C":          "Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n" + hidden,
		"a size with a sign":   "Transfer-Encoding: chunked\r\n\r\n+0\r\n\r\n" + hidden,
		"a size beyond 64 bit": "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n" + hidden,
		"a trailer":            "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 70\r\n\r\n" + hidden,
		"HTTP/1.0":             "Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n" + behind,
	}
	for _, chunked := range []string{
		"Transfer-Encoding: xchunked", "Transfer-Encoding : chunked", "Transfer-Encoding:\tchunked", "Transfer-Encoding: chunked, identity",
		"Transfer-Encoding: identity, chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: x", "Transfer-Encoding: x\r\nTransfer-Encoding: chunked",
		"Transfer-Encoding: \x0bchunked", "Transfer-Encoding\r\n : chunked", "X: y\r\n Transfer-Encoding: chunked", "X: y\nTransfer-Encoding: chunked",
		" Transfer-Encoding: chunked", "X: y\rTransfer-Encoding: chunked", "Transfer_Encoding: chunked", "Transfer-Encoding: \"chunked\"", "Transfer-Encoding: CHUNKED",
		"Transfer-Encoding: chunked\x00",
	} {
		all["length and "+chunked] = fmt.Sprintf("Content-Length: %d\r\n%s\r\n\r\n%s", len(behind), chunked, behind)
		all["only "+chunked] = chunked + "\r\n\r\n" + behind
	}
	for _, length := range []string{
		"Content-Length: 0\r\nContent-Length: %d", "Content-Length: %d\r\nContent-Length: 0", "Content-Length: 0, %d", "Content-Length: +%d", "Content-Length: -%d",
		"Content-Length: 0x%x", "Content-Length : %d", "Content-Length:\r\n %d", "Content_Length: %d", "X: y\rContent-Length: %d", "Content-Length: %d ", "Content-Length: 0%d",
	} {
		all[length] = fmt.Sprintf(length, len(hidden)) + "\r\n\r\n" + hidden
	}
	return all
}

// Whatever somebody writes, the portal sees the requests that nginx has let through, each once, and no others.
func TestNoRequestIsSmuggledThroughNginx(t *testing.T) {
	t.Parallel()
	for _, buffering := range []string{"on", "off"} {
		t.Run("buffering "+buffering, func(t *testing.T) {
			t.Parallel()
			n := newNginx(t, buffering)
			for name, rest := range smuggled() {
				for _, line := range []string{"POST /onboarding/language HTTP/1.1", "GET /onboarding/sign-in HTTP/1.1"} {
					if name == "HTTP/1.0" {
						line = strings.Replace(line, "1.1", "1.0", 1)
					}
					exchange(t, n.plain, line+"\r\nHost: www.example.com\r\n"+rest)
					n.othersAreServed(name)
				}
			}
			for name, header := range downgraded() {
				exchange(t, n.two, header)
				n.othersAreServed(name)
			}
			n.stop()
			n.compare()
		})
	}
}

// othersAreServed asks over each of the connections that nginx keeps: no answer may be that of another request.
func (n *nginx) othersAreServed(after string) {
	n.t.Helper()
	for range 2 {
		got := exchange(n.t, n.plain, "GET /onboarding/nothing-of-this-name HTTP/1.1\r\nHost: www.example.com\r\nConnection: close\r\n\r\n")
		if !strings.HasPrefix(got, "HTTP/1.1 404 ") {
			n.t.Fatalf("after %q somebody else gets %.40q", after, got)
		}
	}
}

// compare compares what nginx has passed on with what the portal has answered.
func (n *nginx) compare() {
	n.t.Helper()
	text, err := os.ReadFile(filepath.Join(n.dir, "access.log"))
	if err != nil {
		n.t.Fatal(err)
	}
	passed, hiddenOnes := 0, 0
	for line := range strings.Lines(string(text)) {
		if !strings.HasSuffix(strings.TrimSpace(line), " -") { // which got no further
			passed++
			if strings.HasPrefix(line, "GET /onboarding/accessibility ") {
				hiddenOnes++
			}
		}
	}
	log := n.log.String()
	answered, found := strings.Count(log, `"msg":"request"`), strings.Count(log, `"route":"/onboarding/accessibility"`)
	if answered != passed || found != hiddenOnes || passed < 100 {
		n.t.Errorf("nginx passed %d requests on, %d of them to the hidden address; the portal answered %d, %d of them there", passed, hiddenOnes, answered, found)
	}
}

// downgraded are requests over HTTP/2 whose header would be two requests over HTTP/1.1.
func downgraded() map[string]string {
	all := map[string]string{}
	for _, field := range []hpack.HeaderField{
		{Name: "content-length", Value: "0"},
		{Name: "transfer-encoding", Value: "chunked"},
		{Name: "x", Value: "y\r\nTransfer-Encoding: chunked"},
		{Name: "x: y\r\ntransfer-encoding", Value: "chunked"},
		{Name: "connection", Value: "transfer-encoding"},
		{Name: ":path", Value: "/ HTTP/1.1\r\n" + hidden},
		{Name: ":method", Value: "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET"},
		{Name: "content-length", Value: "1\r\nX: y"},
		{Name: "host", Value: "www.example.com\r\n\r\n" + hidden},
	} {
		all["over HTTP/2 "+field.Name+": "+field.Value] = overTwo(field)
	}
	return all
}

// overTwo is a connection of HTTP/2 with one request that has one header more, or another.
func overTwo(more hpack.HeaderField) string {
	var header strings.Builder
	encoder := hpack.NewEncoder(&header)
	for _, f := range []hpack.HeaderField{
		{Name: ":method", Value: http.MethodPost},
		{Name: ":path", Value: "/onboarding/language"},
		{Name: ":scheme", Value: "http"},
		{Name: ":authority", Value: "www.example.com"},
	} {
		if f.Name == more.Name {
			f.Value = more.Value
		}
		_ = encoder.WriteField(f) // a builder takes everything
	}
	if !strings.HasPrefix(more.Name, ":") {
		_ = encoder.WriteField(more)
	}
	frame := func(kind, flags, stream byte, payload string) string {
		return string([]byte{0, byte(len(payload) >> 8), byte(len(payload)), kind, flags, 0, 0, 0, stream}) + payload
	}
	body := "0\r\n\r\n" + hidden
	return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, "") + frame(1, 4, 1, header.String()) + frame(0, 1, 1, body)
}
