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
	var s settings
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the sandbox until interrupted",
		Long: `Serves the sandbox until interrupted:

  /4.0/…             PassFort's API
  /embed.js          PassFort's script for loader pages; /collect is the frame it shows
  /mail              the mailbox, which takes mail by SMTP for any recipient
  /company/thanks    plays the company's own page
  /                  explains what is there and lets you click through it
  /_sandbox/…        the same as JSON, for scripts

Every flag can also be set by the variable named behind it. It prints
"sandbox ready: URL" once it answers, and one line a call to the standard error.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s.readEnvironment(cmd.Flags(), getenv)
			return s.serve(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	s.addFlags(cmd.Flags())
	return cmd
}

// serve runs the sandbox until ctx is done.
func (s *settings) serve(ctx context.Context, stdout, stderr io.Writer) error {
	options, err := s.options()
	if err != nil {
		return err
	}
	options.Log = slog.New(slog.NewTextHandler(stderr, nil))
	world := sandbox.New(options)
	defer func() { _ = world.Close() }()
	if _, err := world.Mailbox().Listen(s.smtpListen); err != nil {
		return failure{fmt.Errorf("--smtp-listen (SANDBOX_SMTP_LISTEN): %w", err)}
	}
	listener, err := net.Listen("tcp", s.listen)
	if err != nil {
		return failure{fmt.Errorf("--listen (SANDBOX_LISTEN): %w", err)}
	}
	server := newServer(world, options.Log)
	stopped := make(chan error, 1)
	go func() { stopped <- server.Serve(listener) }()
	fmt.Fprintf(stdout, "sandbox ready: http://%s\n", listener.Addr())

	select {
	case err := <-stopped:
		return failure{fmt.Errorf("serving: %w", err)}
	case <-ctx.Done():
		return stop(server)
	}
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
