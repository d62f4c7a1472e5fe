package main

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"portal/internal/config"
	"portal/internal/onboarding"
	"portal/internal/passfort"
	"portal/internal/postgres"
	"portal/internal/seal"
	"portal/internal/sumsub"
)

// maxWhy bounds what goes into the trail, in bytes.
const maxWhy = 500

// deedFlags are the flags of a decision.
type deedFlags struct {
	adopt                          string
	again, newProfile, acknowledge bool
	retryAssociates                bool
	why, by                        string
}

func newRegistrationsResolve(getenv func(string) string) *cobra.Command {
	var id onboarding.RegistrationID
	var f deedFlags
	var d onboarding.Decision
	cmd := &cobra.Command{
		Use: "resolve ID", Short: "Decide what the portal cannot decide about a registration",
		Long: "Carries one decision out and puts it into the audit trail. `portal registrations show ID` says which ones fit.\n" +
			"PORTAL_SEAL_KEYSET is needed too; --adopt asks the provider and needs all settings of `portal serve`.\n" +
			"Do not write names, addresses or other personal data into --why: the trail is kept for ever.",
	}
	cmd.Flags().StringVar(&f.adopt, "adopt", "", "this `PROFILE` is the registration's; its customer reference must say so")
	cmd.Flags().BoolVar(&f.again, "again", false, "ask the provider again for what it was asked for last")
	cmd.Flags().BoolVar(&f.newProfile, "new-profile", false, "give the profile up and create another")
	cmd.Flags().BoolVar(&f.acknowledge, "acknowledge", false, "its flags have been seen, and what is told of its associates")
	cmd.Flags().BoolVar(&f.retryAssociates, "retry-associates", false, "try its associates again that are refused, undecided or removed")
	cmd.Flags().StringVar(&f.why, "why", "", "the reason, for the audit trail (required)")
	cmd.Flags().StringVar(&f.by, "by", getenv("USER"), "who decides, for the audit trail")
	cmd.Args = func(_ *cobra.Command, args []string) (err error) {
		if id, err = registrationID(args); err != nil {
			return err
		}
		d, err = f.decision()
		return err
	}
	cmd.RunE = working(func(cmd *cobra.Command) error { return resolveRegistration(cmd, getenv, id, d) })
	return cmd
}

// decision is what the flags say; exactly one deed, and why, and by whom.
func (f deedFlags) decision() (onboarding.Decision, error) {
	d := onboarding.Decision{Operator: strings.TrimSpace(f.by), Profile: onboarding.ProfileID(f.adopt), Why: strings.TrimSpace(f.why)}
	deeds := 0
	for deed, wanted := range map[onboarding.Deed]bool{
		onboarding.Adopt: f.adopt != "", onboarding.AskAgain: f.again, onboarding.NewProfile: f.newProfile,
		onboarding.Acknowledge: f.acknowledge, onboarding.RetryAssociates: f.retryAssociates,
	} {
		if wanted {
			d.Deed = deed
			deeds++
		}
	}
	switch {
	case deeds != 1:
		return d, errors.New("decide on exactly one of --adopt PROFILE, --again, --new-profile, --acknowledge and --retry-associates")
	case d.Why == "" || len(d.Why) > maxWhy || !utf8.ValidString(d.Why):
		return d, fmt.Errorf("--why: a reason is required, of at most %d bytes", maxWhy)
	case d.Operator == "" || len(d.Operator) > maxWhy || !utf8.ValidString(d.Operator):
		return d, errors.New("--by: a name is required where USER is not set")
	}
	return d, nil
}

func resolveRegistration(cmd *cobra.Command, getenv func(string) string, id onboarding.RegistrationID, d onboarding.Decision) error {
	keys, err := sealKeyset(getenv)
	if err != nil {
		return err
	}
	engine := &onboarding.Engine{Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	if d.Deed == onboarding.Adopt {
		c, _, err := settings(getenv)
		if err != nil {
			return fmt.Errorf("settings:\n%w", err)
		}
		engine.RefPrefix = c.CustomerRefPrefix
		engine.Provider = passfort.New(passfort.Options{BaseURL: c.PassFortAPIURL, APIKey: passfort.APIKey(c.PassFortAPIKey.Reveal())})
		engine.Verifier = sumsub.New(sumsub.Options{
			BaseURL: c.SumsubAPIURL, AppToken: sumsub.Secret(c.SumsubAppToken.Reveal()), SecretKey: sumsub.Secret(c.SumsubSecretKey.Reveal()), Now: time.Now,
		})
	}
	return withStore(cmd.Context(), getenv, keys, func(store *postgres.Store) error {
		engine.Registrations, engine.Profiles = store, store
		r, retried, err := resolve(cmd.Context(), store, engine, id, d)
		if err != nil {
			return fmt.Errorf("registration %s: %w", id, plainly(err))
		}
		if d.Deed == onboarding.RetryAssociates {
			return printRetried(cmd.OutOrStdout(), r, retried)
		}
		return printResolved(cmd.OutOrStdout(), r, d)
	})
}

// sealKeyset is the keyset with which the store keeps keys of customer requests.
func sealKeyset(getenv func(string) string) (*seal.Keyset, error) {
	e, err := config.Environ(getenv)
	if err != nil {
		return nil, err
	}
	if e.SealKeyset == "" {
		return nil, errors.New("PORTAL_SEAL_KEYSET: required")
	}
	keys, err := seal.Parse(e.SealKeyset.Reveal())
	if err != nil {
		return nil, fmt.Errorf("PORTAL_SEAL_KEYSET: %w", err)
	}
	return keys, nil
}
