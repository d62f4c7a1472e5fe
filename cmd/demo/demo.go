package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"portal/internal/localpg"
)

// demo is the processes of one run and what they leave on disk.
type demo struct {
	bin            string // folder of the programs
	stdout, stderr io.Writer
	settings       settings

	dir      string // of the keys; removed at the end
	postgres *localpg.Cluster
	running  []*process // in the order of their start
	ended    chan *process
}

// process is one of the demo's programs.
type process struct {
	name string
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
	err  error         // how it ended, once done is closed
}

const (
	startFor = 20 * time.Second // how long a program may take until it answers
	stopFor  = 4 * time.Second  // how long one may take to end by itself
	askEvery = 20 * time.Millisecond
)

func (d *demo) open(context.Context) (err error) {
	d.ended = make(chan *process, 2)
	d.dir, err = os.MkdirTemp("", "portal-demo-")
	return err
}

// startPostgres starts a private cluster unless the environment names a database.
func (d *demo) startPostgres(ctx context.Context) (err error) {
	if d.settings["PORTAL_DATABASE_URL"] != "" {
		return nil
	}
	if d.postgres, err = localpg.Start(ctx, localpg.Options{}); err != nil {
		return err
	}
	if err := d.postgres.CreateDatabase(ctx, "portal"); err != nil {
		return err
	}
	d.settings["PORTAL_DATABASE_URL"] = d.postgres.URL("portal")
	return nil
}

// makeKeys makes keys unless the environment names files of both kinds.
func (d *demo) makeKeys(ctx context.Context) error {
	if d.settings["PORTAL_COOKIE_KEYS_FILE"] != "" && d.settings["PORTAL_SEAL_KEYSET_FILE"] != "" {
		return nil
	}
	d.settings["PORTAL_COOKIE_KEYS_FILE"] = filepath.Join(d.dir, "cookie_keys")
	d.settings["PORTAL_SEAL_KEYSET_FILE"] = filepath.Join(d.dir, "seal_keyset")
	return d.finish(ctx, "portal", "keys", "new", "--dir", d.dir)
}

// moveConfig has completion URLs that lead to the sandbox's usual address lead to where it listens, in a copy of the
// file, which is made only where it must be.
func (d *demo) moveConfig(context.Context) error {
	usual, now := "http://"+defaults["SANDBOX_LISTEN"]+"/", "http://"+reach(d.settings["SANDBOX_LISTEN"])+"/"
	if now == usual {
		return nil
	}
	text, err := os.ReadFile(d.settings["PORTAL_CONFIG"])
	if err != nil {
		return fmt.Errorf("PORTAL_CONFIG: %w", err)
	}
	if !bytes.Contains(text, []byte(usual)) {
		return nil
	}
	from := d.settings["PORTAL_CONFIG"]
	d.settings["PORTAL_CONFIG"] = filepath.Join(d.dir, "config", "portal.toml")
	if err := besideConfig(filepath.Dir(from), filepath.Join(d.dir, "config")); err != nil {
		return fmt.Errorf("what PORTAL_CONFIG names: %w", err)
	}
	return os.WriteFile(d.settings["PORTAL_CONFIG"], bytes.ReplaceAll(text, []byte(usual), []byte(now)), 0o600)
}

// besideConfig has what stands beside the file, its logos and typefaces among it, stand beside the copy, too.
func besideConfig(from, to string) error {
	from, err := filepath.Abs(from)
	if err != nil {
		return err
	}
	there, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	if err := os.Mkdir(to, 0o700); err != nil {
		return err
	}
	for _, e := range there {
		if e.Name() == "portal.toml" {
			continue
		}
		if err := os.Symlink(filepath.Join(from, e.Name()), filepath.Join(to, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// buildEmail has the sandbox send request e-mails in the look of the portal, unless the environment names a template.
func (d *demo) buildEmail(ctx context.Context) error {
	if d.settings["SANDBOX_EMAIL_TEMPLATE"] != "" {
		return nil
	}
	d.settings["SANDBOX_EMAIL_TEMPLATE"] = filepath.Join(d.dir, "request.html")
	return d.finish(ctx, "portal", "email", "build", "--out", d.dir)
}

func (d *demo) migrate(ctx context.Context) error {
	return d.finish(ctx, "portal", "migrate", "up", "--wait", "0s")
}

// lessen has the portal work with the rights of an application, rather than with the owner's, who has migrated.
func (d *demo) lessen(ctx context.Context) (err error) {
	if d.postgres != nil {
		d.settings["PORTAL_DATABASE_URL"], err = d.postgres.CreateLogin(ctx, "portal", "portal_application", "portal")
	}
	return err
}

func (d *demo) startSandbox(ctx context.Context) error {
	url := "http://" + reach(d.settings["SANDBOX_LISTEN"]) + "/"
	return d.start(ctx, url, url, "sandbox", "serve")
}

func (d *demo) startPortal(ctx context.Context) error {
	ready := "http://" + reach(d.settings["PORTAL_DEBUG_LISTEN"]) + "/readyz"
	return d.start(ctx, ready, d.settings["PORTAL_BASE_URL"], "portal", "serve")
}

// finish runs a program to its end.
func (d *demo) finish(ctx context.Context, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, filepath.Join(d.bin, name), args...)
	cmd.Env = d.settings.environ()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %v: %w\n%s", name, args, err, out)
	}
	return nil
}

// start starts a program, waits until the URL ready answers, and says where people find it.
func (d *demo) start(ctx context.Context, ready, public, name string, args ...string) error {
	cmd := exec.Command(filepath.Join(d.bin, name), args...)
	cmd.Env, cmd.Stderr = d.settings.environ(), d.stderr // we say ourselves when it is ready
	// A group of its own, so that a Ctrl-C for the demo is handed on in order; and no life without the demo.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	p := &process{name: name, cmd: cmd, done: make(chan struct{})}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting %s: %w", name, err)
	}
	d.running = append(d.running, p)
	go func() {
		p.err = cmd.Wait()
		close(p.done)
		d.ended <- p
	}()
	if err := p.answers(ctx, ready); err != nil {
		return err
	}
	_, err := fmt.Fprintf(d.stdout, "%s ready: %s\n", name, public)
	return err
}

// answers waits until the URL answers with 200.
func (p *process) answers(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, startFor)
	defer cancel()
	for {
		if answers(ctx, url) {
			return nil
		}
		select {
		case <-p.done:
			return fmt.Errorf("%s ended before it answered: %w", p.name, errors.Join(p.err, errors.New("its output says why")))
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer at %s", p.name, url)
		case <-time.After(askEvery):
		}
	}
}

func answers(ctx context.Context, url string) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// wait returns when ctx ends, or when a program ends that should not.
func (d *demo) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case p := <-d.ended:
		return fmt.Errorf("%s ended: %w", p.name, errors.Join(p.err, errors.New("its output says why")))
	}
}

// close stops everything, the last started first, and removes what was written.
func (d *demo) close(err error) error {
	for i := len(d.running) - 1; i >= 0; i-- {
		d.running[i].stop()
	}
	if d.postgres != nil {
		err = errors.Join(err, d.postgres.Stop())
	}
	return errors.Join(err, os.RemoveAll(d.dir))
}

// stop asks the program to end and makes it when it does not.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(stopFor):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}
