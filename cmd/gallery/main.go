// Command gallery shows every page of the portal in every state, in every language, light and dark, on a phone and on a desktop, with the company's
// look from portal.toml. `make dev` runs it for whoever edits the pages; it is no part of the portal.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// usage is what the program takes: nothing but two settings.
const usage = `gallery takes no arguments. PORTAL_CONFIG names the portal.toml whose look it wears, GALLERY_LISTEN where it listens (` + usualListen + `).`

// asked answers arguments, with the code to end with: none can be given, and a question is answered.
func asked(args []string, stdout, stderr io.Writer) (code int, ends bool) {
	if len(args) == 0 {
		return 0, false
	}
	if help := args[0]; len(args) == 1 && (help == "--help" || help == "-help" || help == "-h") {
		_, _ = fmt.Fprintln(stdout, usage)
		return 0, true
	}
	_, _ = fmt.Fprintln(stderr, usage)
	return 2, true
}

func main() {
	if code, ends := asked(os.Args[1:], os.Stdout, os.Stderr); ends {
		os.Exit(code)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Getenv, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "gallery:", err)
		os.Exit(1)
	}
}

const (
	usualListen = "127.0.0.1:8082"
	headersFor  = 5 * time.Second // how long a browser may take to ask
	closeFor    = 2 * time.Second // how long an answer may take that is under way at the end
)

// run shows the gallery until ctx ends. It listens where GALLERY_LISTEN says.
func run(ctx context.Context, getenv func(string) string, stdout io.Writer) error {
	s, err := newServer(getenv)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", cmp.Or(getenv("GALLERY_LISTEN"), usualListen))
	if err != nil {
		return fmt.Errorf("GALLERY_LISTEN: %w", err)
	}
	server := &http.Server{Handler: s.handler(), ReadHeaderTimeout: headersFor}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	if _, err := fmt.Fprintf(stdout, "gallery ready: http://%s/\n", listener.Addr()); err != nil {
		return errors.Join(err, server.Close(), <-ended)
	}
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeFor)
	defer cancel()
	if err := server.Shutdown(closing); err != nil {
		_ = server.Close()
	}
	<-ended // says that the server was closed, as it was
	return nil
}
