package websdk_test

import (
	"fmt"
	"os"
	"sync"
	"testing"

	"portal/internal/browsertest"
)

// everyone stands for all tests of the package together, which share one browser: starting one takes longer than most
// of them. Pages are like different browsers all the same.
type everyone struct {
	testing.TB // none: what is needed of it is below
	cleanups   []func()
}

func (e *everyone) Helper() {}

func (e *everyone) Cleanup(f func()) { e.cleanups = append(e.cleanups, f) }

func (e *everyone) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

var all everyone

var chromium = sync.OnceValue(func() *browsertest.Browser { return browsertest.New(&all) })

func TestMain(m *testing.M) {
	code := m.Run()
	for _, clean := range all.cleanups {
		clean()
	}
	os.Exit(code)
}
