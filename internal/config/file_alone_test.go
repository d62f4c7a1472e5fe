package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"portal/internal/config"
)

func TestTextsMayStandInTablesOrUnderDottedKeys(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"[texts.en]\nlayout.privacy = \"Data\"\n", "[texts.en.layout]\nprivacy = \"Data\"\n", "texts.en.layout.privacy = \"Data\"\n"} {
		path := filepath.Join(t.TempDir(), "portal.toml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := config.LoadFile(func(string) string { return path })
		if err != nil || c.Texts["en"]["layout"] == nil {
			t.Errorf("%q: %v, %v", text, c.Texts, err)
		}
	}
}

func TestLoadFileNeedsNothingButTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "portal.toml")
	getenv := func(name string) string {
		if name == "PORTAL_CONFIG" {
			return path
		}
		return ""
	}
	for text, complains := range map[string]string{
		"[brand]\nname = \"Acme\"\naccent = \"pale\"\n": "", // which is for others to say
		"[brand]\ncolour = \"red\"\n":                   "brand.colour",
		"[[flow]]\nname = \"for companies\"\n":          "[[flow]] 1 (for companies): name",
		"[brand\n":                                      "PORTAL_CONFIG",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := config.LoadFile(getenv)
		if (err != nil) != (complains != "") || err != nil && !strings.Contains(err.Error(), complains) {
			t.Errorf("%q: %v, want a word of %q", text, err, complains)
		}
		if complains == "" && (c.Brand.Name != "Acme" || c.Dir == nil) {
			t.Errorf("%+v", c.Brand)
		}
	}
}
