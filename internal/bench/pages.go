package bench

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/http"

	"portal/internal/bench/bare"
	"portal/internal/bench/stage"
)

// The least part of a bare handler's requests per second that is promised.
const (
	staticPart  = 0.6
	dynamicPart = 0.7
)

// applicants is by how many different ones the page of a signed-in applicant is asked for.
const applicants = 240

// linkPath is the page of an e-mailed link.
const linkPath = "/onboarding?request_id=00000000-0000-4000-8000-000000000001&apikey=0123456789abcdef0123456789abcdef"

// staticPage is the page of e-mailed links, beside a bare handler and a file that nginx serves.
func staticPage(ctx context.Context, r *Run) ([]Row, error) {
	portal, err := r.Portal(ctx, nil)
	if err != nil {
		return nil, err
	}
	header := browser(codings)
	page, err := look(ctx, portal, linkPath, header, nil)
	if err != nil {
		return nil, err
	}
	return r.compare(ctx, comparison{
		name: "static page", portal: portal, asked: oneOf([][]byte{get(linkPath, header)}),
		bares: []neighbour{{"net/http", page, oneOf([][]byte{get(barePage, header)})}}, nginxAsked: oneOf([][]byte{get("/", header)}),
		part: staticPart, isPage: true,
	})
}

// dynamicPage is the page with the form of a signed-in applicant, beside two bare handlers that make the same query: one that
// compresses the page each time, which nobody can do beforehand for a page that is somebody's own, and one that has the page
// compressed already.
func dynamicPage(ctx context.Context, r *Run) ([]Row, error) {
	header := browser(codings)
	return r.dynamic(ctx, "dynamic page", header, func(plain, sent bare.Page) []bare.Page {
		return []bare.Page{{Header: sent.Header, Body: plain.Body, Compress: true}, sent}
	}, "net/http with the query", "the same, compressed before")
}

func dynamicPageUncompressed(ctx context.Context, r *Run) ([]Row, error) {
	return r.dynamic(ctx, "dynamic page, uncompressed", browser(""), func(plain, _ bare.Page) []bare.Page {
		return []bare.Page{plain}
	}, "net/http with the query")
}

// dynamic measures the page of signed-in applicants. The pages of the bare handlers, by their names, are made of how it is
// uncompressed, and how it was sent to who sends the header.
func (r *Run) dynamic(ctx context.Context, name string, header http.Header, pages func(plain, sent bare.Page) []bare.Page, names ...string) ([]Row, error) {
	portal, err := r.Portal(ctx, nil)
	if err != nil {
		return nil, err
	}
	signedIn, err := r.Open(ctx, portal, applicants)
	if err != nil {
		return nil, err
	}
	plain, err := look(ctx, portal, "/onboarding", browser(""), signedIn[0].Cookie)
	if err != nil {
		return nil, err
	}
	sent, err := look(ctx, portal, "/onboarding", header, signedIn[0].Cookie)
	if err != nil {
		return nil, err
	}
	asked, bareAsked := make([][]byte, len(signedIn)), make([][]byte, len(signedIn))
	for i, a := range signedIn {
		asked[i] = get("/onboarding", with(header, a.Cookie))
		bareAsked[i] = get(bareVisit, with(header, &http.Cookie{Name: bare.VisitorCookie, Value: hex.EncodeToString(a.Token.Hash())}))
	}
	c := comparison{name: name, portal: portal, asked: oneOf(asked), part: dynamicPart, isPage: true}
	for i, page := range pages(plain, sent) {
		c.bares = append(c.bares, neighbour{names[i], page, oneOf(bareAsked)})
	}
	return r.compare(ctx, c)
}

// webhooks is the intake of webhooks, beside the insert of a row.
func webhooks(ctx context.Context, r *Run) ([]Row, error) {
	portal, err := r.Portal(ctx, nil)
	if err != nil {
		return nil, err
	}
	return r.compare(ctx, comparison{
		name: "webhooks", portal: portal, asked: webhooksTo("/onboarding/webhooks/passfort"),
		bares: []neighbour{{"insert", bare.Page{Body: []byte("ok\n")}, webhooksTo(bareWebhook)}}, rest: r.handedOn,
	})
}

// look reads a page once, as it is to be written by others.
func look(ctx context.Context, portal *stage.Server, path string, header http.Header, cookie *http.Cookie) (bare.Page, error) {
	call := stage.Call{Method: http.MethodGet, URL: "http://" + portal.Address + path, Header: header}
	if cookie != nil {
		call.Cookies = []*http.Cookie{cookie}
	}
	answer, err := call.Make(ctx)
	if err == nil && answer.Status != http.StatusOK {
		err = fmt.Errorf("status %d", answer.Status)
	}
	if err != nil {
		return bare.Page{}, fmt.Errorf("looking at %s: %w", path, err)
	}
	answer.Header.Del("Date") // which every server writes by itself
	return bare.Page{Header: answer.Header, Body: answer.Body}, nil
}
