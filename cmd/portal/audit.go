package main

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"portal/internal/onboarding"
	"portal/internal/postgres"
)

func newAudit(getenv func(string) string) *cobra.Command {
	return group("audit", "Check the audit trail", "The database is that of PORTAL_DATABASE_URL.", newAuditVerify(getenv))
}

func newAuditVerify(getenv func(string) string) *cobra.Command {
	var at string
	var until time.Time
	cmd := &cobra.Command{
		Use: "verify", Short: "Verify that no entry of the audit trail was changed, removed or slipped in",
		Long: "Recomputes the chain of every registration, prints every fault, and the root: SHA-256 over the id and the last\n" +
			"hash of every registration that has a trail, in the order of the ids. The root covers the entries up to now, or up to\n" +
			"--until. The log's daily summary has such a time and its root (audit_until, audit_root): the root printed here for that\n" +
			"time must still be the same, or somebody has rewritten the trail, hashes and all. Of a registration that was deleted\n" +
			"after PORTAL_REGISTRATION_RETENTION the last hash is kept, so that this holds for every time but those between its\n" +
			"beginning and its end: then there is no root, and this command says so and fails.",
	}
	cmd.Flags().StringVar(&at, "until", "", "the time up to which the root covers entries, such as 2026-01-31T12:00:00Z")
	cmd.Args = func(cmd *cobra.Command, args []string) (err error) {
		if at != "" {
			if until, err = time.Parse(time.RFC3339, at); err != nil {
				return fmt.Errorf("--until: %q is no time such as 2026-01-31T12:00:00Z", at)
			}
		}
		return cobra.NoArgs(cmd, args)
	}
	cmd.RunE = working(func(cmd *cobra.Command) error {
		return withStore(cmd.Context(), getenv, nil, func(store *postgres.Store) error {
			out := cmd.OutOrStdout()
			if until.IsZero() {
				until = time.Now()
			}
			audit, err := store.VerifyAudit(cmd.Context(), until, func(f onboarding.Fault) { printFault(out, f) })
			if err != nil {
				return err
			}
			printAudit(out, audit, until)
			return judge(audit)
		})
	})
	return cmd
}

func printFault(to io.Writer, f onboarding.Fault) {
	_, _ = fmt.Fprintf(to, "FAULT  registration %s  entry %d  %s\n", f.Registration, f.Seq, oneLine(f.What))
}

func printAudit(to io.Writer, a onboarding.Audit, until time.Time) {
	_, _ = fmt.Fprintf(to, "registrations with a trail: %d\nfrom before there were trails: %d\nforgotten after their time: %d\nentries: %d\nfaults: %d\n",
		a.Registrations, a.Untrailed, a.Forgotten, a.Entries, a.Faults)
	when := until.UTC().Format(time.RFC3339Nano)
	if a.Lost > 0 {
		_, _ = fmt.Fprintf(to, "root as of %s: cannot be computed any more. %d registrations that were under way then have been deleted since,\n"+
			"after their time, and of each only the last hash is kept\n", when, a.Lost)
		return
	}
	_, _ = fmt.Fprintf(to, "root as of %s, over %d registrations: %x\n", when, a.Covered, a.Root)
}

// judge is the error of an audit that does not show what was asked.
func judge(a onboarding.Audit) error {
	switch {
	case a.Faults > 0:
		return errors.New("the audit trail does not hold")
	case a.Lost > 0:
		return errors.New("the audit trail holds, but there is no root as of that time")
	}
	return nil
}
