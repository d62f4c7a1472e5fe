// Package config is the portal's settings: read once, checked once, printable without secrets.
//
// Addresses and secrets come from the environment, each secret also from the file that NAME_FILE names; flows and
// brand come from portal.toml (see [File]). [Load] reports everything that is wrong at once, each line naming the
// setting to change.
package config

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/caarlos0/env/v11"
)

// Config is all settings, checked.
type Config struct {
	Environment
	File
	Dir fs.FS // the folder of portal.toml: the brand's logo is relative to it
}

// Names lists every environment variable that the portal reads.
func Names() []string {
	var names []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Environment]()) {
		name := f.Tag.Get("env")
		names = append(names, name)
		if f.Type == reflect.TypeFor[Secret]() {
			names = append(names, name+"_FILE")
		}
	}
	return names
}

// Defaults are the settings of the environment, by name, each with what it is where it is not set; that is empty where there is
// no default.
func Defaults() map[string]string {
	all := map[string]string{}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Environment]()) {
		all[f.Tag.Get("env")] = f.Tag.Get("envDefault")
	}
	return all
}

// Load reads and checks all settings. Its error lists everything that is wrong, a line each, and shows no secret.
func Load(getenv func(string) string) (Config, error) {
	e, unreadable := Environ(getenv)
	c := Config{Environment: e, Dir: os.DirFS(filepath.Dir(e.ConfigPath))}
	var err error
	if c.File, err = readFile(e.ConfigPath); err != nil {
		return Config{}, errors.Join(unreadable, wrongly("PORTAL_CONFIG", "%w", err))
	}
	unreadable = errors.Join(unreadable, c.readSecrets(getenv))
	return c, errors.Join(unreadable, except(c.check(), names(unreadable)))
}

// names are the settings that an error is about.
func names(err error) map[string]bool {
	found := map[string]bool{}
	for _, one := range each(err) {
		if about, ok := errors.AsType[*settingError](one); ok {
			found[about.name] = true
		}
	}
	return found
}

// except is the error without what it says of settings that are known to be wrong: what cannot be read looks unset.
func except(err error, known map[string]bool) error {
	return errors.Join(slices.DeleteFunc(each(err), func(one error) bool {
		about, ok := errors.AsType[*settingError](one)
		return ok && known[about.name]
	})...)
}

// each lists the errors that were joined, however deeply.
func each(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return slices.DeleteFunc([]error{err}, func(one error) bool { return one == nil })
	}
	var all []error
	for _, one := range joined.Unwrap() {
		all = append(all, each(one)...)
	}
	return all
}

// Environ reads the environment alone and checks nothing but its form: for commands that need a part of it.
func Environ(getenv func(string) string) (Environment, error) {
	values := map[string]string{}
	var wrong []error
	for _, name := range Names() {
		value, err := lookUp(getenv, name)
		if err != nil {
			wrong = append(wrong, err)
		}
		if value != "" {
			values[name] = value
		}
	}
	e, err := env.ParseAsWithOptions[Environment](env.Options{Environment: values})
	return e, errors.Join(append(wrong, plain(err)...)...)
}

// lookUp reads a setting, from the file of NAME_FILE where that is given. The environment library's own file option
// takes the variable itself as the path, which would leave no way to give the value.
func lookUp(getenv func(string) string, name string) (string, error) {
	value, path := getenv(name), getenv(name+"_FILE")
	if path == "" || strings.HasSuffix(name, "_FILE") {
		return value, nil
	}
	if value != "" {
		return "", wrongly(name, "%s_FILE is set as well: keep one", name)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", wrongly(name, "%s_FILE: %w", name, err)
	}
	return strings.TrimSpace(string(text)), nil
}

// plain turns the library's errors, which speak of Go fields, into lines that name the setting.
func plain(err error) []error {
	if err == nil {
		return nil
	}
	all, ok := errors.AsType[env.AggregateError](err)
	if !ok {
		return []error{err}
	}
	var lines []error
	for _, one := range all.Errors {
		if bad, ok := errors.AsType[env.ParseError](one); ok {
			one = wrongly(nameOf(bad.Name), "%w", unquoted(bad.Err))
		}
		lines = append(lines, one)
	}
	return lines
}

// unquoted is the error unless it quotes a URL, which may hold a password.
func unquoted(err error) error {
	bad, ok := errors.AsType[env.ParseValueError](err)
	if _, quotes := errors.AsType[*url.Error](bad.Err); ok && quotes {
		return errors.New("not a URL")
	}
	return err
}

func nameOf(field string) string {
	if f, ok := reflect.TypeFor[Environment]().FieldByName(field); ok {
		return f.Tag.Get("env")
	}
	return field
}
