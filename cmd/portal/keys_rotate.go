package main

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"portal/internal/config"
	"portal/internal/seal"
)

const rotateLong = `Replaces the portal's keys in two steps, so that several processes can have their new settings one after
the other and nobody is signed out:

  1. portal keys rotate            adds new keys, which are read and not used yet
  2. portal keys rotate --promote  makes them the ones that are used

Have all processes read them after each step, by SIGHUP or a restart. The keys come from the environment, and the
new settings are printed.
With --dir they are in the files cookie_keys and seal_keyset of a folder, which are replaced: run the command as the
user who owns them.

What the former key has sealed is sealed anew in the background, within a day; portal keys status tells how far that is.
When PORTAL_SESSION_ABSOLUTE has passed since the second step, and a day at least, portal keys retire drops the former
keys.`

func newKeysRotate(getenv func(string) string) *cobra.Command {
	cmd := &cobra.Command{Use: "rotate", Short: "Replace the keys in two steps", Long: rotateLong, Args: cobra.NoArgs}
	dir := cmd.Flags().String("dir", "", "folder that holds the keys")
	promote := cmd.Flags().Bool("promote", false, "use the keys that the first step has added")
	cmd.RunE = working(func(cmd *cobra.Command) error {
		k, err := readKeys(getenv, *dir)
		if err != nil {
			return err
		}
		if k, err = k.rotated(*promote); err != nil {
			return err
		}
		if err := k.put(cmd.OutOrStdout(), *dir); err != nil {
			return err
		}
		_, err = fmt.Fprintln(cmd.ErrOrStderr(), nextStep(*promote))
		return err
	})
	return cmd
}

func nextStep(promoted bool) string {
	if promoted {
		return "Have all processes read them: they use the new keys then. When PORTAL_SESSION_ABSOLUTE has passed, and a day at least, run `portal keys retire`: sooner, it signs people out."
	}
	return "Have all processes read them, by SIGHUP or a restart. When all have, run `portal keys rotate --promote`."
}

// keyTexts are the portal's keys as its settings hold them.
type keyTexts struct{ cookie, keyset string }

// readKeys takes the keys from a folder, or from the environment.
func readKeys(getenv func(string) string, dir string) (keyTexts, error) {
	if dir != "" {
		getenv = func(name string) string {
			return map[string]string{
				"PORTAL_COOKIE_KEYS_FILE": filepath.Join(dir, cookieKeysFile), "PORTAL_SEAL_KEYSET_FILE": filepath.Join(dir, sealKeysetFile),
			}[name]
		}
	}
	e, err := config.Environ(getenv)
	if err != nil {
		return keyTexts{}, err
	}
	if e.CookieKeys == "" || e.SealKeyset == "" {
		return keyTexts{}, errors.New("PORTAL_COOKIE_KEYS, PORTAL_SEAL_KEYSET: both are needed, or --dir; `portal keys new` makes them")
	}
	if _, err := e.CookieKeyBytes(); err != nil {
		return keyTexts{}, err
	}
	return keyTexts{e.CookieKeys.Reveal(), e.SealKeyset.Reveal()}, nil
}

// rotated is the keys after a step. Which step is due is known by the keyset: the list of cookie keys does not say
// whether its last key is the oldest, or a new one that waits.
func (k keyTexts) rotated(promote bool) (keyTexts, error) {
	step, hint := seal.Extend, "run `portal keys rotate --promote` once all processes have it"
	if promote {
		step, hint = seal.Promote, "run `portal keys rotate` first"
	}
	keyset, err := step(k.keyset)
	if errors.Is(err, seal.ErrKeyWaits) || errors.Is(err, seal.ErrNoKeyWaits) {
		return k, fmt.Errorf("PORTAL_SEAL_KEYSET: %w: %s", err, hint)
	}
	if err != nil {
		return k, fmt.Errorf("PORTAL_SEAL_KEYSET: %w", err)
	}
	keys := strings.Split(k.cookie, ",")
	if last := len(keys) - 1; promote {
		keys = append([]string{keys[last]}, keys[:last]...)
	} else {
		fresh, err := newCookieKey()
		if err != nil {
			return k, err
		}
		keys = append(keys, fresh)
	}
	return keyTexts{strings.Join(keys, ","), keyset}, nil
}

func newCookieKey() (string, error) {
	key := make([]byte, config.CookieKeySize)
	if _, err := rand.Read(key); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(key), nil
}

// put writes the keys to the files of a folder, or prints them as settings where there is none.
func (k keyTexts) put(to io.Writer, dir string) error {
	if dir == "" {
		return printKeys(to, k.cookie, k.keyset)
	}
	return k.replace(dir)
}

// replace writes both files anew and puts them in place of the former ones, each as a whole.
func (k keyTexts) replace(dir string) error {
	cookie, err := stage(dir, k.cookie)
	if err != nil {
		return err
	}
	keyset, err := stage(dir, k.keyset)
	if err != nil {
		return errors.Join(err, os.Remove(cookie))
	}
	if err := os.Rename(cookie, filepath.Join(dir, cookieKeysFile)); err != nil {
		return errors.Join(err, os.Remove(cookie), os.Remove(keyset))
	}
	return os.Rename(keyset, filepath.Join(dir, sealKeysetFile))
}

// stage writes a key to a file that only its owner can read, beside the one that it will replace.
func stage(dir, key string) (path string, err error) {
	f, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(key + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}
