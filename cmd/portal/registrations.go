package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"portal/internal/onboarding"
	"portal/internal/postgres"
	"portal/internal/seal"
)

func newRegistrations(getenv func(string) string) *cobra.Command {
	return group("registrations", "Look at registrations, and decide what the portal cannot",
		"The database is that of PORTAL_DATABASE_URL. Keys of customer requests are never shown.",
		newRegistrationsList(getenv), newRegistrationsShow(getenv), newRegistrationsResolve(getenv))
}

// oneLine is text without what would break a table or move a terminal's cursor: causes hold the provider's words.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}

// clock is a time as it is printed.
func clock(at time.Time) string {
	if at.IsZero() {
		return "-"
	}
	return at.UTC().Format(time.RFC3339)
}

func printJSON(to io.Writer, v any) error {
	e := json.NewEncoder(to)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// registrationID reads the one argument of a command.
func registrationID(args []string) (onboarding.RegistrationID, error) {
	if len(args) != 1 {
		return onboarding.RegistrationID{}, errors.New("which registration? give its id; `portal registrations list` shows them")
	}
	id, err := uuid.Parse(args[0])
	if err != nil {
		return onboarding.RegistrationID{}, fmt.Errorf("%q is no id of a registration", args[0])
	}
	return onboarding.RegistrationID(id), nil
}

// withStore works on what the configured database keeps, of which alone the settings are read. Without keys, what is
// sealed stays so.
func withStore(ctx context.Context, getenv func(string) string, keys *seal.Keyset, work func(*postgres.Store) error) error {
	e, err := databaseEnviron(getenv)
	if err != nil {
		return err
	}
	pool, err := openDatabase(ctx, e)
	if err != nil {
		return err
	}
	defer pool.Close()
	teller := postgres.NewTeller(pool, slog.New(slog.DiscardHandler))
	err = work(postgres.New(pool, keys, postgres.NoJobs).ToldBy(teller))
	_ = teller.Flush(ctx) // whoever decides something may be on the phone with the applicant; otherwise the page finds it a minute later
	return plainly(err)
}

// plainly is the error without its kind, which means nothing to a person.
func plainly(err error) error {
	if kind, ok := errors.AsType[*onboarding.Error](err); ok && kind.Err != nil {
		return kind.Err
	}
	return err
}
