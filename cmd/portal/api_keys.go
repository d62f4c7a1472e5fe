package main

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/spf13/cobra"

	"portal/internal/identity"
	"portal/internal/postgres"
)

func newAPIKeys(getenv func(string) string) *cobra.Command {
	return group("api-keys", "Make and revoke keys of the API, for the company's own programs",
		"The database is that of PORTAL_DATABASE_URL, which holds no key, only what is needed to know one again.\n"+
			"Give each program a key of its own: logs name the key that a call came with.",
		newAPIKeysNew(getenv), newAPIKeysList(getenv), newAPIKeysRevoke(getenv))
}

// keyName is what a key may be called: it stands in logs.
var keyName = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)

// oneKeyName wants the name of a key and nothing else.
func oneKeyName(cmd *cobra.Command, args []string) error {
	if err := cobra.ExactArgs(1)(cmd, args); err != nil {
		return err
	}
	if !keyName.MatchString(args[0]) {
		return fmt.Errorf("%q is no name of a key: 1 to 40 lower-case letters, digits and hyphens", args[0])
	}
	return nil
}

// withGate works on the database's keys.
func withGate(cmd *cobra.Command, getenv func(string) string, work func(g *identity.Gate) error) error {
	return withDatabase(cmd.Context(), getenv, func(pool *pgxpool.Pool) error {
		return work(&identity.Gate{Keys: postgres.New(pool, nil, postgres.NoJobs), Now: time.Now})
	})
}

func newAPIKeysNew(getenv func(string) string) *cobra.Command {
	return &cobra.Command{
		Use: "new NAME", Short: "Make a key and print it, once", Args: oneKeyName,
		Long: "Makes a key and prints it. It cannot be shown again. Names are not used twice, not even after a key was revoked.",
		RunE: func(cmd *cobra.Command, args []string) error {
			return working(func(cmd *cobra.Command) error {
				return withGate(cmd, getenv, func(g *identity.Gate) error {
					key, err := g.NewKey(cmd.Context(), args[0])
					if errors.Is(err, identity.ErrKeyName) {
						return fmt.Errorf("%s: %w; `portal api-keys list` shows the names", args[0], identity.ErrKeyName)
					}
					if err != nil {
						return err
					}
					_, err = fmt.Fprintln(cmd.OutOrStdout(), key.Reveal())
					return err
				})
			})(cmd, args)
		},
	}
}

func newAPIKeysRevoke(getenv func(string) string) *cobra.Command {
	return &cobra.Command{
		Use: "revoke NAME", Short: "End a key for good", Args: oneKeyName,
		Long: "Ends a key for good, on all replicas at once. Keys of PORTAL_API_KEYS end when they are taken out of the setting.",
		RunE: func(cmd *cobra.Command, args []string) error {
			return working(func(cmd *cobra.Command) error {
				return withGate(cmd, getenv, func(g *identity.Gate) error {
					err := g.Keys.RevokeKey(cmd.Context(), args[0], g.Now())
					if errors.Is(err, identity.ErrKey) {
						return fmt.Errorf("%s: no key of that name is good; `portal api-keys list` shows them", args[0])
					}
					return err
				})
			})(cmd, args)
		},
	}
}

func newAPIKeysList(getenv func(string) string) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List keys, the oldest first", Args: cobra.NoArgs,
		RunE: working(func(cmd *cobra.Command) error {
			return withGate(cmd, getenv, func(g *identity.Gate) error {
				keys, err := g.Keys.APIKeys(cmd.Context())
				if err != nil {
					return err
				}
				return printAPIKeys(cmd.OutOrStdout(), keys)
			})
		}),
	}
}

func printAPIKeys(to io.Writer, keys []identity.APIKey) error {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "NAME\tMADE\tUSED\tREVOKED")
	for _, k := range keys {
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", k.Name, clock(k.CreatedAt), clock(k.UsedAt), clock(k.RevokedAt))
	}
	return w.Flush()
}
