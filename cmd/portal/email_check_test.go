package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEmailCheckTellsProblemsFromAdvice(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if code, _, stderr := command(t, demosFile(nil), "email", "build", "--out", dir); code != exitOK {
		t.Fatal(stderr)
	}
	path := filepath.Join(dir, "request.html")
	if err := os.Remove(filepath.Join(dir, "request.txt")); err != nil {
		t.Fatal(err)
	}
	if code, said, _ := command(t, nil, "email", "check", path); code != exitOK || said != path+": advice: There is no plain text beside the template: spam filters mind, and some people read nothing else. Write one into a file of the same name that ends in .txt, with the same marks.\n" {
		t.Errorf("advice: exit %d, %q", code, said)
	}
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(read(t, path), "{{link}}", "https://acme.example")), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, said, stderr := command(t, nil, "email", "check", path); code != exitFailure || !strings.Contains(said, ": problem: The button is missing") || !strings.Contains(stderr, "problems: 1") {
		t.Errorf("a problem: exit %d, %q, %q", code, said, stderr)
	}
}

func TestEmailCheckReadsThePlainText(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if code, _, stderr := command(t, demosFile(nil), "email", "build", "--out", dir); code != exitOK {
		t.Fatal(stderr)
	}
	text := filepath.Join(dir, "request.txt")
	if err := os.WriteFile(text, []byte("Hello\n{{link}}\n{{link}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, said, stderr := command(t, nil, "email", "check", filepath.Join(dir, "request.html"))
	for _, want := range []string{text + ": problem: The editable text ({{editable_text}}) is there 0 times", text + ":2: problem: The link ({{link}}) is there 2 times"} {
		if code != exitFailure || !strings.Contains(said, want) || !strings.Contains(stderr, "problems: 2") {
			t.Errorf("exit %d, %q, %q", code, said, stderr)
		}
	}
}

func TestEmailCheckReadsStandardInput(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	cmd := newEmailCheck()
	cmd.SetArgs([]string{"-"})
	cmd.SetIn(strings.NewReader("<p>\n<script></script>"))
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	if err := cmd.ExecuteContext(t.Context()); err == nil || !strings.Contains(out.String(), "-:2: problem: <script> does not work") || strings.Contains(out.String(), "plain text") {
		t.Errorf("%v, %s", err, &out)
	}
}

func TestEmailCheckWantsAFile(t *testing.T) {
	t.Parallel()
	if code, _, stderr := command(t, nil, "email", "check"); code != exitWrongUse {
		t.Errorf("none: exit %d, %s", code, stderr)
	}
	if code, _, stderr := command(t, nil, "email", "check", "/nowhere.html"); code != exitFailure || !strings.Contains(stderr, "/nowhere.html") {
		t.Errorf("one that is not there: exit %d, %s", code, stderr)
	}
}
