package config

import (
	"errors"
	"slices"
)

// The demo's secrets of Sumsub, which everybody knows.
const (
	demoSumsubToken  Secret = "sbx:sandbox-app-token"
	demoSumsubSecret Secret = "sandbox-secret-key"
)

// leastUploads is the least memory for uploads, in MiB: the greatest file that is taken must fit.
const leastUploads = 52

// Uses says whether a flow is of that provider.
func (f File) Uses(provider string) bool {
	return slices.ContainsFunc(f.Flows, func(flow Flow) bool { return flow.Provider == provider })
}

// checkSumsub checks what flows of Sumsub need.
func (c Config) checkSumsub() error {
	if !c.Uses("sumsub") {
		return nil
	}
	var wrong []error
	for _, s := range []struct {
		name, hint  string
		value, demo Secret
	}{
		{"SUMSUB_APP_TOKEN", "the app token of Sumsub's dashboard", c.SumsubAppToken, demoSumsubToken},
		{"SUMSUB_SECRET_KEY", "the secret key that was shown with the app token", c.SumsubSecretKey, demoSumsubSecret},
	} {
		switch {
		case s.value == "":
			wrong = append(wrong, wrongly(s.name, "required (%s)", s.hint))
		case s.value == s.demo && c.BaseURL != nil && !Loopback(c.BaseURL):
			wrong = append(wrong, wrongly(s.name, "is the demo's, which everybody knows: set your own"))
		}
	}
	wrong = append(wrong,
		web("SUMSUB_API_URL", c.SumsubAPIURL), c.clear("SUMSUB_API_URL", c.SumsubAPIURL),
		web("SUMSUB_WEBSDK_URL", c.SumsubSDKURL), c.clear("SUMSUB_WEBSDK_URL", c.SumsubSDKURL),
		web("SUMSUB_WEBSDK_SCRIPT_URL", c.SumsubSDKScriptURL), c.clear("SUMSUB_WEBSDK_SCRIPT_URL", c.SumsubSDKScriptURL))
	if u := c.SumsubSDKURL; u != nil && u.Path != "" && u.Path != "/" {
		wrong = append(wrong, wrongly("SUMSUB_WEBSDK_URL", "must be an origin, without a path"))
	}
	if c.SumsubSettle <= 0 {
		wrong = append(wrong, wrongly("SUMSUB_SETTLE", "must be above zero"))
	}
	if c.UploadMemory < leastUploads {
		wrong = append(wrong, wrongly("PORTAL_UPLOAD_MEMORY", "must be %d MiB or more: the greatest file must fit", leastUploads))
	}
	return errors.Join(wrong...)
}
