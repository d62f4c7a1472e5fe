package sumsub_test

import (
	"strings"
	"testing"

	"portal/internal/sumsub"
)

// TestSignaturesAreThoseThatOthersHaveComputed uses the vectors that other clients are tested with.
func TestSignaturesAreThoseThatOthersHaveComputed(t *testing.T) {
	t.Parallel()
	for want, v := range map[string]struct {
		secret           sumsub.Secret
		at, target, body string
	}{
		"260c8893fb0317e8a714ce3bce9c16821649f1e27a49bd7d926fcf23942628c0": {
			"api_secret", "1712760187", "/resources/accessTokens", `{"userId":"1000","levelName":"default","ttl":60}`,
		},
		"600e8a7e7d46253d468afed77a578e0e89daef2dfd580161d86d7b949b7cb4c1": {
			"Hej2ch71kG2kTd1iIUDZFNsO5C1lh5Gq", "1599219016", "/resources/accessTokens", `{"userId": "123"}`,
		},
		"3f559b485473b32b8e4d0a422fa6201fdb4839e4d23a66d2fb24c97b7baf6a12": {
			"Hej2ch71kG2kTd1iIUDZFNsO5C1lh5Gq", "1599219016", "/resources/accessTokens?name=value", `{"userId": "123"}`,
		},
	} {
		got, size, err := sumsub.SignatureOf(v.secret, v.at, "POST", v.target, strings.NewReader(v.body))
		if err != nil || got != want || size != int64(len(v.body)) {
			t.Errorf("%s: %s of %d bytes, %v; want %s", v.target, got, size, err, want)
		}
	}
}
