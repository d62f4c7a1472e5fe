package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
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

func (r running) post(t *testing.T, path, body string) {
	t.Helper()
	resp, err := http.Post(r.url+path, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode >= 300 {
		t.Fatalf("POST %s: status %d", path, resp.StatusCode)
	}
}

// read reads a JSON answer.
func (r running) read(t *testing.T, path string, v any) {
	t.Helper()
	resp, err := http.Get(r.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if err := json.NewDecoder(resp.Body).Decode(v); err != nil {
		t.Fatal(err)
	}
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
	r.post(t, "/_sandbox/faults", `{"kind":"hang"}`)
	go func() {
		if resp, err := http.Get(r.url + "/4.0/whoami"); err == nil {
			_ = resp.Body.Close()
		}
	}()
	var rules []struct{ Struck int }
	for end := time.Now().Add(10 * time.Second); (len(rules) == 0 || rules[0].Struck == 0) && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		r.read(t, "/_sandbox/faults", &rules)
	}

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

func TestStateOutlivesTheProcess(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.json")
	first := start(t, none, "--state", file)
	first.post(t, "/_sandbox/clock", `{"advance":"24h"}`)
	if err := first.stopped(t); err != nil {
		t.Fatal(err)
	}

	second := start(t, none, "--state", file)

	var clock struct{ Now time.Time }
	second.read(t, "/_sandbox/clock", &clock)
	if clock.Now.Before(time.Now().Add(23 * time.Hour)) {
		t.Errorf("the clock is at %v: yesterday's advance is lost", clock.Now)
	}
	if err := second.stopped(t); err != nil {
		t.Error(err)
	}
}

func TestRemindersThatBecameDueBetweenTwoRunsArrive(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.json")
	first := start(t, none, "--state", file)
	const customers = 20
	for range customers {
		first.post(t, "/_sandbox/passfort/requests", `{"flow_template":"individual-onboarding","to":"jo@example.com"}`)
	}
	if err := first.stopped(t); err != nil {
		t.Fatal(err)
	}
	sleepFor(t, file, 8*24*time.Hour)

	second := start(t, none, "--state", file)

	var mail []struct{ Subject string }
	for end := time.Now().Add(10 * time.Second); len(mail) < 2*customers && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		second.read(t, "/_sandbox/mail", &mail)
	}
	if len(mail) != 2*customers || !strings.HasPrefix(mail[0].Subject, "Reminder") {
		t.Errorf("the mailbox holds %d messages: %v", len(mail), mail)
	}
	if err := second.stopped(t); err != nil {
		t.Error(err)
	}
}

// sleepFor makes a saved state look as if it had been saved that long ago.
func sleepFor(t *testing.T, file string, d time.Duration) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var state map[string]any
	if err := json.Unmarshal(content, &state); err != nil {
		t.Fatal(err)
	}
	state["clock_ahead"] = d
	if content, err = json.Marshal(state); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestStateThatCannotBeReadIsNotOverwritten(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.json")
	if err := os.WriteFile(file, []byte(`{"version":99}`), 0o600); err != nil {
		t.Fatal(err)
	}

	err := run(t.Context(), []string{"serve", "--listen", "127.0.0.1:0", "--smtp-listen", "127.0.0.1:0", "--state", file}, none, io.Discard, io.Discard)

	if exitStatus(err) != 1 || !strings.Contains(err.Error(), "SANDBOX_STATE") {
		t.Errorf("exit status %d: %v", exitStatus(err), err)
	}
	if content, _ := os.ReadFile(file); string(content) != `{"version":99}` {
		t.Errorf("the file holds %s", content)
	}
}

func TestSwitchesNeedNoValue(t *testing.T) {
	t.Parallel()
	r := start(t, none, "--passfort-errors-as-200")

	if status := r.whoami(t, "wrong"); status != http.StatusOK {
		t.Errorf("status %d, want 200 for an error", status)
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
			[]string{
				"serve", "--listen", "here", "--form-url", "ftp://x", "--passfort-create-status", "204", "--passfort-second-request", "maybe",
				"--passfort-errors-as-200=perhaps", "--webhooks-url", "nowhere", "--account", "/none", "--seed", "x",
				"--theme", "/none", "--email-template", "main.go", "--webhooks-events", "NOPE", "--sumsub-webhooks-algorithm", "md5",
			},
			2,
			[]string{
				"SANDBOX_LISTEN", "SANDBOX_FORM_URL", "SANDBOX_PASSFORT_CREATE_STATUS", "SANDBOX_PASSFORT_SECOND_REQUEST",
				"SANDBOX_PASSFORT_ERRORS_AS_200", "SANDBOX_WEBHOOKS_URL", "SANDBOX_ACCOUNT", "SANDBOX_SEED",
				"SANDBOX_THEME", "SANDBOX_EMAIL_TEMPLATE", "SANDBOX_WEBHOOKS_EVENTS", "SANDBOX_SUMSUB_WEBHOOKS_ALGORITHM",
			},
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

	for _, one := range newSettings().all {
		if !strings.Contains(help.String(), "--"+one.flag) || !strings.Contains(help.String(), one.env) {
			t.Errorf("help lacks --%s or %s", one.flag, one.env)
		}
	}
	if strings.Contains(help.String(), "a-secret") {
		t.Error("help tells what the environment holds")
	}
}
