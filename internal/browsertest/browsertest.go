// Package browsertest drives a headless Chromium the way a person uses a page: by labels, by the texts of buttons and
// links, and by what can be read.
//
//	func TestMain(m *testing.M) { os.Exit(browsertest.Run(m)) }
//
//	b := browsertest.New(t)
//	page := b.Page(t)
//	page.Open("http://127.0.0.1:8080/")
//	page.Press("Open a personal account")
//	page.Fill("E-mail address", "ada@example.com")
//	page.See("Enter the code from your e-mail")
//
// Every method waits until what it asks for is there, and ends the test with a picture of the page when it does not
// come. A page's errors and violations of its content security policy fail the test at its end; see [Page.Allow].
package browsertest

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Browser is a Chromium process that one test has at a time, with nothing in its memory.
type Browser struct {
	ctx    context.Context // of the process
	direct string          // what its pages reach past the recorder, as a rule of Chromium's; none where it is empty
	end    func()          // waits until the process and its folder are gone
}

// closeFor is how long the browser may take to end by itself.
const closeFor = 5 * time.Second

// New gives the test a browser: one that another test of the package has done with, or a new one. See [Run].
func New(t testing.TB) *Browser {
	t.Helper()
	if !idle.kept {
		t.Fatal("browsertest: call Run in TestMain, which ends browsers")
	}
	b := idle.take()
	if b == nil {
		b = start(t)
	}
	t.Cleanup(func() { idle.give(t, b) })
	return b
}

func start(t testing.TB, more ...chromedp.ExecAllocatorOption) *Browser {
	t.Helper()
	path, err := executable()
	if err != nil {
		t.Fatalf("browsertest: %v", err)
	}
	process, release := chromedp.NewExecAllocator(context.Background(), append(flags(path), more...)...)
	ctx, _ := chromedp.NewContext(process, chromedp.WithErrorf(func(string, ...any) {}))
	b := &Browser{ctx: ctx, end: func() {
		closing, cancel := context.WithTimeout(ctx, closeFor)
		defer cancel()
		_ = chromedp.Cancel(closing)
		release()
	}}
	if err := chromedp.Do(ctx); err != nil {
		b.end()
		t.Fatalf("browsertest: starting %s: %v", path, err)
	}
	return b
}

// The names under which distributions install the browser.
var names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// executable is the browser of CHROME_PATH or of this machine.
func executable() (string, error) {
	if path := os.Getenv("CHROME_PATH"); path != "" {
		return exec.LookPath(path)
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no Chromium on this machine: `make deps` installs it on Debian and Ubuntu (package chromium); " +
		"elsewhere install Chromium or Chrome, or name its program in CHROME_PATH")
}

// flags make a quiet browser: nothing but the pages calls anywhere, and a camera that shows a test picture is granted
// without a question. The profile is a temporary folder, which is removed at the end.
func flags(path string) []chromedp.ExecAllocatorOption {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.CombinedOutput(io.Discard),
		chromedp.DisableGPU,
		chromedp.Flag("headless", "new"),
		chromedp.Flag("lang", "en"),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-domain-reliability", true),
		chromedp.Flag("no-pings", true),
		chromedp.Flag("use-fake-device-for-media-stream", true),
		chromedp.Flag("use-fake-ui-for-media-stream", true),
		chromedp.Env("LANGUAGE=en"),
	)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	return options
}
