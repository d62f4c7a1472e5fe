package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"testing"
	"time"
)

// patience is how long a test waits for what should happen soon.
const patience = 20 * time.Second

// environment is complete, on free ports, with a provider that nobody has to ask.
func environment(t *testing.T, database string) map[string]string {
	t.Helper()
	dir := t.TempDir()
	if code, _, stderr := command(t, nil, "keys", "new", "--dir", dir); code != exitOK {
		t.Fatal(stderr)
	}
	return map[string]string{
		"PORTAL_CONFIG": "../../portal.toml", "PORTAL_DATABASE_URL": database,
		"PORTAL_LISTEN": "127.0.0.1:0", "PORTAL_DEBUG_LISTEN": "127.0.0.1:0", "PORTAL_STOP_DELAY": "0s", "PORTAL_BASE_URL": "http://127.0.0.1:8080/onboarding",
		"PORTAL_COOKIE_KEYS_FILE": filepath.Join(dir, "cookie_keys"), "PORTAL_SEAL_KEYSET_FILE": filepath.Join(dir, "seal_keyset"),
		"PORTAL_SMTP_URL": "smtp://127.0.0.1:1", "PASSFORT_API_URL": "http://127.0.0.1:1/4.0", "PASSFORT_API_KEY": "key-of-a-test",
		"SUMSUB_API_URL": "http://127.0.0.1:1", "SUMSUB_APP_TOKEN": "sbx:of-a-test", "SUMSUB_SECRET_KEY": "secret-of-a-test",
		"PASSFORT_COLLECTION_URL": "http://collection.localhost:1",
	}
}

// running starts a command that goes on until stop, and returns once it has said where its private listener is.
func running(t *testing.T, environ map[string]string, args ...string) (debug string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	ended, said := make(chan int, 1), make(chan string, 1)
	go func() {
		ended <- run(ctx, args, func(name string) string { return environ[name] }, io.Discard, w)
		_ = w.Close()
	}()
	go listen(r, said)
	stop = func() {
		cancel()
		if code := <-ended; code != exitOK {
			t.Errorf("portal %v: exit %d", args, code)
		}
	}
	select {
	case at := <-said:
		return "http://" + at, stop
	case <-time.After(patience):
		t.Fatalf("portal %v does not start", args)
		return "", nil
	}
}

// listen reads a log to its end and passes on where the private listener is.
func listen(log io.Reader, said chan<- string) {
	for lines := bufio.NewScanner(log); lines.Scan(); {
		var line struct {
			At string `json:"debug_listen"`
		}
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.At != "" {
			said <- line.At
		}
	}
}

// ask returns the status of an answer and its text, or 0 where there is none.
func ask(t *testing.T, url string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, ""
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}
