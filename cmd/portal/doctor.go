package main

import (
	"errors"
	"fmt"
	netmail "net/mail"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"portal/internal/doctor"
)

const doctorLong = `Looks at everything that the portal needs, and says of each thing whether it is well ("ok", "warning" or "problem"), what
was found, and what to do. It changes nothing and needs no portal that runs; settings that are wrong and services that are
away are told, and the rest is looked at all the same. An e-mail is sent with --mail-to alone.

All checks are made at once, with the settings of portal serve: run it where the portal runs, as the same user.
Exit status: 1 when there is a problem; warnings are no failure.`

// dials are what the command is told.
type dials struct {
	json     bool
	only     []string
	within   time.Duration
	mailTo   string
	selector string
}

func newDoctor(getenv func(string) string) *cobra.Command {
	var d dials
	cmd := &cobra.Command{Use: "doctor", Short: "Look whether all that the portal needs is well", Long: doctorLong}
	cmd.Flags().BoolVar(&d.json, "json", false, "print JSON")
	cmd.Flags().StringSliceVar(&d.only, "only", nil, "make these checks alone: "+strings.Join(checkNames(), ", "))
	cmd.Flags().DurationVar(&d.within, "timeout", 10*time.Second, "how long each check may take")
	cmd.Flags().StringVar(&d.mailTo, "mail-to", "", "address to send an e-mail to, to see that it arrives")
	cmd.Flags().StringVar(&d.selector, "dkim-selector", "", "selector under which the sender's DKIM key is published")
	cmd.Args = func(cmd *cobra.Command, args []string) error { return errors.Join(cobra.NoArgs(cmd, args), d.check()) }
	cmd.RunE = working(func(cmd *cobra.Command) error {
		p := newPatient(getenv, os.Environ(), d)
		defer p.close()
		results := doctor.Mask(doctor.Run(cmd.Context(), p.checks(), d.within), p.secrets())
		show := doctor.Print
		if d.json {
			show = doctor.PrintJSON
		}
		if err := show(cmd.OutOrStdout(), results); err != nil {
			return err
		}
		if doctor.Worst(results) == doctor.Trouble {
			return errors.New("there are problems")
		}
		return nil
	})
	return cmd
}

func (d dials) check() error {
	for _, name := range d.only {
		if !slices.Contains(checkNames(), name) {
			return fmt.Errorf("--only: there is no check %q; there are %s", name, strings.Join(checkNames(), ", "))
		}
	}
	if _, err := netmail.ParseAddress(d.mailTo); d.mailTo != "" && err != nil {
		return fmt.Errorf("--mail-to: %q is no e-mail address", d.mailTo)
	}
	if d.within <= 0 {
		return errors.New("--timeout: must be above zero")
	}
	return nil
}

// checkNames are the names of all checks, in their order.
func checkNames() []string {
	var names []string
	for _, c := range (&patient{}).all() {
		names = append(names, c.Name)
	}
	return names
}
