package localpg

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// Debian and its descendants keep the server out of PATH, one directory a version.
const packaged = "/usr/lib/postgresql/*/bin"

var errNoPostgres = errors.New("no Postgres server on this machine: `make deps` installs it on Debian and Ubuntu " +
	"(package postgresql); elsewhere install Postgres 15 or newer and put initdb and pg_ctl on the PATH")

// binaries is the directory of the newest Postgres of this machine.
func binaries() (string, error) {
	dirs, err := filepath.Glob(packaged)
	if err != nil {
		return "", err
	}
	slices.SortFunc(dirs, func(a, b string) int { return version(b) - version(a) })
	for _, dir := range dirs {
		if _, err := os.Stat(filepath.Join(dir, "initdb")); err == nil {
			return dir, nil
		}
	}
	return onPath()
}

func version(bin string) int {
	n, err := strconv.Atoi(filepath.Base(filepath.Dir(bin)))
	if err != nil {
		return 0
	}
	return n
}

func onPath() (string, error) {
	initdb, err := exec.LookPath("initdb")
	if err != nil {
		return "", errNoPostgres
	}
	real, err := filepath.EvalSymlinks(initdb)
	if err != nil {
		return "", fmt.Errorf("finding postgres: %w", err)
	}
	return filepath.Dir(real), nil
}

// memory is where Linux keeps files in memory. Cloning a database there takes a tenth of the time it takes on a disk.
const memory = "/dev/shm"

// roomy is the free memory below which a cluster goes to the disk. Containers often have 64 MB of it.
const roomy = 1 << 30

// disk is where files outlive a restart of the machine, and so are on a disk; /tmp is in memory on many machines.
const disk = "/var/tmp"

// parent is the directory in which the cluster lives.
func (c *Cluster) parent() string {
	if c.durable {
		return disk
	}
	var s syscall.Statfs_t
	if err := syscall.Statfs(memory, &s); err != nil || uint64(s.Bavail)*uint64(s.Bsize) < roomy {
		return os.TempDir()
	}
	return memory
}

// credential is the user who runs the server; nil stands for ourselves.
type credential struct{ uid, gid uint32 }

// serverUser is the user `postgres` when we are root, whom Postgres refuses to serve.
func serverUser() (*credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("postgres does not run as root and there is no user to run it as: %w", err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("user postgres: %w", err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("user postgres: %w", err)
	}
	return &credential{uid: uint32(uid), gid: uint32(gid)}, nil
}

func (c *credential) own(paths ...string) error {
	if c == nil {
		return nil
	}
	var wrong []error
	for _, path := range paths {
		wrong = append(wrong, os.Chown(path, int(c.uid), int(c.gid)))
	}
	return errors.Join(wrong...)
}

func (c *credential) attributes() *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Setpgid: true}
	if c != nil {
		a.Credential = &syscall.Credential{Uid: c.uid, Gid: c.gid}
	}
	return a
}
