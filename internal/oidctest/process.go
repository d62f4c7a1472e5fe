package oidctest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// program runs the providers, relative to the module's root. See there for the orders it takes.
const program = "tools/npm/openid.mjs"

// node is the one process of a test binary in which all its providers run. It starts when the first is wanted, and ends
// when the test binary does, since its input ends then.
var node process

type process struct {
	mu      sync.Mutex
	started bool
	trouble error
	orders  io.Writer
	answers *bufio.Reader
	log     journal
}

// order asks for a provider, or for the end of one.
type order struct {
	Issuer   string            `json:"issuer,omitempty"`
	Tag      string            `json:"tag,omitempty"`
	Keys     []orderedKey      `json:"keys,omitempty"`
	Clients  []map[string]any  `json:"clients,omitempty"`
	Accounts map[string]Claims `json:"accounts,omitempty"`
	InID     bool              `json:"claims_in_id_token,omitempty"`
	Close    string            `json:"close,omitempty"`
}

type orderedKey struct {
	ID  string `json:"id"`
	PEM string `json:"pem"`
}

type answer struct {
	Address string `json:"address"`
	Error   string `json:"error"`
}

func (n *process) open(o order) (address string, err error) {
	a, err := n.tell(o)
	return a.Address, err
}

func (n *process) close(t testing.TB, address string) {
	if _, err := n.tell(order{Close: address}); err != nil {
		t.Errorf("oidctest: %v", err)
	}
}

// complaints are the lines that the process has written about an issuer, or about nobody in particular.
func (n *process) complaints(issuer string) string {
	var about []string
	for line := range strings.Lines(n.log.String()) {
		if !strings.HasPrefix(line, "http") || strings.HasPrefix(line, issuer+" ") {
			about = append(about, line)
		}
	}
	return strings.Join(about, "")
}

// tell gives an order and waits for its answer.
func (n *process) tell(o order) (answer, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.started {
		n.started, n.trouble = true, n.start()
	}
	if n.trouble != nil {
		return answer{}, n.trouble
	}
	if err := json.NewEncoder(n.orders).Encode(o); err != nil {
		return answer{}, fmt.Errorf("%s has ended: %w\n%s", program, err, n.log.String())
	}
	line, err := n.answers.ReadBytes('\n')
	if err != nil {
		return answer{}, fmt.Errorf("%s has ended: %w\n%s", program, err, n.log.String())
	}
	var a answer
	if err := json.Unmarshal(line, &a); err != nil {
		return answer{}, fmt.Errorf("%s answers %q", program, line)
	}
	if a.Error != "" {
		return answer{}, errors.New(a.Error)
	}
	return a, nil
}

func (n *process) start() error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	path, err := exec.LookPath("node")
	if err != nil {
		return errors.New("no Node on this machine: `make deps` installs it on Debian and Ubuntu (packages nodejs, npm); " +
			"elsewhere install Node 18 or newer with npm, then run `make deps`")
	}
	if _, err := os.Stat(filepath.Join(root, "tools/npm/node_modules/oidc-provider")); err != nil {
		return errors.New("the tests' npm packages are missing: run `make deps`")
	}
	cmd := exec.Command(path, filepath.Join(root, program))
	cmd.Stderr = &n.log
	if n.orders, err = cmd.StdinPipe(); err != nil {
		return err
	}
	answers, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	n.answers = bufio.NewReader(answers)
	return cmd.Start()
}

// moduleRoot is the folder of go.mod: tests run in their package's folder, somewhere below.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("no go.mod above the test's folder")
		}
	}
}

// journal keeps what the process complains of.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}
