package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// none is an empty environment.
func none(string) string { return "" }

// running is a sandbox served by the command.
type running struct {
	url  string
	stop context.CancelFunc
	done chan error
}

// start runs "serve" on free ports and waits until it says that it is ready.
func start(t *testing.T, getenv func(string) string, args ...string) running {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	out, stdout := io.Pipe()
	done := make(chan error, 1)
	args = append([]string{"serve", "--listen", "127.0.0.1:0", "--smtp-listen", "127.0.0.1:0"}, args...)
	go func() {
		done <- run(ctx, args, getenv, stdout, io.Discard)
		_ = stdout.Close()
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("no ready line: %v, %v", err, <-done)
	}
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "sandbox ready: ")
	if !ok {
		t.Fatalf("said %q", line)
	}
	return running{url, stop, done}
}

// stopped waits for the end of the command.
func (r running) stopped(t *testing.T) error {
	t.Helper()
	r.stop()
	select {
	case err := <-r.done:
		return err
	case <-time.After(2 * time.Second):
		t.Fatal("did not stop within two seconds")
		return nil
	}
}

func (r running) whoami(t *testing.T, key string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", r.url+"/4.0/whoami", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("apikey", key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

func TestServeAnswersOnceItSaysReadyAndStopsCleanly(t *testing.T) {
	t.Parallel()
	r := start(t, none)

	if status := r.whoami(t, "sandbox-master-key"); status != http.StatusOK {
		t.Errorf("status %d", status)
	}
	if err := r.stopped(t); err != nil {
		t.Errorf("stopped with %v", err)
	}
}

func TestServeStopsInTimeWhileCallsHang(t *testing.T) {
	t.Parallel()
	r := start(t, none)
	resp, err := http.Post(r.url+"/_sandbox/faults", "application/json", strings.NewReader(`{"kind":"hang"}`))
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	go func() {
		if resp, err := http.Get(r.url + "/4.0/whoami"); err == nil {
			_ = resp.Body.Close()
		}
	}()
	time.Sleep(100 * time.Millisecond)

	if err := r.stopped(t); err != nil {
		t.Errorf("stopped with %v", err)
	}
}

func TestFlagsWinOverTheEnvironment(t *testing.T) {
	t.Parallel()
	environment := map[string]string{"PASSFORT_API_KEY": "of-the-environment", "SANDBOX_PASSFORT_CREATE_STATUS": "201"}
	getenv := func(name string) string { return environment[name] }

	if status := start(t, getenv).whoami(t, "of-the-environment"); status != http.StatusOK {
		t.Errorf("by environment: status %d", status)
	}
	if status := start(t, getenv, "--passfort-api-key", "of-the-flag").whoami(t, "of-the-flag"); status != http.StatusOK {
		t.Errorf("by flag: status %d", status)
	}
}

func TestWrongUseIsToldFromFailure(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })

	for name, c := range map[string]struct {
		args   []string
		status int
		says   []string
	}{
		"help":            {[]string{"--help"}, 0, nil},
		"help of serve":   {[]string{"serve", "--help"}, 0, nil},
		"nothing":         {nil, 2, []string{"sandbox serve"}},
		"unknown command": {[]string{"swerve"}, 2, []string{"swerve"}},
		"unknown flag":    {[]string{"serve", "--lisden", "x"}, 2, []string{"--lisden"}},
		"extra argument":  {[]string{"serve", "now"}, 2, []string{"now"}},
		"all wrong settings at once": {
			[]string{"serve", "--listen", "here", "--form-url", "ftp://x", "--passfort-create-status", "204", "--passfort-second-request", "maybe"},
			2,
			[]string{"SANDBOX_LISTEN", "SANDBOX_FORM_URL", "SANDBOX_PASSFORT_CREATE_STATUS", "SANDBOX_PASSFORT_SECOND_REQUEST"},
		},
		"address taken": {
			[]string{"serve", "--smtp-listen", "127.0.0.1:0", "--listen", taken.Addr().String()},
			1,
			[]string{"SANDBOX_LISTEN"},
		},
		"mail address taken": {
			[]string{"serve", "--listen", "127.0.0.1:0", "--smtp-listen", taken.Addr().String()},
			1,
			[]string{"SANDBOX_SMTP_LISTEN"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := run(t.Context(), c.args, none, io.Discard, io.Discard)
			if got := exitStatus(err); got != c.status {
				t.Errorf("exit status %d, want %d: %v", got, c.status, err)
			}
			for _, part := range c.says {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not mention %s", err, part)
				}
			}
		})
	}
}

func TestHelpNamesEverySettingButNoSecret(t *testing.T) {
	t.Parallel()
	var help bytes.Buffer
	secret := func(string) string { return "a-secret" }

	if err := run(t.Context(), []string{"serve", "--help"}, secret, &help, io.Discard); err != nil {
		t.Fatal(err)
	}

	for _, one := range new(settings).all() {
		if !strings.Contains(help.String(), "--"+one.flag) || !strings.Contains(help.String(), one.env) {
			t.Errorf("help lacks --%s or %s", one.flag, one.env)
		}
	}
	if strings.Contains(help.String(), "a-secret") {
		t.Error("help tells what the environment holds")
	}
}
