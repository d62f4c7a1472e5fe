package sandbox_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"portal/internal/sandbox"
	"portal/internal/sandbox/effects"
)

// world is a sandbox behind a real server.
type world struct {
	*sandbox.Sandbox
	url    string
	client *http.Client // of this server alone: the default one loses its connections when any test server closes
}

func open(t *testing.T, o sandbox.Options) world {
	t.Helper()
	s := sandbox.New(o)
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	client := server.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return world{s, server.URL, client}
}

// openWithMail is open with a mailbox that listens.
func openWithMail(t *testing.T) world {
	t.Helper()
	w := open(t, sandbox.Options{})
	if _, err := w.Mailbox().Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	return w
}

// do makes a call and returns the status, the headers and the body; headers are name and value in turn.
func (w world) do(t *testing.T, method, path, body string, headers ...string) (int, http.Header, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, w.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := w.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(content)
}

// get reads a JSON answer.
func get[T any](t *testing.T, w world, path string) T {
	t.Helper()
	status, _, body := w.do(t, "GET", path, "")
	if status != http.StatusOK {
		t.Fatalf("GET %s: %d %s", path, status, body)
	}
	return decode[T](t, body)
}

func decode[T any](t *testing.T, body string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return v
}

// kinds are the kinds of everything that happened, as scripts see it.
func (w world) kinds(t *testing.T) []string {
	t.Helper()
	list := []string{}
	for _, e := range get[[]effects.Effect](t, w, "/_sandbox/effects") {
		list = append(list, e.Kind)
	}
	return list
}

const stub = `{"role":"COMPANY_CUSTOMER","collected_data":{"entity_type":"COMPANY"}}`

// addProfile makes a profile by the API.
func (w world) addProfile(t *testing.T) (int, string) {
	t.Helper()
	status, _, body := w.do(t, "POST", "/4.0/profiles", stub, "apikey", sandbox.DefaultMasterKey)
	return status, body
}

// request makes a customer request by the API and returns its id and its key.
func (w world) request(t *testing.T, profileID, flow string) (id, key string) {
	t.Helper()
	body := `{"type":"FLOW","flow_template":{"alias":"` + flow + `"},"theme":{"alias":"default"}}`
	status, _, answer := w.do(t, "POST", "/4.0/forms/profile/"+profileID+"/customer_request", body, "apikey", sandbox.DefaultMasterKey)
	if status != http.StatusOK {
		t.Fatalf("requesting: %d %s", status, answer)
	}
	pair := decode[map[string]any](t, answer)
	return pair["id"].(string), pair["apikey"].(string)
}

func TestEveryHostNameIsAnswered(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})

	for _, host := range []string{"collection.localhost:8090", "api.passfort.com", "127.0.0.1"} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "http://"+host+"/embed.js", nil)
		answer := httptest.NewRecorder()
		w.Handler().ServeHTTP(answer, r)
		if answer.Code != http.StatusOK {
			t.Errorf("%s: status %d", host, answer.Code)
		}
	}
}

// sharedBuffer is a buffer that a server's goroutines may write to.
type sharedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *sharedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *sharedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func TestLogHasOneLineACallAndNoSecrets(t *testing.T) {
	t.Parallel()
	var log sharedBuffer
	s := sandbox.New(sandbox.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})

	for _, path := range []string{"/4.0/profiles/some-profile?q=secret-one", "/collect/api/requests/secret-two"} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", path, nil)
		r.Header.Set("apikey", "secret-three")
		s.Handler().ServeHTTP(httptest.NewRecorder(), r)
	}

	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 2 || strings.Contains(log.String(), "secret") {
		t.Fatalf("log:\n%s", log.String())
	}
	for _, part := range []string{"msg=call", "method=GET", "route=/4.0/profiles/{profile_id}", "status=401", "ms="} {
		if !strings.Contains(lines[0], part) {
			t.Errorf("no %s in %s", part, lines[0])
		}
	}
}
