package config_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/config"
)

const file = `
[brand]
name = "Northlight"
accent = "#0b5c57"
support_email = "help@northlight.example"
privacy_url = "https://northlight.example/privacy"
imprint_url = "https://northlight.example/imprint"

[[flow]]
name = "individual"
title = "Open an account"
role = "INDIVIDUAL_CUSTOMER"
flow_template = "individual-onboarding"
theme = "default"
completion_url = "https://www.example.com/thanks"
`

var key = base64.RawURLEncoding.EncodeToString([]byte(strings.Repeat("k", config.CookieKeySize)))

// settings is an environment with nothing wrong, changed by what is given; an empty value unsets.
func settings(t *testing.T, toml string, changed map[string]string) map[string]string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "portal.toml")
	if err := os.WriteFile(path, []byte(toml), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{
		"PORTAL_CONFIG": path, "PORTAL_BASE_URL": "https://www.example.com/onboarding",
		"PORTAL_DATABASE_URL": "postgres://portal:db-pa55word@db/portal", "PORTAL_COOKIE_KEYS": key,
		"PORTAL_SEAL_KEYSET": `{"seal":"k3yset"}`, "PORTAL_SMTP_URL": "smtp://portal:smtp-pa55word@mail.example.com:587",
		"PASSFORT_API_KEY": "the-master-k3y",
	}
	maps.Copy(env, changed)
	return env
}

// load reads settings and returns the lines of the error.
func load(t *testing.T, toml string, changed map[string]string) (config.Config, []string) {
	t.Helper()
	env := settings(t, toml, changed)
	c, err := config.Load(func(name string) string { return env[name] })
	if err == nil {
		return c, nil
	}
	return c, strings.Split(err.Error(), "\n")
}

// wrong checks that there is a line for each of the settings, naming it, and no other line.
func wrong(t *testing.T, lines []string, named ...string) {
	t.Helper()
	left := slices.Clone(lines)
	for _, name := range named {
		i := slices.IndexFunc(left, func(line string) bool { return strings.Contains(line, name) })
		if i < 0 {
			t.Errorf("no line names %s:\n%s", name, strings.Join(lines, "\n"))
			continue
		}
		left = slices.Delete(left, i, i+1)
	}
	if len(left) > 0 {
		t.Errorf("lines too many:\n%s", strings.Join(left, "\n"))
	}
}

func TestLoadFillsInDefaults(t *testing.T) {
	t.Parallel()
	c, lines := load(t, file, nil)
	wrong(t, lines)
	if c.Listen != "127.0.0.1:8080" || c.DebugListen != "127.0.0.1:8081" || c.PassFortSettle != time.Minute {
		t.Errorf("%+v", c.Environment)
	}
	if c.PassFortAPIURL.String() != "https://api.passfort.com/4.0" || c.PassFortCollectionURL.String() != "https://collection.passfort.com" {
		t.Errorf("%s, %s", c.PassFortAPIURL, c.PassFortCollectionURL)
	}
	if !c.Static() || !c.Dynamic() || c.MailFrom != "help@northlight.example" || len(c.TrustedProxies) > 0 {
		t.Errorf("%+v", c.File)
	}
	if diff := cmp.Diff([]string{"request_id", "apikey"}, c.LinkParams); diff != "" {
		t.Error(diff)
	}
	f := c.Flows[0]
	if f.Provider != "passfort" || f.ProductAt != "completion" || f.OnUnclear != "create" || f.Associates || f.TaskVariants != "auto" || f.DirectorAge != 18 {
		t.Errorf("%+v", f)
	}
	if c.PassFortUpdatesPerHour != 9000 || c.PassFortControllersKey != "controlling_shareholders" || c.PassFortUltimatesKey != "global_ultimate_owners" {
		t.Errorf("%+v", c.Environment)
	}
}

func TestLoadReportsAllThatIsWrongAtOnce(t *testing.T) {
	t.Parallel()
	bad := `
loaders = ["static", "dynamic"]
link_params = ["x", "x"]
mail_from = "nobody"
[brand]
name = ""
accent = "teal"
support_email = "help"
privacy_url = "http://northlight.example"
imprint_url = ""
[[flow]]
name = "Individual!"
title = ""
role = "CUSTOMER"
product_at = "start"
on_unclear = "guess"
completion_url = "http://www.example.com"
[[flow]]
name = "a"
title = "A"
role = "COMPANY_CUSTOMER"
flow_template = "t"
theme = "t"
completion_url = "/thanks"
[[flow]]
name = "a"
title = "A"
role = "COMPANY_CUSTOMER"
flow_template = "t"
theme = "t"
completion_url = "https://www.example.com"
[[flow]]
name = "b"
title = "B"
provider = "other"
completion_url = "https://www.example.com"
[[flow]]
name = "c"
title = "C"
provider = "sumsub"
mode = "sdk"
result_mails = "often"
theme = "default"
completion_url = "https://www.example.com"
`
	_, lines := load(t, bad, map[string]string{
		"PORTAL_BASE_URL": "http://www.example.com/onboarding", "PORTAL_DATABASE_URL": "", "PORTAL_COOKIE_KEYS": "short",
		"PORTAL_SEAL_KEYSET": "", "PORTAL_SMTP_URL": "", "PASSFORT_API_KEY": "sandbox-master-key", "PASSFORT_SETTLE": "soon",
		"PORTAL_TRUSTED_PROXIES": "10.0.0.0/8,everybody", "PASSFORT_API_URL": "ftp://api", "PASSFORT_COLLECTION_URL": "collection",
	})
	wrong(t, lines,
		"PORTAL_BASE_URL", "PORTAL_DATABASE_URL", "PORTAL_COOKIE_KEYS", "PORTAL_SEAL_KEYSET", "PORTAL_SMTP_URL", "PASSFORT_API_KEY",
		"PASSFORT_SETTLE", "PORTAL_TRUSTED_PROXIES", "PASSFORT_API_URL", "PASSFORT_COLLECTION_URL",
		"link_params", "mail_from", "brand name", "brand accent", "support_email", "privacy_url", "imprint_url",
		"[[flow]] 1 (Individual!): name", "[[flow]] 1 (Individual!): title", "[[flow]] 1 (Individual!): role",
		"[[flow]] 1 (Individual!): flow_template", "[[flow]] 1 (Individual!): theme", "[[flow]] 1 (Individual!): product_at",
		"[[flow]] 1 (Individual!): on_unclear", "[[flow]] 1 (Individual!): completion_url", "[[flow]] 2 (a): completion_url",
		"[[flow]] 3 (a): the name is taken", "[[flow]] 4 (b): provider", "[[flow]] 4 (b): role", "[[flow]] 5 (c): level", "[[flow]] 5 (c): mode",
		"[[flow]] 5 (c): result_mails", "[[flow]] 5 (c): flow_template, theme", "SUMSUB_APP_TOKEN", "SUMSUB_SECRET_KEY",
	)
}

func TestLoadNamesEverySettingThatIsMissing(t *testing.T) {
	t.Parallel()
	_, lines := load(t, file, map[string]string{
		"PORTAL_BASE_URL": "", "PORTAL_DATABASE_URL": "", "PORTAL_COOKIE_KEYS": "", "PORTAL_SEAL_KEYSET": "", "PORTAL_SMTP_URL": "", "PASSFORT_API_KEY": "",
	})
	wrong(t, lines, "PORTAL_BASE_URL", "PORTAL_DATABASE_URL", "PORTAL_COOKIE_KEYS", "PORTAL_SEAL_KEYSET", "PORTAL_SMTP_URL", "PASSFORT_API_KEY")
}

func TestLoadRefusesOneWrongSetting(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{
		"PORTAL_BASE_URL=slash": "https://www.example.com/onboarding/", "PORTAL_BASE_URL=query": "https://www.example.com/?a=b",
		"PORTAL_BASE_URL=path": "/onboarding", "PORTAL_BASE_URL=user": "https://jo:pw@www.example.com", "PORTAL_BASE_URL=broken": "https://[::1",
		"PORTAL_TRUSTED_PROXIES=address": "10.0.0.1", "PASSFORT_SETTLE=none": "0s", "PASSFORT_SETTLE=negative": "-1s", "PASSFORT_SETTLE=bare": "60",
		"PORTAL_COOKIE_KEYS=second": key + ",short", "PORTAL_COOKIE_KEYS=padded": key + "==", "PORTAL_COOKIE_KEYS=empty": key + ",",
		"PASSFORT_API_URL=scheme": "api.passfort.com/4.0", "PASSFORT_COLLECTION_URL=query": "https://collection.passfort.com?x",
		"PASSFORT_UPDATES_PER_HOUR=none": "0", "PASSFORT_UPDATES_PER_HOUR=negative": "-1", "PASSFORT_UPDATES_PER_HOUR=many": "many",
		"PASSFORT_CONTROLLING_SHAREHOLDERS_KEY=spelling": "Controlling Shareholders",
		"PASSFORT_CONTROLLING_SHAREHOLDERS_KEY=taken":    "beneficial_owners",
		"PASSFORT_GLOBAL_ULTIMATE_OWNERS_KEY=both":       "controlling_shareholders",
		"PORTAL_CONFIG=missing":                          "/nowhere/portal.toml",
	} {
		setting, _, _ := strings.Cut(name, "=")
		_, lines := load(t, file, map[string]string{setting: value})
		if len(lines) != 1 || !strings.HasPrefix(lines[0], setting+":") {
			t.Errorf("%s %q: %q, want one line that begins with it", setting, value, lines)
		}
	}
}

func TestLoadTakesWhatIsRight(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{
		"PORTAL_BASE_URL=host": "https://register.example.com", "PORTAL_BASE_URL=root": "https://register.example.com/",
		"PORTAL_BASE_URL=loopback": "http://127.0.0.1:8080/onboarding", "PORTAL_BASE_URL=localhost": "http://portal.localhost/a/b",
		"PORTAL_TRUSTED_PROXIES": "10.0.0.0/8,fd00::/8", "PORTAL_COOKIE_KEYS": key + ", " + key, "PASSFORT_SETTLE": "1500ms",
		"PASSFORT_CONTROLLING_SHAREHOLDERS_KEY": "controllers_25",
	} {
		setting, _, _ := strings.Cut(name, "=")
		if _, lines := load(t, file, map[string]string{setting: value}); lines != nil {
			t.Errorf("%s %q: %q", setting, value, lines)
		}
	}
}

func TestSecretsComeFromFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env := settings(t, file, nil)
	read := map[string]func(config.Config) config.Secret{
		"PORTAL_DATABASE_URL": func(c config.Config) config.Secret { return c.DatabaseURL },
		"PORTAL_COOKIE_KEYS":  func(c config.Config) config.Secret { return c.CookieKeys },
		"PORTAL_SEAL_KEYSET":  func(c config.Config) config.Secret { return c.SealKeyset },
		"PORTAL_SMTP_URL":     func(c config.Config) config.Secret { return c.SMTPURL },
		"PASSFORT_API_KEY":    func(c config.Config) config.Secret { return c.PassFortAPIKey },
	}
	for name := range read {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(" "+env[name]+"\n\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		c, lines := load(t, file, map[string]string{name: "", name + "_FILE": path})
		wrong(t, lines)
		if got := read[name](c); got.Reveal() != env[name] {
			t.Errorf("%s is %q, want what the file holds", name, got.Reveal())
		}
		if !slices.Contains(config.Names(), name+"_FILE") {
			t.Errorf("%s_FILE is not among the names", name)
		}
		_, lines = load(t, file, map[string]string{name + "_FILE": path})
		wrong(t, lines, name+": "+name+"_FILE is set as well")
		_, lines = load(t, file, map[string]string{name: "", name + "_FILE": filepath.Join(dir, "nothing")})
		wrong(t, lines, name+"_FILE:")
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		_, lines = load(t, file, map[string]string{name: "", name + "_FILE": path})
		wrong(t, lines, name+": required")
	}
}

// companies is a flow whose companies are asked for who is behind them.
const companies = `
[[flow]]
name = "company"
title = "Open a business account"
role = "COMPANY_CUSTOMER"
flow_template = "company-onboarding"
theme = "default"
completion_url = "https://www.example.com/thanks"
associates = true
`

func TestAssociatesAreForCompaniesAndExplicitListsForAProduct(t *testing.T) {
	t.Parallel()
	person := strings.Replace(companies, "COMPANY_CUSTOMER", "INDIVIDUAL_CUSTOMER", 1)
	none := strings.Replace(companies, "associates = true", "", 1)
	for flow, part := range map[string]string{
		companies: "", none: "", none + "director_age = 14\n": "", companies + "director_age = 30\n": "",
		companies + "task_variants = \"explicit\"\nproduct = \"business-account\"\n": "",
		person: "associates: only companies have them",
		companies + "task_variants = \"manual\"\n":                              "task_variants:",
		companies + "task_variants = \"explicit\"\n":                            "task_variants:",
		none + "task_variants = \"explicit\"\nproduct = \"business-account\"\n": "task_variants:",
		companies + "director_age = 13\n":                                       "director_age:",
		companies + "director_age = 31\n":                                       "director_age:",
		companies + "director_age = -1\n":                                       "director_age:",
		companies + "director_age = \"18\"\n":                                   "incompatible types",
	} {
		_, lines := load(t, file+flow, nil)
		if part == "" {
			wrong(t, lines)
		} else if len(lines) != 1 || !strings.Contains(lines[0], part) {
			t.Errorf("%s\n%q, want one line with %s", flow, lines, part)
		}
	}
}

func TestFileRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	for part, toml := range map[string]string{
		"loader":                   "loader = [\"static\"]\n" + file,
		"flow.tittle":              file + "tittle = \"x\"\n",
		"brand.colour":             strings.Replace(file, "[brand]", "[brand]\ncolour = \"x\"", 1),
		"brands":                   file + "[brands]\nname = \"x\"\n",
		"line 2":                   "\nname == \"x\"",
		"one of":                   "loaders = []\n" + file,
		`"statik" is neither`:      "loaders = [\"statik\"]\n" + file,
		"link_params":              "link_params = [\"one\"]\n" + file,
		"[[flow]]: at least one":   file[:strings.Index(file, "[[flow]]")],
		"incompatible types":       "loaders = \"static\"\n" + file,
		"mail_from: required":      strings.Replace(file, `support_email = "help@northlight.example"`, "", 1),
		"mail_from: not an e-mail": "mail_from = \"Northlight\"\n" + file,
	} {
		_, lines := load(t, toml, nil)
		if !strings.Contains(strings.Join(lines, "\n"), part) {
			t.Errorf("%q, want %s named", lines, part)
		}
	}
}

// A misspelt key must not hide what else there is to mend.
func TestUnknownKeysAreReportedWithTheRest(t *testing.T) {
	t.Parallel()
	_, lines := load(t, file+"tittle = \"x\"\n", map[string]string{"PORTAL_DATABASE_URL": "", "PASSFORT_SETTLE": "soon"})
	wrong(t, lines, "flow.tittle", "PORTAL_DATABASE_URL", "PASSFORT_SETTLE")
}

func TestPortalForLinksOnlyNeedsNoSecrets(t *testing.T) {
	t.Parallel()
	toml := "loaders = [\"static\"]\n" + file[:strings.Index(file, "[[flow]]")]
	c, lines := load(t, toml, map[string]string{
		"PORTAL_DATABASE_URL": "", "PORTAL_COOKIE_KEYS": "", "PORTAL_SEAL_KEYSET": "", "PORTAL_SMTP_URL": "", "PASSFORT_API_KEY": "",
	})
	wrong(t, lines)
	if c.Dynamic() || !c.Static() {
		t.Errorf("loaders %v", c.Loaders)
	}
	_, lines = load(t, toml, map[string]string{"PORTAL_BASE_URL": "", "PASSFORT_COLLECTION_URL": "none"})
	wrong(t, lines, "PORTAL_BASE_URL", "PASSFORT_COLLECTION_URL")
}

// Pages of request e-mails wear the brands of flows, whose files have the flow's name.
func TestPortalForLinksOnlyWantsFlowNamesThatFilesCanHave(t *testing.T) {
	t.Parallel()
	flows := file[strings.Index(file, "[[flow]]"):]
	toml := "loaders = [\"static\"]\n" + strings.Replace(file, `"individual"`, `"for all"`, 1) + flows + flows
	_, lines := load(t, toml, nil)
	wrong(t, lines, "[[flow]] 1 (for all): name", "[[flow]] 3 (individual): the name is taken")
}

func TestDemoSecretsStayOnTheMachine(t *testing.T) {
	t.Parallel()
	_, lines := load(t, file, map[string]string{"PASSFORT_API_KEY": "sandbox-master-key"})
	wrong(t, lines, "PASSFORT_API_KEY: is the demo's")
	for _, base := range []string{"http://127.0.0.1:8080/onboarding", "http://localhost:8080", "http://[::1]:8080", "http://portal.localhost"} {
		_, lines := load(t, file, map[string]string{"PASSFORT_API_KEY": "sandbox-master-key", "PORTAL_BASE_URL": base})
		wrong(t, lines)
	}
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	t.Parallel()
	c, lines := load(t, file, nil)
	wrong(t, lines)
	var out strings.Builder
	for _, verb := range strings.Split("%v %+v %#v %s %q %x %X %d", " ") {
		fmt.Fprintf(&out, verb+"\n"+verb+"\n", c, c.Environment)
	}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("settings", slog.Any("config", c.Environment), slog.Any("one", c.SMTPURL))
	slog.New(slog.NewTextHandler(&out, nil)).Info("settings", slog.Any("config", c.Environment), slog.Any("one", c.SMTPURL))
	text, err := json.Marshal(c.Environment)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(text)
	for _, secret := range []string{"pa55word", "k3y", key} {
		for _, form := range []string{secret, fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret), fmt.Sprint([]byte(secret))} {
			if strings.Contains(out.String(), form) {
				t.Errorf("%s is printed:\n%s", secret, out.String())
			}
		}
	}
	if got := fmt.Sprint(c.SMTPURL, config.Secret("")); got != "set unset" && got != "setunset" {
		t.Errorf("secrets print as %q", got)
	}
}

// Whatever is wrong with a secret, the error must not repeat it.
func TestErrorsRepeatNoSecret(t *testing.T) {
	t.Parallel()
	_, lines := load(t, file, map[string]string{
		"PORTAL_COOKIE_KEYS": "t0psecret", "PORTAL_DATABASE_URL": "t0psecret", "PORTAL_SEAL_KEYSET": "t0psecret", "PORTAL_SMTP_URL": "t0psecret\x7f",
		"PORTAL_BASE_URL": "https://jo:t0psecret@www.example.com/\x7f", "PASSFORT_API_URL": "https://jo:t0psecret@api.passfort.com",
		"PASSFORT_COLLECTION_URL": "https://jo:t0psecret",
	})
	if len(lines) < 4 || strings.Contains(strings.Join(lines, "\n"), "t0psecret") {
		t.Errorf("got\n%s", strings.Join(lines, "\n"))
	}
}

func TestEnvironReadsAPartOfTheSettings(t *testing.T) {
	t.Parallel()
	e, err := config.Environ(func(name string) string {
		return map[string]string{"PORTAL_DATABASE_URL": "postgres://db"}[name]
	})
	if err != nil || e.DatabaseURL.Reveal() != "postgres://db" || e.BaseURL != nil {
		t.Errorf("%v, %v", e, err)
	}
	keys, err := config.Environment{CookieKeys: config.Secret(key + "," + key)}.CookieKeyBytes()
	if err != nil || len(keys) != 2 || string(keys[0]) != strings.Repeat("k", config.CookieKeySize) {
		t.Errorf("%d keys, %v", len(keys), err)
	}
}

// The demo's own file is the example that companies start from.
func TestDemosFileIsRight(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../portal.toml")
	if err != nil {
		t.Fatal(err)
	}
	c, lines := load(t, string(text), map[string]string{
		"PORTAL_BASE_URL": "http://127.0.0.1:8080/onboarding", "SUMSUB_APP_TOKEN": "sbx:sandbox-app-token", "SUMSUB_SECRET_KEY": "sandbox-secret-key",
	})
	wrong(t, lines)
	var names []string
	for _, f := range c.Flows {
		names = append(names, f.Name)
	}
	if !slices.Contains(names, "individual") || !slices.Contains(names, "company") {
		t.Errorf("flows %v", names)
	}
}

// What the README says of a flow's defaults, by its struct, is what flows get.
func TestFlowsHaveTheDefaultsThatTheReadmeNames(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "portal.toml")
	if err := os.WriteFile(path, []byte("[[flow]]\nname = \"one\"\n[[flow]]\nname = \"two\"\nprovider = \"sumsub\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, _ := config.Load(func(name string) string { return map[string]string{"PORTAL_CONFIG": path}[name] }) // which lacks much else
	if len(c.Flows) != 2 {
		t.Fatalf("%d flows", len(c.Flows))
	}
	for field, first := range reflect.ValueOf(c.Flows[0]).Fields() {
		want := field.Tag.Get("default")
		if first, second := fmt.Sprint(first), fmt.Sprint(reflect.ValueOf(c.Flows[1]).FieldByIndex(field.Index)); want != "" && want != first && want != second {
			t.Errorf("%s: %q and %q, want %q", field.Name, first, second, want)
		}
	}
}
