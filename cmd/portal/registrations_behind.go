package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"portal/internal/onboarding"
	"portal/internal/postgres"
)

// printStructure prints how those behind the registration's company stand, taken together.
func printStructure(w io.Writer, s postgres.KeptStructure) {
	if len(s.Associates) == 0 {
		return
	}
	line := func(name, text string) { _, _ = fmt.Fprintf(w, "%s\t%s\n", name, orDash(oneLine(text))) }
	line("company's application", application(s.Ending))
	line("what to know", s.Attention)
	line("acknowledged", yes(s.Attention != "" && s.Acknowledged))
	line("goes on at", clock(s.DueAt))
	line("worked on until", clock(s.Claimed))
	line("read again at", clock(s.ReadAt))
}

// application says how the company's application stands.
func application(e onboarding.Ending) string {
	if e == "" {
		return "goes on, or is not there yet"
	}
	return string(e)
}

// printAssociates prints a line for each of those behind the registration's company. Who they are stays sealed.
func printAssociates(w io.Writer, s postgres.KeptStructure) {
	if len(s.Associates) == 0 {
		return
	}
	_, _ = fmt.Fprintln(w, "ID\tBEHIND\tTYPE\tROLES\tSTATUS\tPROFILE\tAPPLICATION\tTRIES\tGOES ON AT\tOTHER PROFILES\tCAUSE")
	for _, a := range s.Associates {
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\t%s\n", a.ID, behind(a), a.Details.EntityType,
			joined(a.Details.Roles), a.Status, orDash(string(a.Profile)), goesOn(a), a.Tries, clock(a.DueAt), others(a),
			orDash(oneLine(a.Cause)))
	}
}

// behind names the company that has the associate: another associate, or the registration's.
func behind(a postgres.KeptAssociate) string {
	if a.Parent.IsZero() {
		return "the company"
	}
	return a.Parent.String()
}

// goesOn says whether one of the associate's applications was not over when last read.
func goesOn(a postgres.KeptAssociate) string {
	if a.Running {
		return "goes on"
	}
	return "-"
}

// others are the further profiles of an associate, known or possible.
func others(a postgres.KeptAssociate) string {
	if len(a.Others) == 0 && a.StubMayExist {
		return "may exist"
	}
	return orDash(joined(a.Others))
}

func joined[T ~string](list []T) string {
	words := make([]string, len(list))
	for i, word := range list {
		words[i] = string(word)
	}
	return strings.Join(words, ",")
}

// printToEnd lists the associates whose applications go on although the company's is over.
func printToEnd(w io.Writer, s postgres.KeptStructure) {
	for _, a := range toEnd(s) {
		_, _ = fmt.Fprintf(w, "%s\tprofile %s\t%s\n", a.ID, a.Profile, joined(a.Details.Roles))
	}
	for _, id := range s.Others {
		_, _ = fmt.Fprintf(w, "entered at the provider\tprofile %s\t-\n", id)
	}
}

// toEnd are the associates that are monitored for ever unless somebody ends their applications at the provider.
func toEnd(s postgres.KeptStructure) []postgres.KeptAssociate {
	return slices.DeleteFunc(slices.Clone(s.Associates), func(a postgres.KeptAssociate) bool { return s.Ending == "" || !a.Running })
}

// retryable counts the associates that a person can have tried again.
func retryable(s postgres.KeptStructure) (n int) {
	for _, a := range s.Associates {
		if a.Status == onboarding.AssociateAttention || a.Status == onboarding.AssociateRemoved {
			n++
		}
	}
	return n
}

// untold is what a person should know of those behind the company, until somebody has said they do.
func untold(s postgres.KeptStructure) string {
	if s.Acknowledged {
		return ""
	}
	return s.Attention
}
