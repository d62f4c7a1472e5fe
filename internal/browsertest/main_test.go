package browsertest_test

import (
	"os"
	"testing"

	"portal/internal/browsertest"
)

// TestMain ends the tests' browsers.
func TestMain(m *testing.M) { os.Exit(browsertest.Run(m)) }
