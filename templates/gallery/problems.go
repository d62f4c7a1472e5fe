package gallery

import (
	"strconv"
	"time"

	"portal/templates"
)

// problemPages say what went wrong.
func problemPages() []Page {
	pages := []Page{
		page("problem, of no certain kind", templates.Problem(templates.ProblemView{Status: 418, Reference: reference})),
		page("not theirs, of no name", templates.NotTheirs(templates.NotTheirsView{Account: templates.Account{In: true}, Reference: reference})),
		page("problem, in other words", templates.Problem(templates.ProblemView{Status: 404, Key: "error.unknown_flow"})),
	}
	pages = append(pages,
		page("problem for a form, not taken", templates.Problem(templates.ProblemView{Status: 413, Reference: reference, Posted: true})),
		page("problem for a form, may have arrived", templates.Problem(templates.ProblemView{Status: 500, Reference: reference, Posted: true})),
		page("problem for a while, known how long", templates.Problem(templates.ProblemView{Status: 503, Reference: reference, RetryURL: start, Wait: 40 * time.Second})),
		page("not theirs", templates.NotTheirs(templates.NotTheirsView{Account: known, Reference: reference})),
		page("cookies, kept by none", templates.NoCookies(templates.NoCookiesView{TryPath: start})),
	)
	for _, status := range templates.ProblemStatuses() {
		pages = append(pages, page("problem, "+strconv.Itoa(status), templates.Problem(templates.ProblemView{
			Status: status, Reference: reference, RetryURL: start,
		})))
	}
	return pages
}
