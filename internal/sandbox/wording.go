package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// wording is how the pages' templates put things.
var wording = template.FuncMap{
	"at":     func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") },
	"iso":    func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	"unix":   func(seconds int64) time.Time { return time.Unix(seconds, 0) },
	"ms":     func(ms float64) string { return fmt.Sprintf("%.1f", ms) },
	"tone":   tone,
	"pretty": pretty,
	"plural": plural,
	"words":  words,
	"decide": func(status string) string { return decisions[status] },
	"span":   span,
}

// decisions are what staff do to give an application a status.
var decisions = map[string]string{
	"APPROVED": "Approve", "REJECTED": "Reject", "IN_REVIEW": "Put in review", "CANCELLED": "Cancel",
}

// tones are the colours of states; the word itself is always there too.
var tones = map[string]string{
	"COMPLETED": "good", "APPROVED": "good", "COMPLETED_PASS": "good", "PASS": "good", "COMPLETE": "good", "idle": "good",
	"EXPIRED": "bad", "CANCELED": "bad", "REJECTED": "bad", "CANCELLED": "bad", "COMPLETED_FAIL": "bad", "FAIL": "bad",
	"stalled": "bad", "retrying": "bad", "failed": "bad", "forged": "bad", "delivered": "good",
	"GREEN": "good", "RED": "bad", "FINAL": "bad", "accepted": "good", "rejected": "bad", "deleted": "bad", "deactivated": "bad",
}

// tone is the colour of a state, whatever its type.
func tone(state any) string {
	if t, ok := tones[fmt.Sprint(state)]; ok {
		return t
	}
	return "open"
}

// pretty indents what is JSON and leaves everything else as it is.
func pretty(text any) string {
	raw := []byte(fmt.Sprint(text))
	if m, ok := text.(json.RawMessage); ok {
		raw = m
	}
	var buf bytes.Buffer
	if err := json.Indent(&buf, raw, "", "  "); err != nil {
		return string(raw)
	}
	return buf.String()
}

// plural counts things.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// span writes a duration in days and hours, as far as there are some.
func span(d time.Duration) string {
	days, rest := d/(24*time.Hour), d%(24*time.Hour)
	switch {
	case days == 0:
		return rest.String()
	case rest == 0:
		return plural(int(days), "day", "days")
	default:
		return plural(int(days), "day", "days") + " " + rest.String()
	}
}

// words writes a constant of the API as words: APPROVED becomes Approved.
func words(constant string) string {
	return sentenceCase(strings.ToLower(strings.ReplaceAll(constant, "_", " ")))
}

func sentenceCase(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + text[size:]
}

// sentence begins a message with a capital letter and ends it with a full stop.
func sentence(message string) string {
	return sentenceCase(strings.TrimRight(message, ".")) + "."
}
