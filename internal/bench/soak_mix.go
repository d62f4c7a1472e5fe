package bench

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"slices"

	"portal/internal/bench/stage"
	"portal/internal/seeding"
)

// asset is the address of a file in a page.
var asset = regexp.MustCompile(`/onboarding/static/[^"'\s]+`)

// mixed is what is asked for most, in the proportions of a busy day: twenty requests, over and over.
func (k *soak) mixed(ctx context.Context, visiting []seeding.Visitor) (func([]byte, int) []byte, error) {
	files, err := k.files(ctx)
	if err != nil {
		return nil, err
	}
	of := func(flow, path string) (func([]byte, int) []byte, error) {
		return visits(k.Stage, &grown{visitors: visiting}, flow, http.MethodGet, path, "")
	}
	link := oneOf([][]byte{get(linkPath, browser(codings))})
	form, err1 := of(seeding.FlowIndividual, "/onboarding")
	status, err2 := of(seeding.FlowIndividual, "/onboarding/status")
	company, err3 := of(seeding.FlowCompany, "/onboarding/associates")
	documents, err4 := of(seeding.FlowDocuments, "/onboarding/documents")
	sessions, err5 := of(seeding.FlowIndividual, "/onboarding/sessions")
	if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
		return nil, err
	}
	hook := webhooksTo("/onboarding/webhooks/passfort")
	of20 := slices.Concat(
		slices.Repeat([]func([]byte, int) []byte{link}, 4), slices.Repeat([]func([]byte, int) []byte{inTurn(files)}, 4),
		slices.Repeat([]func([]byte, int) []byte{form}, 3), slices.Repeat([]func([]byte, int) []byte{status}, 4),
		[]func([]byte, int) []byte{company, documents, documents, sessions, hook},
	)
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
