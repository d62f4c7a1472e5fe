package torture

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// meter counts what goes over the wire to the provider.
type meter struct {
	to http.Handler

	mu       sync.Mutex
	calls    map[string]int // by method, address and status
	outcomes map[string]int // of the portal's own, by call and outcome
	question int64          // the greatest body, in bytes
	answer   int64
}

func newMeter() *meter { return &meter{calls: map[string]int{}, outcomes: map[string]int{}} }

var anyID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)

// ServeHTTP passes a call on and counts it.
func (m *meter) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w := &metered{ResponseWriter: rw, status: http.StatusOK}
	m.to.ServeHTTP(w, r)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls[fmt.Sprintf("%s %s %d", r.Method, anyID.ReplaceAllString(r.URL.Path, "{id}"), w.status)]++
	m.question, m.answer = max(m.question, r.ContentLength), max(m.answer, w.written)
}

// observe is told of the portal's calls.
func (m *meter) observe(call, outcome string, _ time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.outcomes[call+" "+outcome]++
}

// refused is how often the provider's limit was reached.
func (m *meter) refused() (n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for call, times := range m.calls {
		if strings.HasSuffix(call, " 429") {
			n += times
		}
	}
	return n
}

func (m *meter) outcome(name string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.outcomes[name]
}

// String is what was counted, in a line.
func (m *meter) String() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var parts []string
	for _, call := range slices.Sorted(maps.Keys(m.outcomes)) {
		parts = append(parts, fmt.Sprintf("%s %d times", call, m.outcomes[call]))
	}
	return fmt.Sprintf("%s; the greatest request %d bytes, the greatest answer %d", strings.Join(parts, ", "), m.question, m.answer)
}

// metered counts an answer's bytes.
type metered struct {
	http.ResponseWriter
	status  int
	written int64
}

// WriteHeader notes the status.
func (w *metered) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Write counts.
func (w *metered) Write(text []byte) (int, error) {
	n, err := w.ResponseWriter.Write(text)
	w.written += int64(n)
	return n, err
}
