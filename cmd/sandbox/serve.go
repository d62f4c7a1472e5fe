package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"portal/internal/sandbox"
)

// patience is how long a call may take: longer than any delay one would order.
const patience = 5 * time.Minute

// stopWithin is how long calls under way may take when the sandbox stops.
const stopWithin = 1500 * time.Millisecond

func serveCommand(getenv func(string) string) *cobra.Command {
	s := newSettings()
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the sandbox until interrupted",
		Long: `Serves the sandbox until interrupted:

  /                  the workbench: profiles, customer requests, the webhook queue,
                     the mailbox, ordered trouble, the last hundred calls
  /_sandbox/…        the same as JSON, for scripts
  /4.0/…             PassFort's API
  /embed.js          PassFort's script for loader pages; /collect is the frame it shows
  /theme             a preview of the frame in the look that --theme gives it
  /resources/…       Sumsub's API
  /websdk/…          Sumsub's script for pages that embed its forms, and the forms
  /mail              the mailbox, which takes mail by SMTP for any recipient
  /company/thanks    plays the company's own page
  /company/notices   plays the company's back end, which the portal tells things

The flags --passfort-… and --sumsub-… are what the providers' documentation
leaves open; each is the likeliest behaviour unless given, and all can be
changed while it runs.

Every flag can also be set by the variable named behind it. It prints
"sandbox ready: URL" once it answers, and one line a call to the standard error.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := s.read(cmd.Flags(), getenv); err != nil {
				return err
			}
			return s.serve(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	s.addFlags(cmd.Flags())
	return cmd
}

// serve runs the sandbox until ctx is done.
func (s *settings) serve(ctx context.Context, stdout, stderr io.Writer) error {
	s.options.Log = slog.New(slog.NewTextHandler(stderr, nil))
	world := sandbox.New(s.options)
	defer func() { _ = world.Close() }()
	// The mailbox first: reminders that have become due since the state was saved are e-mailed as it is loaded.
	if _, err := world.Mailbox().Listen(s.smtpListen); err != nil {
		return failure{fmt.Errorf("--smtp-listen (SANDBOX_SMTP_LISTEN): %w", err)}
	}
	if err := s.loadState(world); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", s.listen)
	if err != nil {
		return failure{fmt.Errorf("--listen (SANDBOX_LISTEN): %w", err)}
	}
	server := newServer(world, s.options.Log)
	stopped := make(chan error, 1)
	go func() { stopped <- server.Serve(listener) }()
	fmt.Fprintf(stdout, "sandbox ready: http://%s\n", listener.Addr())

	select {
	case err := <-stopped:
		return failure{fmt.Errorf("serving: %w", err)}
	case <-ctx.Done():
		return errors.Join(stop(server), s.saveState(world))
	}
}

// loadState brings back what an earlier run saved.
func (s *settings) loadState(world *sandbox.Sandbox) error {
	if s.stateFile == "" {
		return nil
	}
	if err := world.LoadFile(s.stateFile); err != nil {
		return failure{fmt.Errorf("--state (SANDBOX_STATE): %w", err)}
	}
	return nil
}

// saveState keeps what there is for the next run.
func (s *settings) saveState(world *sandbox.Sandbox) error {
	if s.stateFile == "" {
		return nil
	}
	if err := world.SaveFile(s.stateFile); err != nil {
		return failure{fmt.Errorf("--state (SANDBOX_STATE): %w", err)}
	}
	return nil
}

func newServer(world *sandbox.Sandbox, log *slog.Logger) *http.Server {
	server := &http.Server{
		Handler:           world.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       patience,
		WriteTimeout:      patience,
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	server.RegisterOnShutdown(func() { _ = world.Close() }) // lets go of hanging calls
	return server
}

// stop lets calls under way end, but not for long.
func stop(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	if err := server.Shutdown(ctx); errors.Is(err, context.DeadlineExceeded) {
		err = server.Close()
		if err != nil {
			return failure{fmt.Errorf("stopping: %w", err)}
		}
	} else if err != nil {
		return failure{fmt.Errorf("stopping: %w", err)}
	}
	return nil
}
