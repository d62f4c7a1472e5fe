package process

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// Metrics are values that a program publishes, by the name of the series.
type Metrics map[string]float64

// ReadMetrics reads what a program publishes on its debug listener.
func ReadMetrics(ctx context.Context, debug string) (Metrics, error) {
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+debug+"/metrics", nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, fmt.Errorf("reading metrics: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("reading metrics: %s", resp.Status)
	}
	return parseMetrics(resp.Body)
}

// parseMetrics reads the text format: a series and its value a line.
func parseMetrics(text io.Reader) (Metrics, error) {
	m, lines := Metrics{}, bufio.NewScanner(text)
	for lines.Scan() {
		line := lines.Text()
		at := strings.LastIndexByte(line, ' ')
		if strings.HasPrefix(line, "#") || at < 0 {
			continue
		}
		value, err := strconv.ParseFloat(line[at+1:], 64)
		if err != nil {
			return nil, fmt.Errorf("metric %q: %w", line[:at], err)
		}
		m[line[:at]] = value
	}
	return m, lines.Err()
}

// Allocations is how many objects the program has allocated so far.
func (m Metrics) Allocations() float64 { return m["go_memstats_mallocs_total"] }

// Allocated is how many bytes it has allocated so far.
func (m Metrics) Allocated() float64 { return m["go_memstats_alloc_bytes_total"] }
