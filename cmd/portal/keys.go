package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"portal/internal/seal"
)

// The files of a folder of keys.
const (
	cookieKeysFile = "cookie_keys"
	sealKeysetFile = "seal_keyset"
)

func newKeys(getenv func(string) string) *cobra.Command {
	return group("keys", "Make and replace the portal's own keys", "", newKeysNew(), newKeysRotate(getenv), newKeysStatus(getenv), newKeysRetire(getenv))
}

func newKeysNew() *cobra.Command {
	cmd := &cobra.Command{
		Use: "new", Short: "Make new keys for cookies and for sealed columns", Args: cobra.NoArgs,
		Long: "Makes new keys and prints them as settings. With --dir it writes them to the files cookie_keys and\n" +
			"seal_keyset of a folder instead, for PORTAL_COOKIE_KEYS_FILE and PORTAL_SEAL_KEYSET_FILE, and makes\n" +
			"that where there is none; files that exist are kept.",
	}
	dir := cmd.Flags().String("dir", "", "folder to write the keys to")
	cmd.RunE = working(func(cmd *cobra.Command) error {
		cookie, keyset, err := newKeyMaterial()
		if err != nil {
			return err
		}
		if *dir == "" {
			return printKeys(cmd.OutOrStdout(), cookie, keyset)
		}
		if err := os.MkdirAll(*dir, 0o700); err != nil {
			return err
		}
		return errors.Join(
			writeKey(cmd.ErrOrStderr(), filepath.Join(*dir, cookieKeysFile), cookie),
			writeKey(cmd.ErrOrStderr(), filepath.Join(*dir, sealKeysetFile), keyset),
		)
	})
	return cmd
}

func newKeyMaterial() (cookie, keyset string, err error) {
	cookie, err = newCookieKey()
	if err != nil {
		return "", "", err
	}
	keyset, err = seal.NewKeyset()
	return cookie, keyset, err
}

func printKeys(w io.Writer, cookie, keyset string) error {
	_, err := fmt.Fprintf(w, "PORTAL_COOKIE_KEYS='%s'\nPORTAL_SEAL_KEYSET='%s'\n", cookie, keyset)
	return err
}

// writeKey writes a key that only its owner can read, unless there is one already: what it sealed must stay readable. It says
// which of both it was.
func writeKey(out io.Writer, path, key string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		_, err = fmt.Fprintf(out, "kept: %s\n", path)
		return err
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(key + "\n")
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "made: %s\n", path)
	return err
}
