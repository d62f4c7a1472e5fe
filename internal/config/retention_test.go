package config

import "testing"

func TestRetentionIsForEverOrLongEnoughToComeBack(t *testing.T) {
	t.Parallel()
	for retention, good := range map[string]bool{"0": true, "0s": true, "720h": true, "719h": false, "-1h": false} {
		e, err := Environ(func(name string) string { return map[string]string{"PORTAL_REGISTRATION_RETENTION": retention}[name] })
		if err != nil {
			t.Fatal(err)
		}
		if err := (Config{Environment: e}).checkRetention(); (err == nil) != good {
			t.Errorf("%s: %v", retention, err)
		}
	}
}
