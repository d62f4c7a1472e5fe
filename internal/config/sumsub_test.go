package config_test

import (
	"strings"
	"testing"
)

const documentsFlow = `
[[flow]]
name = "documents"
title = "Verify your identity"
provider = "sumsub"
level = "id-and-selfie"
completion_url = "https://www.example.com/thanks"
`

// onlySumsub is a file without a flow of PassFort's.
var onlySumsub = file[:strings.Index(file, "[[flow]]")] + documentsFlow

var sumsubSettings = map[string]string{"SUMSUB_APP_TOKEN": "prd:a.b", "SUMSUB_SECRET_KEY": "secret"}

// with is a map with more in it.
func with(m map[string]string, name, value string) map[string]string {
	all := map[string]string{name: value}
	for k, v := range m {
		if k != name {
			all[k] = v
		}
	}
	return all
}

func TestSumsubsFlowsHaveDefaults(t *testing.T) {
	t.Parallel()
	c, lines := load(t, onlySumsub, with(sumsubSettings, "PASSFORT_API_KEY", ""))
	wrong(t, lines)
	f := c.Flows[0]
	if f.Mode != "api" || f.ResultMails != "changes" || f.Role != "INDIVIDUAL_CUSTOMER" || c.SumsubAPIURL.String() != "https://api.sumsub.com" || c.UploadMemory != 96 {
		t.Errorf("%+v", f)
	}
}

func TestSumsubsSettingsAreWantedWhereAFlowIsOfIt(t *testing.T) {
	t.Parallel()
	_, lines := load(t, onlySumsub, nil)
	wrong(t, lines, "SUMSUB_APP_TOKEN", "SUMSUB_SECRET_KEY")
	_, lines = load(t, file, nil)
	wrong(t, lines)
	for setting, value := range map[string]string{
		"SUMSUB_APP_TOKEN": "sbx:sandbox-app-token", "SUMSUB_SECRET_KEY": "sandbox-secret-key", "SUMSUB_API_URL": "http://api.sumsub.com",
		"SUMSUB_WEBSDK_URL": "https://in.sumsub.com/websdk", "SUMSUB_WEBSDK_SCRIPT_URL": "ftp://static", "SUMSUB_SETTLE": "0s", "PORTAL_UPLOAD_MEMORY": "51",
	} {
		_, lines := load(t, onlySumsub, with(with(sumsubSettings, "PORTAL_BASE_URL", "https://www.example.com/onboarding"), setting, value))
		wrong(t, lines, setting)
	}
}

func TestAFlowNamesOnlyWhatItsProviderHas(t *testing.T) {
	t.Parallel()
	for more, want := range map[string]string{
		"theme = \"default\"\n": "only of flows with provider = \"passfort\"", "associates = true\n": "only of flows with provider = \"passfort\"",
		"mode = \"sdk\"\n": "mode:", "result_mails = \"often\"\n": "result_mails:", "role = \"CUSTOMER\"\n": "role:",
	} {
		_, lines := load(t, onlySumsub+more, sumsubSettings)
		wrong(t, lines, want)
	}
	_, lines := load(t, file+"level = \"a\"\n", nil)
	wrong(t, lines, "only of flows with provider = \"sumsub\"")
}
