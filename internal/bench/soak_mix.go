package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"portal/internal/bench/stage"
	"portal/internal/seeding"
)

// soakPage is a page of the mix: how many times of twenty it is asked for, by those whose registration is of which flow (nobody
// is signed in where it is empty), and what stands in it where it is the one that they should see.
type soakPage struct {
	often            int
	flow, path, says string
}

var soakPages = []soakPage{
	{4, "", linkPath, `id="collection-wrapper"`},
	{3, seeding.FlowIndividual, "/onboarding", `id="customer-request"`},
	{4, seeding.FlowIndividual, "/onboarding/status", `"status":"open"`},
	{1, seeding.FlowIndividual, "/onboarding/sessions", "/onboarding/sign-out"},
	{1, seeding.FlowCompany, "/onboarding/associates", "/onboarding/associates/new"},
	{2, seeding.FlowDocuments, "/onboarding/documents", "/onboarding/documents/identity"},
}

// The rest of the twenty.
const (
	oftenFiles    = 4
	oftenWebhooks = 1
)

// asset is the address of a file in a page.
var asset = regexp.MustCompile(`/onboarding/static/[^"'\s]+`)

// mixed is what is asked for most, in the proportions of a busy day: twenty requests, over and over.
func (k *soak) mixed(ctx context.Context) (func([]byte, int) []byte, error) {
	files, err := k.files(ctx)
	if err != nil {
		return nil, err
	}
	of20 := slices.Concat(
		slices.Repeat([]func([]byte, int) []byte{inTurn(files)}, oftenFiles),
		slices.Repeat([]func([]byte, int) []byte{webhooksTo("/onboarding/webhooks/passfort")}, oftenWebhooks),
	)
	for _, p := range soakPages {
		asked := oneOf([][]byte{get(p.path, browser(codings))})
		if p.flow != "" {
			if asked, err = visits(k.Stage, &grown{visitors: k.visiting}, p.flow, http.MethodGet, p.path, ""); err != nil {
				return nil, err
			}
		}
		of20 = append(of20, slices.Repeat([]func([]byte, int) []byte{asked}, p.often)...)
	}
	// Some of them are the same bytes every time, so none may be made in the place of the one before it.
	return func(_ []byte, n int) []byte { return of20[n%len(of20)](nil, n) }, nil
}

// files are requests for the files of the page of e-mailed links.
func (k *soak) files(ctx context.Context) ([][]byte, error) {
	answer, err := stage.Call{Method: http.MethodGet, URL: "http://" + k.portals[0].Address + linkPath}.Make(ctx)
	if err != nil {
		return nil, err
	}
	var requests [][]byte
	for _, path := range asset.FindAll(answer.Body, -1) {
		requests = append(requests, get(string(path), browser(codings)))
	}
	if len(requests) == 0 {
		return nil, errors.New("the page of e-mailed links names no files")
	}
	return requests, nil
}

// look reads a page of the mix: the load itself sees no more than statuses, and a page that asks somebody to sign in has a good
// one, too.
func (k *soak) look(ctx context.Context, portal *stage.Server, n int) error {
	p := soakPages[n%len(soakPages)]
	call := stage.Call{Method: http.MethodGet, URL: "http://" + portal.Address + p.path, Header: browser("")}
	if p.flow != "" {
		all := slices.DeleteFunc(slices.Clone(k.visiting), func(v seeding.Visitor) bool { return v.Flow != p.flow })
		cookie, err := k.Cookies.Cookie(all[n%len(all)].Session)
		if err != nil {
			return err
		}
		call.Cookies = []*http.Cookie{cookie}
	}
	answer, err := call.Make(ctx)
	if err == nil && (answer.Status != http.StatusOK || !strings.Contains(string(answer.Body), p.says)) {
		err = fmt.Errorf("%s: status %d, %q is not in it", p.path, answer.Status, p.says)
	}
	return err
}
