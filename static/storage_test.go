package static

import (
	"strings"
	"testing"
)

// What a script keeps in a browser outlasts the session, and whoever uses the browser next has it.
func TestScriptsKeepNothingInBrowsers(t *testing.T) {
	t.Parallel()
	scripts := 0
	for u, a := range New(nil).assets {
		if !strings.HasSuffix(u, ".js") {
			continue
		}
		scripts++
		plain, _ := a.body.For(nil)
		for _, storage := range []string{"localStorage", "sessionStorage", "indexedDB", "caches.", "document.cookie", "serviceWorker", "showSaveFilePicker"} {
			if strings.Contains(string(plain), storage) {
				t.Errorf("%s uses %s", u, storage)
			}
		}
	}
	if scripts == 0 {
		t.Error("there are no scripts")
	}
}
