package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"portal/internal/bench/bare"
	"portal/internal/bench/stage"
)

// pageWithin is how long a page may take at p99, at half of what the portal bears.
const pageWithin = 5 * time.Millisecond

// comparison is an answer of the portal's beside that of others who do less for it.
type comparison struct {
	name   string
	portal *stage.Server
	asked  func(buf []byte, n int) []byte // of the portal

	bares      []neighbour                    // the first is what the portal's part is promised of
	nginxAsked func(buf []byte, n int) []byte // nil where it is not compared with the first's page as a file

	rest   func(ctx context.Context) error // after loads of the portal; may be nil
	part   float64                         // of the bare handler's requests that is promised; zero where nothing is
	isPage bool                            // for which somebody waits
}

// neighbour is a bare handler.
type neighbour struct {
	name  string
	page  bare.Page // that it writes
	asked func(buf []byte, n int) []byte
}

// compare measures the portal beside the others, then two portals, and stops them all.
func (r *Run) compare(ctx context.Context, c comparison) ([]Row, error) {
	others, err := r.others(ctx, c)
	if err != nil {
		return nil, err
	}
	one := contestant{"portal", []*stage.Server{c.portal}, c.asked, c.rest}
	figures, err := r.contest(ctx, append(others, one)...)
	if err != nil {
		return nil, err
	}
	if err := r.profile(ctx, c.name, c.portal, one.saturateFor); err != nil {
		return nil, err
	}
	second, err := r.Portal(ctx, nil)
	if err != nil {
		return nil, err
	}
	two := contestant{"two portals", []*stage.Server{c.portal, second}, c.asked, c.rest}
	more, err := r.contest(ctx, two)
	if err != nil {
		return nil, err
	}
	return c.rows(append(others, one, two), append(figures, more...)), r.stopAll(append(others, two))
}

// others are started for the comparison, the bare handlers first.
func (r *Run) others(ctx context.Context, c comparison) (list []contestant, err error) {
	for _, n := range c.bares {
		s, err := r.bareServer(ctx, n.page)
		if err != nil {
			return nil, err
		}
		list = append(list, contestant{name: n.name, servers: []*stage.Server{s}, request: n.asked})
	}
	if c.nginxAsked == nil {
		return list, nil
	}
	file, err := r.nginx(ctx, c.bares[0].page)
	if err != nil {
		return nil, err
	}
	return append(list, contestant{name: "nginx", servers: []*stage.Server{file}, request: c.nginxAsked}), nil
}

func (r *Run) stopAll(all []contestant) error {
	var wrong error
	for _, c := range all {
		for _, s := range c.servers {
			wrong = errors.Join(wrong, r.Stop(s.Process))
		}
	}
	return wrong
}

// rows are those of the others, of one portal and of two, which are compared with what stands above them.
func (c comparison) rows(all []contestant, figures []Figures) []Row {
	rows := make([]Row, len(all))
	for i, of := range all {
		rows[i] = Row{Name: c.name + ": " + of.name, Figures: figures[i]}
	}
	one, two := len(all)-2, len(all)-1
	for i := range one {
		rows[one].compareWith(figures[i], all[i].name)
	}
	rows[two].compareWith(figures[one], "one")
	if c.part > 0 {
		rows[one].promise(figures[one].of(figures[0]) >= c.part, "≥ %.1f", c.part)
	}
	if c.isPage {
		rows[one].promise(figures[one].P99 < pageWithin, "p99 < %v", pageWithin)
	}
	return rows
}

func (row *Row) compareWith(other Figures, name string) {
	if row.Compared != "" {
		row.Compared += ", "
	}
	row.Compared += fmt.Sprintf("%.2f of %s", row.of(other), name)
}

func (row *Row) promise(held bool, format string, args ...any) {
	row.Promises = append(row.Promises, Promise{fmt.Sprintf(format, args...), held})
}
