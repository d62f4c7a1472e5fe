package web_test

import (
	"flag"
	"os"
	"testing"

	"portal/internal/browsertest"
)

// TestMain lets more tests run at once than there are processors: they mostly wait for each other's servers.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	os.Exit(browsertest.Run(m))
}
