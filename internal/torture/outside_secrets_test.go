package torture

import (
	"os"
	"path/filepath"
	"testing"
)

func TestSecretsInLogsAreFound(t *testing.T) {
	t.Parallel()
	known := newSecrets()
	made := known.made("master key")
	known.add("sign-in code", "123456", "")
	for name, c := range map[string]struct {
		log  string
		want int
	}{
		"a good log":               {`{"msg":"request","ms":1234567,"id":"x123456x"}`, 0},
		"a long secret":            {`{"msg":"called with ` + made + `"}`, 1},
		"a code":                   {`{"msg":"code 123456 sent"}`, 1},
		"both":                     {made + " 123456", 2},
		"a panic that was handled": {`{"level":"ERROR","msg":"panic"}`, 1},
		"a panic that was not":     {"panic: oh\n\ngoroutine 1 [running]:", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "log")
			if err := os.WriteFile(path, []byte(c.log), 0o600); err != nil {
				t.Fatal(err)
			}
			wrong, err := known.leaks(path)
			if err != nil || len(wrong) != c.want {
				t.Errorf("found %q (%v), want %d", wrong, err, c.want)
			}
		})
	}
}
