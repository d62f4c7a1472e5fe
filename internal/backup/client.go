package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// endWithin is how long a program may take to end that was told to.
const endWithin = 5 * time.Second

// execute runs one of Postgres's programs on a database. Where that is, and by which password, the program is told by its
// environment: what it is called with is seen by everybody on the machine.
func execute(ctx context.Context, address, program string, args ...string) error {
	at, err := environ(address)
	if err != nil {
		return err
	}
	path, err := exec.LookPath(program)
	if err != nil {
		return fmt.Errorf("%s: not on this machine's PATH: install Postgres's client programs, of the server's version or newer", program)
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(inherited(), at...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = endWithin
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", program, errors.Join(ctx.Err(), err, lastWords(said.String())))
	}
	return nil
}

// inherited is what programs may know of the portal's own environment: where things are, and nothing secret of the portal's.
func inherited() (env []string) {
	for _, setting := range os.Environ() {
		name, _, _ := strings.Cut(setting, "=")
		switch {
		case name == "PATH", name == "HOME", name == "LANG", name == "TZ", name == "TMPDIR", strings.HasPrefix(name, "LC_"), strings.HasPrefix(name, "PG"):
			env = append(env, setting)
		}
	}
	return env
}

// most is how much of what a program complains of is repeated.
const most = 2000

func lastWords(said string) error {
	said = strings.TrimSpace(said)
	if said == "" {
		return nil
	}
	return errors.New(said[max(0, len(said)-most):])
}

// parameters are those of a URL that Postgres's programs know, and the variables that set them.
var parameters = map[string]string{
	"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE", "database": "PGDATABASE",
	"passfile": "PGPASSFILE", "service": "PGSERVICE", "servicefile": "PGSERVICEFILE", "options": "PGOPTIONS",
	"connect_timeout": "PGCONNECT_TIMEOUT", "target_session_attrs": "PGTARGETSESSIONATTRS", "channel_binding": "PGCHANNELBINDING",
	"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY", "sslsni": "PGSSLSNI",
	"ssl_min_protocol_version": "PGSSLMINPROTOCOLVERSION", "ssl_max_protocol_version": "PGSSLMAXPROTOCOLVERSION",
	"krbsrvname": "PGKRBSRVNAME",
}

// environ is a URL as the variables that Postgres's programs read. What they do not know, such as the size of a pool, is left
// out.
func environ(address string) ([]string, error) {
	u, err := split(address)
	if err != nil {
		return nil, err
	}
	var env []string
	set := func(name, value string) {
		if value != "" {
			env = append(env, parameters[name]+"="+value)
		}
	}
	hosts, ports := hostsOf(u.Host)
	password, _ := u.User.Password()
	set("host", hosts)
	set("port", ports)
	set("user", u.User.Username())
	set("password", password)
	set("dbname", strings.TrimPrefix(u.Path, "/"))
	for name, values := range u.Query() {
		if parameters[name] != "" {
			set(name, values[0]) // the last of an environment counts, as a parameter does
		}
	}
	return env, nil
}

// split takes a URL apart, of which there may be several hosts: a list that a URL of the web's cannot have.
func split(address string) (*url.URL, error) {
	scheme, rest, _ := strings.Cut(address, "://")
	end := strings.IndexAny(rest+"/", "/?#")
	begin := strings.LastIndex(rest[:end], "@") + 1
	u, err := url.Parse(scheme + "://" + rest[:begin] + rest[end:])
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return nil, errors.New("not a URL such as postgres://user@host/database") // the other error repeats the text
	}
	u.Host = rest[begin:end]
	return u, nil
}

// hostsOf are the hosts of a URL, and the port of each, as lists.
func hostsOf(list string) (hosts, ports string) {
	if list == "" {
		return "", ""
	}
	var names, numbers []string
	for one := range strings.SplitSeq(list, ",") {
		name, number, err := net.SplitHostPort(one)
		if err != nil {
			name, number = strings.Trim(one, "[]"), ""
		}
		names, numbers = append(names, name), append(numbers, number)
	}
	if ports = strings.Join(numbers, ","); strings.Trim(ports, ",") == "" {
		ports = "" // the usual one of each
	}
	return strings.Join(names, ","), ports
}
