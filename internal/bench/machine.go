package bench

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

// Machine is where a table was made: a figure from a busy machine says little.
type Machine struct {
	load string // average at the beginning
}

// LookAtMachine looks at how busy the machine is before anything is measured.
func LookAtMachine() Machine { return Machine{load: loadAverage()} }

// Foot is what stands below the table.
func (m Machine) Foot(length time.Duration) string {
	return m.Line() + fmt.Sprintf("Each load %v over %d connections, from this machine; requests/s at saturation, the rest at half of that.\n", length, connections)
}

// Line says what machine it is, and how busy it has been.
func (m Machine) Line() string {
	return fmt.Sprintf("%s, %d cores, %s %s/%s; load average at the beginning %s, at the end %s.\n",
		processor(), runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH, m.load, loadAverage())
}

// processor is the model of the processor.
func processor() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if _, after, ok := strings.Cut(string(text), "model name"); err == nil && ok {
		line, _, _ := strings.Cut(after, "\n")
		return strings.TrimLeft(line, "\t :")
	}
	return "unknown processor"
}

// loadAverage is that of the last one, five and fifteen minutes.
func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if fields := strings.Fields(string(text)); err == nil && len(fields) >= 3 {
		return strings.Join(fields[:3], " ")
	}
	return "not known"
}
