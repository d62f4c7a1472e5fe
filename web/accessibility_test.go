package web_test

import (
	"net/http"
	"testing"

	"portal/templates"
)

func TestAccessibilitySaysWhatWasTestedAndWhomToTell(t *testing.T) {
	t.Parallel()
	test, err := templates.LastAccessibilityTest()
	if err != nil {
		t.Fatal(err)
	}
	nobody := newWorld(t, wanted{}).browser()
	page := nobody.get("/accessibility").shows(http.StatusOK, "accessibility.title", "accessibility.limit_provider")
	page.says(test.Tool, test.Version).ordinary()
}
