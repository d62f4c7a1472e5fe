package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// checkTheme runs the command on a portal.toml, without any other setting.
func checkTheme(t *testing.T, path string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	getenv := func(name string) string {
		if name == "PORTAL_CONFIG" {
			return path
		}
		return ""
	}
	code = run(t.Context(), append([]string{"theme", "check"}, args...), getenv, &out, &errs)
	return code, out.String(), errs.String()
}

func TestThemeCheckHasNothingToSayOfTheDemo(t *testing.T) {
	t.Parallel()
	code, out, errs := checkTheme(t, "../../portal.toml")
	if code != exitOK || out != "Everybody can read these pages: no problem was found.\n" || errs != "" {
		t.Errorf("status %d\n%s%s", code, out, errs)
	}
}

func TestThemeCheckSaysWhereItIsAndHowToMendIt(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../portal.toml")
	if err != nil {
		t.Fatal(err)
	}
	spoilt := strings.NewReplacer(`accent = "#0b5c57" #`, "accent = \"#ff9900\"\nfont = \"Own Sans\" #", "titles.pl =", "# titles.pl =").Replace(string(text))
	path := filepath.Join(t.TempDir(), "portal.toml")
	if err := os.WriteFile(path, []byte(spoilt), 0o600); err != nil {
		t.Fatal(err)
	}
	copyLogos(t, filepath.Dir(path))
	code, out, errs := checkTheme(t, path)
	for _, want := range []string{
		"problem: portal.toml [brand] accent\n", "#ff9900 on the ground #f3f5f7", " would do.\n", "problem: portal.toml [[flow]] (company) titles\n",
		`"Open a business account" is not translated into pl.`, "advice: portal.toml [brand] font\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not said:\n%s", want, out)
		}
	}
	if code != exitFailure || !strings.Contains(errs, "before anybody sees these pages: 5") {
		t.Errorf("status %d: %s", code, errs)
	}
}

// copyLogos puts the pictures that portal.toml names beside a copy of it.
func copyLogos(t *testing.T, to string) {
	t.Helper()
	for _, name := range []string{"logo.svg", "logo-dark.svg"} {
		logo, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, name), logo, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestThemeCheckTellsWrongUseFromWrongSettings(t *testing.T) {
	t.Parallel()
	if code, _, _ := checkTheme(t, "../../portal.toml", "--quickly"); code != exitWrongUse {
		t.Errorf("an unknown flag: status %d", code)
	}
	if code, _, errs := checkTheme(t, filepath.Join(t.TempDir(), "lost.toml")); code != exitFailure || !strings.Contains(errs, "PORTAL_CONFIG") {
		t.Errorf("a lost file: status %d, %s", code, errs)
	}
}
