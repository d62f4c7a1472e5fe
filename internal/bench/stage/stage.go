// Package stage sets up what is measured: the built portal, as processes of their own and as it ships, on a private Postgres
// whose commits wait for a disk. Only the provider is played, by the sandbox in this process, which takes as many calls as it is
// asked for.
package stage

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/bench/process"
	"portal/internal/identity"
	"portal/internal/localpg"
	"portal/internal/sandbox"
	"portal/internal/sandbox/passfort"
	"portal/internal/seal"
)

// Options of a stage.
type Options struct {
	Bin  string // the folder of the built programs
	Root string // the folder of portal.toml and what it names
	// Cookies returns what seals the portals' sessions in cookies, with these keys below this address.
	Cookies func(keys [][]byte, base *url.URL) (Cookies, error)
}

// Cookies seals the token of a session in a cookie.
type Cookies interface {
	Cookie(t identity.Token) (*http.Cookie, error)
}

// Stage is everything but the portals, which are started on it with [Stage.Portal]. Stop ends all of them.
type Stage struct {
	Dir      string // for files of a run, removed at the end
	Cluster  *localpg.Cluster
	Database string        // its address; the schema is the portal's
	Pool     *pgxpool.Pool // on it
	Sandbox  *sandbox.Sandbox
	Provider string       // where the sandbox answers
	Cookies  Cookies      // of the portals' sessions
	Keys     *seal.Keyset // of the portals

	// Diary, where one is set, takes what programs write that are started from then on.
	Diary *process.Diary

	options  Options
	settings Settings
	server   *http.Server
	running  []*process.Process
	started  int // programs so far
}

// Open sets a stage up: a migrated and empty database, the sandbox, and keys.
func Open(ctx context.Context, o Options) (*Stage, error) {
	s := &Stage{options: o, settings: shipped()}
	for _, step := range []func(context.Context) error{s.openDir, s.startPostgres, s.startSandbox, s.makeKeys, s.copyConfig, s.migrate, s.openKeys, s.connect} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(fmt.Errorf("setting the stage: %w", err), s.Close())
		}
	}
	return s, nil
}

func (s *Stage) openDir(context.Context) (err error) {
	s.Dir, err = os.MkdirTemp("", "portal-bench-")
	return err
}

func (s *Stage) startPostgres(ctx context.Context) (err error) {
	if s.Cluster, err = localpg.Start(ctx, localpg.Options{Durable: true}); err != nil {
		return err
	}
	s.Database = s.Cluster.URL("portal")
	s.settings["PORTAL_DATABASE_URL"] = s.Database
	return s.Cluster.CreateDatabase(ctx, "portal")
}

// startSandbox plays the provider, which never says that it was asked too often, and the mailbox.
func (s *Stage) startSandbox(ctx context.Context) error {
	s.Sandbox = sandbox.New(sandbox.Options{PassFort: passfort.Options{RatePerHour: -1}})
	mail, err := s.Sandbox.Mailbox().Listen("127.0.0.1:0")
	if err != nil {
		return err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.server = &http.Server{Handler: s.Sandbox.Handler(), ReadHeaderTimeout: time.Minute}
	go func() { _ = s.server.Serve(l) }() // until Close
	s.Provider = "http://" + l.Addr().String()
	s.settings.follow(s.Provider, mail.String())
	return nil
}

func (s *Stage) makeKeys(ctx context.Context) error {
	s.settings["PORTAL_COOKIE_KEYS_FILE"] = filepath.Join(s.Dir, "cookie_keys")
	s.settings["PORTAL_SEAL_KEYSET_FILE"] = filepath.Join(s.Dir, "seal_keyset")
	return s.run(ctx, "keys", "new", "--dir", s.Dir)
}

func (s *Stage) migrate(ctx context.Context) error { return s.run(ctx, "migrate", "up") }

func (s *Stage) connect(ctx context.Context) (err error) {
	s.Pool, err = pgxpool.New(ctx, s.Database)
	return err
}

// Close stops everything, the portals first, and removes what was written.
func (s *Stage) Close() error {
	var wrong error
	for len(s.running) > 0 {
		wrong = errors.Join(wrong, s.Stop(s.running[len(s.running)-1]))
	}
	if s.Pool != nil {
		s.Pool.Close()
	}
	if s.Sandbox != nil {
		wrong = errors.Join(wrong, s.Sandbox.Close())
	}
	if s.server != nil {
		wrong = errors.Join(wrong, s.server.Close())
	}
	if s.Cluster != nil {
		wrong = errors.Join(wrong, s.Cluster.Stop())
	}
	if s.Dir != "" {
		wrong = errors.Join(wrong, os.RemoveAll(s.Dir))
	}
	return wrong
}
