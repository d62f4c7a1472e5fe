package main

import (
	"bytes"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"portal/internal/onboarding"
	"portal/internal/postgres"
)

func newRegistrationsShow(getenv func(string) string) *cobra.Command {
	var id onboarding.RegistrationID
	var asJSON, identity bool
	cmd := &cobra.Command{
		Use: "show ID", Short: "Show everything known about a registration, and what a person can do",
		Long: "Shows a registration, its customer requests or its documents, the profiles that carry its reference, the people and companies\n" +
			"behind its company, its audit trail, and ready commands for what a person can do now. Who the applicant is, is\n" +
			"shown with --identity only; who is behind the company is never shown here: the associate's profile says it.",
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&identity, "identity", false, "show how the applicant is known, which is personal data")
	cmd.Args = func(_ *cobra.Command, args []string) (err error) {
		id, err = registrationID(args)
		return err
	}
	cmd.RunE = working(func(cmd *cobra.Command) error {
		return withStore(cmd.Context(), getenv, nil, func(store *postgres.Store) error {
			d, err := store.Dossier(cmd.Context(), id)
			if err != nil {
				return err
			}
			var who []postgres.Identity
			if identity {
				if who, err = store.Identities(cmd.Context(), d.Registration.Applicant); err != nil {
					return err
				}
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), newDossierRow(d, who))
			}
			return printDossier(cmd.OutOrStdout(), d, who)
		})
	})
	return cmd
}

// printDossier prints a dossier for a person, section by section.
func printDossier(to io.Writer, d postgres.Dossier, who []postgres.Identity) error {
	var page bytes.Buffer
	section(&page, "", func(w io.Writer) { describe(w, d, who) })
	if d.Registration.Provider == onboarding.Sumsub {
		section(&page, "THE CHECK AT THE PROVIDER", func(w io.Writer) { printReview(w, d.Review) })
		section(&page, "DOCUMENTS GIVEN HERE", func(w io.Writer) { printDocuments(w, d) })
	}
	section(&page, "CUSTOMER REQUESTS", func(w io.Writer) {
		for _, q := range d.Requests {
			_, _ = fmt.Fprintf(w, "%s\tcreated %s\tkey: %s\n", q.ID, clock(q.CreatedAt), stored(q.KeyStored))
		}
	})
	section(&page, "KNOWN PROFILES", func(w io.Writer) {
		for _, p := range d.Profiles {
			_, _ = fmt.Fprintf(w, "%s\ttold by the %s at %s\t%s\n", p.ID, p.Source, clock(p.SeenAt), role(d.Registration, p))
		}
	})
	section(&page, "PEOPLE AND COMPANIES BEHIND THE COMPANY", func(w io.Writer) { printStructure(w, d.Structure) })
	if len(d.Structure.Associates) > 0 {
		section(&page, "ASSOCIATES", func(w io.Writer) { printAssociates(w, d.Structure) })
	}
	if len(toEnd(d.Structure))+len(d.Structure.Others) > 0 {
		section(&page, "APPLICATIONS TO END AT THE PROVIDER, OR THEY ARE MONITORED FOR EVER", func(w io.Writer) { printToEnd(w, d.Structure) })
	}
	section(&page, "AUDIT TRAIL", func(w io.Writer) {
		for _, e := range d.Trail {
			_, _ = fmt.Fprintf(w, "%d\t%s\t%s\t%s → %s\t%s\t%s\n", e.Seq, clock(e.At), oneLine(e.Actor), orDash(string(e.From)),
				e.To, e.What, orDash(oneLine(e.Evidence)))
		}
	})
	section(&page, "WHAT YOU CAN DO", func(w io.Writer) {
		for _, o := range offers(d) {
			_, _ = fmt.Fprintf(w, "%s\n  %s\n", o.meaning, o.command)
		}
	})
	_, err := page.WriteTo(to)
	return err
}

// section prints a titled table, or a word where there is nothing in it.
func section(page *bytes.Buffer, title string, fill func(w io.Writer)) {
	if title != "" {
		_, _ = fmt.Fprintf(page, "\n%s\n", title)
	}
	before := page.Len()
	w := tabwriter.NewWriter(page, 0, 0, 2, ' ', 0)
	fill(w)
	_ = w.Flush()
	if page.Len() == before {
		_, _ = fmt.Fprintln(page, "none")
	}
}

// describe prints what the registration's own row says.
func describe(w io.Writer, d postgres.Dossier, who []postgres.Identity) {
	r := d.Registration
	line := func(name, text string) { _, _ = fmt.Fprintf(w, "%s\t%s\n", name, orDash(oneLine(text))) }
	line("registration", r.ID.String())
	for _, i := range who {
		line("applicant", i.Issuer+" "+i.Subject)
	}
	line("status", string(r.Status))
	line("cause", r.Cause)
	line("provider", string(r.Provider))
	line("flow", r.Flow)
	line("case", r.Case)
	line("profile", string(r.Profile))
	request, key := currentRequest(d)
	line("customer request", request)
	line("key", key)
	line("asked, unanswered", string(r.Ask))
	line("tries in vain", fmt.Sprint(r.Tries))
	line("stub may exist", flagged(r.StubMayExist, r.Acknowledged))
	line("waits for its turn", yes(r.Waiting))
	line("goes on at", clock(r.DueAt))
	line("worked on until", clock(d.Claimed))
	line("read again at", clock(r.ReadAt))
	line("created", clock(r.CreatedAt))
	line("last chosen", clock(r.TouchedAt))
}

// currentRequest names the request that is shown, and says whether its key is stored, which is all there is to say.
func currentRequest(d postgres.Dossier) (id, key string) {
	if d.Registration.Request == nil {
		return "", stored(false)
	}
	for _, q := range d.Requests {
		if q.ID == d.Registration.Request.ID {
			return string(q.ID), stored(q.KeyStored)
		}
	}
	return string(d.Registration.Request.ID), stored(false)
}

func stored(is bool) string {
	if is {
		return "stored"
	}
	return "none"
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

// flagged says how a flag stands.
func flagged(up, acknowledged bool) string {
	if up && acknowledged {
		return "yes, acknowledged"
	}
	return yes(up)
}

// role says what a known profile is to the registration.
func role(r onboarding.Registration, p onboarding.KnownProfile) string {
	switch {
	case p.ID == r.Profile:
		return "its own"
	case p.Orphaned && p.Acknowledged:
		return "orphaned, acknowledged"
	case p.Orphaned:
		return "orphaned"
	}
	return "not in use"
}
