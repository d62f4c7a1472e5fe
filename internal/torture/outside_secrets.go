package torture

import (
	"bytes"
	crand "crypto/rand"
	"fmt"
	"os"
	"regexp"
	"sync"
)

// secrets are what must stand in no log, and what each is.
type secrets struct {
	mu   sync.Mutex
	what map[string]string
}

func newSecrets() *secrets { return &secrets{what: map[string]string{}} }

// add keeps secrets in mind.
func (s *secrets) add(what string, values ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, value := range values {
		if value != "" {
			s.what[value] = what
		}
	}
}

// made is a new secret.
func (s *secrets) made(what string) string {
	value := crand.Text()
	s.add(what, value)
	return value
}

// leaks says what is in a file that should not be, without repeating it.
func (s *secrets) leaks(path string) (wrong []string, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading a log: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for value, what := range s.what {
		if stands(text, value) {
			wrong = append(wrong, fmt.Sprintf("a secret stands in %s: %s", path, what))
		}
	}
	if bytes.Contains(text, []byte(`"msg":"panic"`)) || bytes.Contains(text, []byte("\ngoroutine ")) {
		wrong = append(wrong, "there is a panic in "+path)
	}
	return wrong, nil
}

// stands says whether a log has a value in it. A short one must stand alone: six digits are part of many a number.
func stands(log []byte, value string) bool {
	if len(value) > 8 {
		return bytes.Contains(log, []byte(value))
	}
	return regexp.MustCompile(`\b` + regexp.QuoteMeta(value) + `\b`).Match(log)
}
