package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/spf13/cobra"

	"portal/internal/delivery"
	"portal/internal/outbox"
	"portal/internal/postgres"
)

func newNotices(getenv func(string) string) *cobra.Command {
	return group("notices", "Look at notices to the company's back end and replay them",
		"The database is that of PORTAL_DATABASE_URL. Whom a notice is about is never shown.",
		newNoticesList(getenv), newNoticesShow(getenv), newNoticesReplay(getenv), newNoticesSecret())
}

func newNoticesList(getenv func(string) string) *cobra.Command {
	var status string
	var limit int
	cmd := &cobra.Command{Use: "list", Short: "List notices, the newest first"}
	cmd.Flags().StringVar(&status, "status", "", "only those that are pending, delivered or given_up")
	cmd.Flags().IntVar(&limit, "limit", 50, "how many")
	cmd.Args = func(_ *cobra.Command, args []string) error {
		if !slices.Contains([]string{"", outbox.Pending, outbox.Delivered, outbox.GivenUp}, status) {
			return fmt.Errorf("--status: %q is none of pending, delivered and given_up", status)
		}
		if limit < 1 || limit > 10_000 {
			return errors.New("--limit: must be between 1 and 10000")
		}
		return cobra.NoArgs(cmd, args)
	}
	cmd.RunE = working(func(cmd *cobra.Command) error {
		return withDatabase(cmd.Context(), getenv, func(pool *pgxpool.Pool) error {
			entries, err := postgres.NewNotices(pool).List(cmd.Context(), status, limit)
			if err != nil {
				return err
			}
			return printNotices(cmd.OutOrStdout(), entries)
		})
	})
	return cmd
}

func printNotices(to io.Writer, entries []outbox.Entry) error {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "ID\tHAPPENED\tTYPE\tREGISTRATION\tSTATUS\tTRIES\tNEXT\tCAUSE")
	for _, e := range entries {
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\n", e.ID, clock(e.HappenedAt), e.Type,
			e.Registration, e.Status, e.Tries, clock(e.Due), orDash(e.Cause))
	}
	return w.Flush()
}

func newNoticesShow(getenv func(string) string) *cobra.Command {
	cmd := &cobra.Command{Use: "show ID", Short: "Show a notice and every attempt to deliver it", Args: noticeIDs(1)}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return working(func(cmd *cobra.Command) error {
			return withDatabase(cmd.Context(), getenv, func(pool *pgxpool.Pool) error {
				e, attempts, err := postgres.NewNotices(pool).Show(cmd.Context(), args[0])
				if errors.Is(err, outbox.ErrNotFound) {
					return fmt.Errorf("%w: `portal notices list` shows them", err)
				}
				if err != nil {
					return err
				}
				return errors.Join(printNotices(cmd.OutOrStdout(), []outbox.Entry{e}), printAttempts(cmd.OutOrStdout(), attempts))
			})
		})(cmd, args)
	}
	return cmd
}

func printAttempts(to io.Writer, attempts []outbox.Attempt) error {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "\nATTEMPT\tAT\tTOOK\tSTATUS\tCAUSE")
	for i, a := range attempts {
		_, _ = fmt.Fprintf(w, "%d\t%s\t%s\t%d\t%s\n", i+1, clock(a.At), a.Took, a.Status, orDash(a.Cause))
	}
	return w.Flush()
}

// noticeIDs takes ids of notices: exactly so many, or any number where that is 0.
func noticeIDs(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		for _, arg := range args {
			if !strings.HasPrefix(arg, "msg_") {
				return fmt.Errorf("%q is no id of a notice; `portal notices list` shows them", arg)
			}
		}
		if n > 0 {
			return cobra.ExactArgs(n)(cmd, args)
		}
		return nil
	}
}

func newNoticesReplay(getenv func(string) string) *cobra.Command {
	var s outbox.Selection
	var since string
	cmd := &cobra.Command{
		Use: "replay ID...", Short: "Send notices once more",
		Long: "Has notices sent once more, with the same id and content, as if they had just happened. A running portal that has\n" +
			"a receiver does the work.",
	}
	cmd.Flags().BoolVar(&s.GivenUp, "given-up", false, "all that were given up")
	cmd.Flags().StringVar(&since, "since", "", "with --given-up: that happened since then, such as 2026-01-31T12:00:00Z")
	cmd.Args = func(cmd *cobra.Command, args []string) (err error) {
		if since != "" {
			if s.Since, err = time.Parse(time.RFC3339, since); err != nil {
				return fmt.Errorf("--since: %q is no time such as 2026-01-31T12:00:00Z", since)
			}
		}
		if since != "" && !s.GivenUp {
			return errors.New("--since goes with --given-up")
		}
		if len(args) == 0 && !s.GivenUp {
			return errors.New("which notices? name their ids, or use --given-up")
		}
		s.IDs = slices.Compact(slices.Sorted(slices.Values(args)))
		return noticeIDs(0)(cmd, args)
	}
	cmd.RunE = working(func(cmd *cobra.Command) error { return replayNotices(cmd, getenv, s) })
	return cmd
}

func replayNotices(cmd *cobra.Command, getenv func(string) string, s outbox.Selection) error {
	return withDatabase(cmd.Context(), getenv, func(pool *pgxpool.Pool) error {
		courier := &outbox.Courier{Notices: postgres.NewNotices(pool), Now: time.Now, Log: slog.New(slog.DiscardHandler)}
		n, err := courier.Replay(cmd.Context(), s)
		_, _ = fmt.Fprintf(cmd.OutOrStdout(), "to be sent once more: %d\n", n)
		if err != nil || len(s.IDs) == 0 {
			return err
		}
		missing, err := courier.Missing(cmd.Context(), s.IDs)
		if err == nil && len(missing) > 0 {
			err = fmt.Errorf("not there (any more): %s; `portal notices list` shows which are", strings.Join(missing, ", "))
		}
		return err
	})
}

func newNoticesSecret() *cobra.Command {
	return &cobra.Command{
		Use: "new-secret", Short: "Make a new secret to sign notices with", Args: cobra.NoArgs,
		Long: "Prints a new secret for PORTAL_NOTICES_SECRETS. To rotate, put it in front of the old one, give it to the\n" +
			"receiver, and then take the old one away.",
		RunE: working(func(cmd *cobra.Command) error {
			secret, err := delivery.NewSecret(rand.Reader)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), secret)
			return err
		}),
	}
}
