package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// egress are the packages (or files) of the portal that connect to something, and the settings that say to what. The documentation
// lists the same settings.
var egress = map[string][]string{
	"internal/postgres": {"PORTAL_DATABASE_URL", "PORTAL_DATABASE_DIRECT_URL"},
	"internal/backup":   {"PORTAL_DATABASE_URL"},
	"internal/passfort": {"PASSFORT_API_URL", "PASSFORT_COLLECTION_URL", "PASSFORT_WEBHOOK_FORWARD_URL"},
	"internal/sumsub":   {"SUMSUB_API_URL"},
	"internal/oidc":     {"[[oidc]]"},
	"internal/mail":     {"PORTAL_SMTP_URL"},
	"internal/delivery": {"PORTAL_NOTICES_URL"},

	"internal/doctor":              {"PORTAL_BASE_URL"}, // besides, it looks up the sender's domain
	"cmd/portal/doctor_outside.go": {"PORTAL_BASE_URL"},
	"cmd/portal/health.go":         {"PORTAL_DEBUG_LISTEN"},
}

// connecting are what of a library connects, starts what may connect, or looks up names. Of a "*" everything does.
var connecting = map[string][]string{
	"net": {
		"Dial", "DialTimeout", "DialTCP", "DialUDP", "DialIP", "DialUnix", "Dialer", "Resolver", "DefaultResolver", "LookupHost", "LookupIP",
		"LookupAddr", "LookupCNAME", "LookupMX", "LookupNS", "LookupPort", "LookupSRV", "LookupTXT", "ResolveIPAddr", "ResolveTCPAddr", "ResolveUDPAddr",
	},
	"net/http":                        {"Get", "Head", "Post", "PostForm", "Client", "DefaultClient", "Transport", "DefaultTransport"},
	"crypto/tls":                      {"Dial", "DialWithDialer", "Dialer"},
	"net/smtp":                        {"*"},
	"net/rpc":                         {"*"},
	"log/syslog":                      {"*"},
	"os/exec":                         {"*"},
	"syscall":                         {"Socket", "Connect", "ForkExec", "Exec", "StartProcess"},
	"golang.org/x/sys/unix":           {"*"},
	"github.com/jackc/pgx/v5":         {"Connect", "ConnectConfig", "ConnectWithOptions"},
	"github.com/jackc/pgx/v5/pgconn":  {"Connect", "ConnectConfig", "ConnectWithOptions"},
	"github.com/jackc/pgx/v5/pgxpool": {"New", "NewWithConfig"},
	"database/sql":                    {"Open"},
	"github.com/wneessen/go-mail":     {"NewClient", "QuickSend"},
}

// Whoever runs the portal allows it what the list of the documentation says, and nothing else.
func TestOnlyKnownPlacesConnect(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	for _, pkg := range linked(t) {
		for _, place := range connections(t, pkg) {
			file, _, _ := strings.Cut(place, ":")
			if found[pkg], found[file] = true, true; egress[pkg] == nil && egress[file] == nil {
				t.Errorf("%s: only packages of the list in internal/archtest/egress_test.go connect, each to where a setting says", place)
			}
		}
	}
	for known := range egress {
		if _, err := os.Stat(filepath.Join(root, known)); err == nil && !found[known] {
			t.Errorf("%s connects to nothing: take it out of the list", known)
		}
	}
}

func TestEverySettingOfAConnectionIsDocumented(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "docs", "security.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## What the portal talks to\n")
	section, _, _ = strings.Cut(section, "\n## ")
	for pkg, settings := range egress {
		for _, setting := range settings {
			if !strings.Contains(section, "`"+setting+"`") {
				t.Errorf("docs/security.md does not say that %s connects to where %s says", pkg, setting)
			}
		}
	}
}

// linked are the packages of ours that the portal is made of.
func linked(t *testing.T) (packages []string) {
	t.Helper()
	list := exec.Command("go", "list", "-deps", "./cmd/portal")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for _, one := range strings.Fields(string(out)) {
		if room, ok := strings.CutPrefix(one, ours); ok {
			packages = append(packages, room)
		}
	}
	return packages
}

// connections are the places of a package at which something of a library is used that connects.
func connections(t *testing.T, pkg string) (places []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, pkg, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		libraries := connectingImports(t, parsed)
		ast.Inspect(parsed, func(n ast.Node) bool {
			if selector, ok := n.(*ast.SelectorExpr); ok {
				if name, ok := selector.X.(*ast.Ident); ok && connects(libraries[name.Name], selector.Sel.Name) {
					places = append(places, pkg+"/"+filepath.Base(set.Position(n.Pos()).String())+" uses "+name.Name+"."+selector.Sel.Name)
				}
			}
			return true
		})
	}
	return places
}

// connectingImports are the libraries of a file that connect, by the names that it has for them.
func connectingImports(t *testing.T, file *ast.File) map[string]string {
	t.Helper()
	names := map[string]string{}
	for _, spec := range file.Imports {
		library, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if connecting[library] == nil {
			continue
		}
		name := path.Base(strings.TrimSuffix(library, "/v5"))
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if name == "." {
			t.Errorf("%s is imported with a dot, so that nobody sees what connects", library)
		}
		names[name] = library
	}
	return names
}

func connects(library, name string) bool {
	return slices.Contains(connecting[library], name) || slices.Contains(connecting[library], "*")
}
