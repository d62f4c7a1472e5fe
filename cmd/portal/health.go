package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"portal/internal/config"
)

// healthFor is how long a portal may take to say how it is. Its own checks take less.
const healthFor = 5 * time.Second

// newHealth is for images that hold nothing but the portal, so that nobody else there can ask.
func newHealth(getenv func(string) string) *cobra.Command {
	cmd := &cobra.Command{
		Use: "health", Short: "Ask the portal of this machine whether it can serve", Args: cobra.NoArgs,
		Long: "Asks /readyz at PORTAL_DEBUG_LISTEN, and prints what it says where that is not well: for health checks of containers.",
	}
	alive := cmd.Flags().Bool("alive", false, "ask /healthz: only whether it lives")
	cmd.RunE = working(func(cmd *cobra.Command) error {
		e, err := config.Environ(getenv)
		if err != nil {
			return err
		}
		path := "/readyz"
		if *alive {
			path = "/healthz"
		}
		ctx, cancel := context.WithTimeout(cmd.Context(), healthFor)
		defer cancel()
		return askHealth(ctx, "http://"+onThisMachine(e.DebugListen)+path)
	})
	return cmd
}

func askHealth(ctx context.Context, url string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	client := http.Client{Transport: &http.Transport{}} // through no proxy
	answer, err := client.Do(r)
	if err != nil {
		return fmt.Errorf("no portal answers at PORTAL_DEBUG_LISTEN: %w", err)
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, 4<<10))
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, bytes.TrimSpace(said))
	}
	return nil
}

// onThisMachine is where a listener of this machine is reached: one on all addresses is on the loopback's, too.
func onThisMachine(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if ip := net.ParseIP(host); err != nil || host != "" && !ip.IsUnspecified() {
		return listen
	}
	return net.JoinHostPort("127.0.0.1", port)
}
