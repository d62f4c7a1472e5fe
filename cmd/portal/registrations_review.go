package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"portal/internal/postgres"
)

// reviewRow is how an applicant stands at a provider that checks documents, as scripts read it.
type reviewRow struct {
	Level      string    `json:"level"`
	Status     string    `json:"review_status"`
	Answer     string    `json:"answer"`
	RejectType string    `json:"reject_type"`
	ReadAt     time.Time `json:"read_at"`
}

// documentRow is a document that was given, as scripts read it.
type documentRow struct {
	ID     string   `json:"id"`
	Step   string   `json:"step"`
	Type   string   `json:"type"`
	Side   string   `json:"side"`
	Status string   `json:"status"`
	Image  string   `json:"image"`
	Advice []string `json:"advice"`
	Cause  string   `json:"cause"`
}

func newReviewRow(r postgres.KeptReview) *reviewRow {
	if r.Status == "" {
		return nil
	}
	return &reviewRow{r.Level, r.Status, r.Answer, r.RejectType, r.ReadAt.UTC()}
}

func documentRows(d postgres.Dossier) []documentRow {
	rows := make([]documentRow, len(d.Documents))
	for i, k := range d.Documents {
		rows[i] = documentRow{k.ID.String(), k.Set, k.Type, k.Side, string(k.Status), k.Image, append([]string{}, k.Advice...), k.Cause}
	}
	return rows
}

func printReview(w io.Writer, r postgres.KeptReview) {
	if r.Status == "" {
		return
	}
	line := func(name, text string) { _, _ = fmt.Fprintf(w, "%s\t%s\n", name, orDash(oneLine(text))) }
	line("level", r.Level)
	line("status", r.Status)
	line("answer", strings.TrimSpace(r.Answer+" "+r.RejectType))
	line("read", clock(r.ReadAt))
}

func printDocuments(w io.Writer, d postgres.Dossier) {
	for _, k := range d.Documents {
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", k.Set, strings.TrimSpace(k.Type+" "+k.Side), k.Status, orDash(k.Image),
			orDash(oneLine(strings.Join(k.Advice, ", "))), orDash(oneLine(k.Cause)))
	}
}
