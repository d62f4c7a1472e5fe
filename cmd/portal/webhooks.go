package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/spf13/cobra"

	"portal/internal/config"
	"portal/internal/inbox"
	"portal/internal/postgres"
	"portal/internal/seal"
	"portal/internal/telemetry"
)

func newWebhooks(getenv func(string) string) *cobra.Command {
	return group("webhooks", "Look at received webhooks and replay them",
		"The database is that of PORTAL_DATABASE_URL. Contents of webhooks are never shown.",
		newWebhooksList(getenv), newWebhooksReplay(getenv))
}

func newWebhooksList(getenv func(string) string) *cobra.Command {
	var status string
	var limit int
	cmd := &cobra.Command{Use: "list", Short: "List webhooks, the newest first"}
	cmd.Flags().StringVar(&status, "status", "", "only those that are pending, processed or quarantined")
	cmd.Flags().IntVar(&limit, "limit", 50, "how many")
	cmd.Args = func(_ *cobra.Command, args []string) error {
		if !slices.Contains([]string{"", "pending", "processed", "quarantined"}, status) {
			return fmt.Errorf("--status: %q is none of pending, processed and quarantined", status)
		}
		if limit < 1 || limit > 10_000 {
			return errors.New("--limit: must be between 1 and 10000")
		}
		return cobra.NoArgs(cmd, args)
	}
	cmd.RunE = working(func(cmd *cobra.Command) error {
		return withDatabase(cmd.Context(), getenv, func(pool *pgxpool.Pool) error {
			entries, err := postgres.NewWebhooks(pool, nil).List(cmd.Context(), status, limit)
			if err != nil {
				return err
			}
			return printWebhooks(cmd.OutOrStdout(), entries)
		})
	})
	return cmd
}

func printWebhooks(to io.Writer, entries []inbox.Entry) error {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "SEQ\tRECEIVED\tPROVIDER\tEVENT\tPROFILE\tSTATUS\tFORWARDING\tTRIES\tCAUSE")
	for _, e := range entries {
		_, _ = fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\n", e.Seq, e.ReceivedAt.UTC().Format(time.RFC3339),
			e.Provider, orDash(e.Event), orDash(e.Profile), e.Status, e.Forwarding, e.Tries, orDash(e.Cause))
	}
	return w.Flush()
}

// orDash keeps columns apart for programs that split at spaces.
func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func newWebhooksReplay(getenv func(string) string) *cobra.Command {
	var s inbox.Selection
	var since string
	cmd := &cobra.Command{
		Use: "replay SEQ...", Short: "Hand webhooks on once more, and decode quarantined ones again",
		Long: "Hands processed webhooks on once more, which changes nothing that is right already, and decodes quarantined\n" +
			"ones again, which takes PORTAL_SEAL_KEYSET and PASSFORT_WEBHOOK_SECRET or SUMSUB_WEBHOOK_SECRET, whichever\n" +
			"belongs to their provider. A running portal does the work. Nothing is sent to the company's own receiver a\n" +
			"second time; what was quarantined is sent for the first time if PASSFORT_WEBHOOK_FORWARD_URL is set here as\n" +
			"it is for the portal.",
	}
	cmd.Flags().BoolVar(&s.Quarantined, "quarantined", false, "all that are quarantined")
	cmd.Flags().StringVar(&since, "since", "", "all received since then, such as 2026-01-31T12:00:00Z")
	cmd.Args = func(_ *cobra.Command, args []string) (err error) {
		if s.Seqs, err = seqs(args); err != nil {
			return err
		}
		if since != "" {
			if s.Since, err = time.Parse(time.RFC3339, since); err != nil {
				return fmt.Errorf("--since: %q is no time such as 2026-01-31T12:00:00Z", since)
			}
		}
		if len(s.Seqs) == 0 && !s.Quarantined && since == "" {
			return errors.New("which webhooks? name their numbers, or use --quarantined or --since")
		}
		return nil
	}
	cmd.RunE = working(func(cmd *cobra.Command) error { return replayWebhooks(cmd, getenv, s) })
	return cmd
}

func seqs(args []string) ([]int64, error) {
	var numbers []int64
	for _, arg := range args {
		n, err := strconv.ParseInt(arg, 10, 64)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is no number of a webhook; `portal webhooks list` shows them", arg)
		}
		numbers = append(numbers, n)
	}
	return numbers, nil
}

func replayWebhooks(cmd *cobra.Command, getenv func(string) string, s inbox.Selection) error {
	e, err := config.Environ(getenv)
	if err != nil {
		return err
	}
	var keys *seal.Keyset
	if e.SealKeyset != "" {
		if keys, err = seal.Parse(e.SealKeyset.Reveal()); err != nil {
			return fmt.Errorf("PORTAL_SEAL_KEYSET: %w", err)
		}
	}
	var replayed, unreadable int
	err = withDatabase(cmd.Context(), getenv, func(pool *pgxpool.Pool) (err error) {
		log := telemetry.Logger(cmd.ErrOrStderr(), slog.LevelError)
		replayed, unreadable, err = webhookArchive(e, keys, pool, log).Replay(cmd.Context(), s)
		return err
	})
	_, _ = fmt.Fprintf(cmd.OutOrStdout(), "to be handed on: %d\nstill unreadable: %d\n", replayed, unreadable)
	switch {
	case errors.Is(err, postgres.ErrNoKeys):
		return errors.New("PORTAL_SEAL_KEYSET: required to decode quarantined webhooks")
	case errors.Is(err, inbox.ErrUnknownProvider):
		return fmt.Errorf("%w: decoding its quarantined webhooks takes the secret, as PASSFORT_WEBHOOK_SECRET or SUMSUB_WEBHOOK_SECRET", err)
	case err == nil && replayed+unreadable == 0 && len(s.Seqs) > 0:
		return errors.New("none of these can be replayed: see `portal webhooks list`")
	}
	return err
}
