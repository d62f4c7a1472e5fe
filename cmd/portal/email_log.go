package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"portal/internal/identity"
	"portal/internal/postgres"
)

func newEmailLog(getenv func(string) string) *cobra.Command {
	var f identity.DeliveryFilter
	cmd := &cobra.Command{
		Use: "log [ADDRESS]", Short: "List e-mails and what became of them, the newest first",
		Long: "Lists e-mails, those to ADDRESS or all, with the codes that mail servers gave for what they did not take. That\n" +
			"one was accepted means that the mail server has it; it may still come back, or be taken for spam. The mail\n" +
			"server's own log knows each e-mail by its ID, which is the first part of its Message-ID.",
	}
	cmd.Flags().BoolVar(&f.Failed, "failed", false, "only those that were refused or bounced, or that could not be sent")
	cmd.Flags().IntVar(&f.Most, "limit", 50, "how many")
	cmd.Args = func(cmd *cobra.Command, args []string) (err error) {
		if f.Most < 1 || f.Most > 10_000 {
			return errors.New("--limit: must be between 1 and 10000")
		}
		if len(args) > 0 {
			if f.To, err = identity.ParseEmail(args[0]); err != nil {
				return fmt.Errorf("%q is no e-mail address", args[0])
			}
		}
		return cobra.MaximumNArgs(1)(cmd, args)
	}
	cmd.RunE = working(func(cmd *cobra.Command) error {
		return withStore(cmd.Context(), getenv, nil, func(store *postgres.Store) error {
			post := newPost(store, func(string) {}, slog.New(slog.DiscardHandler))
			list, err := post.List(cmd.Context(), f)
			if err != nil {
				return err
			}
			return printEmails(cmd.OutOrStdout(), list, f, time.Now())
		})
	})
	return cmd
}

func printEmails(to io.Writer, list []identity.Delivery, f identity.DeliveryFilter, now time.Time) error {
	if len(list) == 0 {
		return printNoEmails(to, f)
	}
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "TIME\tTO\tPURPOSE\tSTATUS\tREPLY\tID\tMEANING")
	for _, d := range list {
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", clock(d.CreatedAt), d.To.Reveal(), d.Purpose, d.Status,
			orDash(d.Reply), d.ID, meaning(d, now))
	}
	if err := w.Flush(); err != nil || len(list) < f.Most {
		return err
	}
	_, err := fmt.Fprintf(to, "These are the last %d; --limit shows more.\n", f.Most)
	return err
}

func printNoEmails(to io.Writer, f identity.DeliveryFilter) error {
	none := "No e-mail"
	if f.To != "" {
		none += " to this address"
	}
	if f.Failed {
		none += " has failed"
	} else {
		none += " was sent"
	}
	_, err := fmt.Fprintln(to, none+" in the time that is remembered.")
	return err
}
