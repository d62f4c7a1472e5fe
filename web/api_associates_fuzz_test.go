package web_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"portal/internal/onboarding"
	"portal/web"
)

// A body is read without a panic, and what is entered is always one to be submitted by the back end.
func FuzzAssociateBody(f *testing.F) {
	for _, seed := range []string{
		ada, holding, `{}`, `[]`, `null`, `{"roles":[null]}`, `{"id":null,"shareholdings":[null,{"amount":1e999,"percentage":-0}]}`,
		`{"shareholdings":[{"amount":"١٢","percentage":"1,5"}],"case":null,"distinct":1}`, `{"id":"{019b2f6e-9f53-7cc0-8a4a-2f3f7e0d5a11}"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		n, _, err := web.ReadAssociate(body)
		if err == nil && (n.Source != onboarding.SourceAPI || !n.Submit) {
			t.Errorf("read as %s, submitted %t", n.Source, n.Submit)
		}
		for _, h := range n.Details.Shareholdings {
			for _, number := range []string{h.Amount, h.Percentage} {
				if !strings.ContainsAny(string(body), `\`) && !strings.Contains(string(body), number) {
					t.Errorf("%q is not as it was written in %q", number, body)
				}
			}
		}
	})
}

// Numbers are kept digit by digit, as numbers and as strings.
func TestNumbersOfShareholdingsAreKeptAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		amount := rapid.StringMatching(`[1-9][0-9]{0,14}`).Draw(r, "amount")
		percentage := rapid.StringMatching(`(0|[1-9][0-9]?)(\.[0-9]{1,4})?`).Draw(r, "percentage")
		written := []string{amount, percentage}
		if rapid.Bool().Draw(r, "as strings") {
			written = []string{`"` + amount + `"`, `"` + percentage + `"`}
		}
		body := fmt.Sprintf(`{"shareholdings":[{"share_class":"A","amount":%s,"percentage":%s}]}`, written[0], written[1])
		if !json.Valid([]byte(body)) {
			r.Fatalf("the test has made %s", body)
		}
		n, wrong, err := web.ReadAssociate([]byte(body))
		if err != nil || wrong != 0 || n.Details.Shareholdings[0] != (onboarding.Shareholding{Class: "A", Amount: amount, Percentage: percentage}) {
			r.Errorf("%s: %d wrong, %v", body, wrong, err)
		}
	})
}
