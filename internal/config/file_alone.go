package config

import (
	"errors"
	"os"
	"path/filepath"
)

// LoadFile reads portal.toml alone, for commands that look at what it says and need no address and no secret. Only what
// cannot be read, or means nothing, or has a name that files cannot have, is an error: what is wrong with the rest is for these
// commands to say.
func LoadFile(getenv func(string) string) (Config, error) {
	path := getenv("PORTAL_CONFIG")
	if path == "" {
		path = "portal.toml"
	}
	file, err := readFile(path)
	if err != nil {
		return Config{}, wrongly("PORTAL_CONFIG", "%w", err)
	}
	c := Config{File: file, Dir: os.DirFS(filepath.Dir(path))}
	return c, errors.Join(c.checkKeys(), c.checkFlowNames())
}
