package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"portal/internal/onboarding"
	"portal/internal/postgres"
)

// statuses are those that a registration may have.
var statuses = []onboarding.Status{
	onboarding.Starting, onboarding.Unclear, onboarding.NeedsAttention, onboarding.Open, onboarding.Checking, onboarding.Completed,
	onboarding.Rejected, onboarding.Expired, onboarding.Superseded, onboarding.Closed,
}

func newRegistrationsList(getenv func(string) string) *cobra.Command {
	var status string
	var limit int
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "List the registrations that a person should look at, the oldest first",
		Long: "Lists the registrations that need attention, those that may have left a stub profile behind, and those of\n" +
			"orphaned profiles or of associates of whom a person should know something, until a person acknowledges them; with\n" +
			"--status all of that status.",
	}
	cmd.Flags().StringVar(&status, "status", "", fmt.Sprintf("all that are one of %s", statuses))
	cmd.Flags().IntVar(&limit, "limit", 50, "how many")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Args = func(_ *cobra.Command, args []string) error {
		if status != "" && !slices.Contains(statuses, onboarding.Status(status)) {
			return fmt.Errorf("--status: %q is none of %s", status, statuses)
		}
		if limit < 1 || limit > 10_000 {
			return errors.New("--limit: must be between 1 and 10000")
		}
		return cobra.NoArgs(cmd, args)
	}
	cmd.RunE = working(func(cmd *cobra.Command) error {
		return withStore(cmd.Context(), getenv, nil, func(store *postgres.Store) error {
			list, err := listRegistrations(cmd.Context(), store, onboarding.Status(status), limit)
			switch {
			case err != nil:
				return err
			case asJSON:
				return printJSON(cmd.OutOrStdout(), listedRows(list))
			case len(list) == 0:
				return printNone(cmd.OutOrStdout(), status)
			}
			return printList(cmd.OutOrStdout(), list, limit)
		})
	})
	return cmd
}

func listRegistrations(ctx context.Context, store *postgres.Store, status onboarding.Status, most int) ([]postgres.Listed, error) {
	if status == "" {
		return store.ToSee(ctx, most)
	}
	return store.OfStatus(ctx, status, most)
}

func printNone(to io.Writer, status string) error {
	none := "No registration waits for a person."
	if status != "" {
		none = "No registration is " + status + "."
	}
	_, err := fmt.Fprintln(to, none)
	return err
}

func printList(to io.Writer, list []postgres.Listed, limit int) error {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "ID\tSTATUS\tFLOW\tCASE\tPROFILE\tSINCE\tWHY")
	for _, r := range list {
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.ID, r.Status, r.Flow, orDash(r.Case),
			orDash(string(r.Profile)), clock(r.Since), orDash(why(r)))
	}
	if err := w.Flush(); err != nil || len(list) < limit {
		return err
	}
	_, err := fmt.Fprintf(to, "These are the first %d; --limit shows more.\n", limit)
	return err
}

// why says why a person should look at a registration: its cause, and its flags in words.
func why(r postgres.Listed) string {
	var reasons []string
	if r.Cause != "" {
		reasons = append(reasons, oneLine(r.Cause))
	}
	return strings.Join(append(reasons, flags(r.Registration, r.Orphans, r.Behind)...), "; ")
}

// flags says in words what nobody has said they know of. Of those behind the company the words are the portal's already.
func flags(r onboarding.Registration, orphans int, behind string) []string {
	var words []string
	if r.StubMayExist && !r.Acknowledged {
		words = append(words, "a stub profile may exist")
	}
	if orphans == 1 {
		words = append(words, "an orphaned profile")
	} else if orphans > 1 {
		words = append(words, fmt.Sprintf("%d orphaned profiles", orphans))
	}
	if behind != "" {
		words = append(words, oneLine(behind))
	}
	return words
}
