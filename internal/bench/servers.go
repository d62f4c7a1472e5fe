package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"portal/internal/bench/bare"
	"portal/internal/bench/stage"
)

// The addresses of bare servers.
const (
	barePage    = "/page/it"
	bareVisit   = "/visit/it"
	bareWebhook = "/webhook/it"
)

// bareServer starts this program as the bare handlers of one page.
func (r *Run) bareServer(ctx context.Context, page bare.Page) (*stage.Server, error) {
	text, err := json.Marshal(bare.Config{Database: r.Database, Pages: map[string]bare.Page{"it": page}})
	if err != nil {
		return nil, err
	}
	file := filepath.Join(r.Dir, "bare.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return nil, err
	}
	return r.StartServer(ctx, r.Self, func(address, debug string) ([]string, stage.Settings) {
		return []string{"bare", "--config", file, "--listen", address, "--debug-listen", debug}, nil
	})
}

// nginxConf has nginx serve one file and log as it does by itself, but for a buffer. It has as many workers as Go has
// processors, and does not count how often a connection was used, as Go does not.
const nginxConf = `
%[1]s
worker_processes %[2]d;
daemon off;
pid %[3]s/nginx.pid;
error_log %[3]s/nginx-error.log;
events { worker_connections 1024; }
http {
    access_log %[3]s/nginx-access.log combined buffer=64k flush=1s;
    client_body_temp_path %[3]s/nginx-body; proxy_temp_path %[3]s/nginx-proxy; fastcgi_temp_path %[3]s/nginx-fastcgi;
    uwsgi_temp_path %[3]s/nginx-uwsgi; scgi_temp_path %[3]s/nginx-scgi;
    sendfile on; tcp_nopush on; etag off; keepalive_requests 1000000000;
    types { } default_type %[4]s;
    server {
        listen %[5]s;
        root %[3]s/nginx;
        index page;
        %[6]s
    }
    server {
        listen %[7]s;
        location = /readyz { access_log off; return 200; }
    }
}
`

// nginx starts nginx with the page as a file, which is in its coding already.
func (r *Run) nginx(ctx context.Context, page bare.Page) (*stage.Server, error) {
	program, err := nginxProgram()
	if err != nil {
		return nil, err
	}
	root := filepath.Join(r.Dir, "nginx")
	if err := errors.Join(os.MkdirAll(root, 0o700), os.WriteFile(filepath.Join(root, "page"), page.Body, 0o600)); err != nil {
		return nil, err
	}
	file, headers := filepath.Join(r.Dir, "nginx.conf"), nginxHeaders(page)
	s, err := r.StartServer(ctx, program, func(address, debug string) ([]string, stage.Settings) {
		text := fmt.Sprintf(nginxConf, nginxUser(), runtime.GOMAXPROCS(0), r.Dir, nginxQuoted(page.Header.Get("Content-Type")), address, headers, debug)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return []string{"-t"}, nil // which fails, and says that there is no such file
		}
		return []string{"-p", r.Dir, "-c", file}, nil
	})
	if err != nil {
		return nil, err
	}
	s.Debug = "" // it publishes nothing of what Go does
	return s, nil
}

// nginxProgram is where Debian keeps it, unless the PATH has one.
func nginxProgram() (string, error) {
	for _, name := range []string{"nginx", "/usr/sbin/nginx"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no nginx on this machine: `make bench` installs it on Debian and Ubuntu")
}

// nginxUser has nginx read the stage's files, which nobody else may.
func nginxUser() string {
	if os.Geteuid() == 0 {
		return "user root;"
	}
	return ""
}

// nginxHeaders are the page's headers, but for those that nginx writes by itself.
func nginxHeaders(page bare.Page) string {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(page.Header)) {
		if name == "Content-Type" || name == "Content-Length" {
			continue
		}
		for _, value := range page.Header[name] {
			fmt.Fprintf(&text, "add_header %s %s;\n        ", name, nginxQuoted(value))
		}
	}
	return text.String()
}

func nginxQuoted(value string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
}

// handedOn waits until no webhook has to be handed on any more.
func (r *Run) handedOn(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, handedOnWithin)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		var waiting bool
		if err := r.Pool.QueryRow(ctx, "select exists (select from webhook_lines)").Scan(&waiting); err != nil {
			return fmt.Errorf("waiting until webhooks are handed on: %w", err)
		}
		if !waiting {
			return nil
		}
		<-tick.C
	}
}

// handedOnWithin is longer than it takes to hand on what a load of a minute has brought.
const handedOnWithin = 10 * time.Minute
