package main

import (
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Documents are the most private of what passes through the portal, and it need not have them a moment longer than it takes to
// send them on.
func TestNoByteOfADocumentIsEverKept(t *testing.T) {
	t.Parallel()
	m, c := newMark(), newCounter(t, mostAtOnce+1, nil)
	w := c.watch(t)
	source := mathrand.NewChaCha8([32]byte{2})
	for _, trial := range trials {
		c.trouble(t, trial.fault)
		var all sync.WaitGroup
		for i := range trial.atOnce() {
			f := m.photo(t, source, (i%5+2)<<19)
			if i%3 == 1 {
				f = m.paper(source, (i%5+2)<<19)
			}
			all.Go(func() { trial.send(t.Context(), c, m, c.people[i], f) })
		}
		all.Wait()
		if trial.fault.Kind == "hang" { // the portal still has the files
			c.mustKeepNothing(t, m, trial.name)
		}
		c.trouble(t, fault{})
		c.mustTake(t.Context(), t, c.people[mostAtOnce], m.photo(t, source, 1<<20)) // so that the trials are real ones
	}
	w.end(t)
	c.mustKeepNothing(t, m, "at the end")
}

// trouble has the provider be in trouble with documents, or not any more.
func (c *counter) trouble(t *testing.T, f fault) {
	t.Helper()
	c.world.endFaults(t)
	if f.Kind == "" {
		return
	}
	f.Method, f.Path, f.When = http.MethodPost, addDocuments, "after"
	c.world.order(t, f)
}

// mustKeepNothing looks for a mark wherever the portal could have left one.
func (c *counter) mustKeepNothing(t *testing.T, m mark, after string) {
	t.Helper()
	if _, err := c.pool.Exec(t.Context(), `checkpoint`); err != nil {
		t.Fatal(err)
	}
	for what, folder := range map[string]string{"its TMPDIR": c.aside, "its working directory": c.work, "Postgres": c.data} {
		found, looked := m.inFiles(t, folder)
		if len(found) > 0 {
			t.Errorf("%s: in %s there are bytes of a document: %s", after, what, strings.Join(found, ", "))
		}
		if folder == c.data && looked < 10<<20 {
			t.Errorf("only %d bytes of Postgres were looked at", looked)
		}
	}
	if left, err := os.ReadDir(c.aside); err != nil || len(left) > 0 {
		t.Errorf("%s: %d files in TMPDIR: %v", after, len(left), err)
	}
	for what, text := range c.texts(t) {
		if m.in([]byte(text)) {
			t.Errorf("%s: %s holds bytes of a document", after, what)
		}
	}
}

// texts are everything that can be read of the portal: its log, what it tells of itself, and every row that it has stored.
func (c *counter) texts(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{"the log": c.log.String()}
	for _, page := range []string{"/metrics", "/debug/pprof/goroutine?debug=2", "/debug/pprof/heap?debug=1", "/debug/pprof/allocs?debug=1", "/debug/pprof/cmdline"} {
		all[page] = c.page(t, page)
	}
	rows, err := c.pool.Query(t.Context(), `select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || !slices.Contains(tables, "public.documents") {
		t.Fatalf("tables %v: %v", tables, err)
	}
	for _, table := range tables {
		var text string
		if err := c.pool.QueryRow(t.Context(), `select coalesce(string_agg(r::text, ' '), '') from `+table+` r`).Scan(&text); err != nil {
			t.Fatal(err)
		}
		all["table "+table] = text
	}
	return all
}

// page is a page of the portal's private listener.
func (c *counter) page(t *testing.T, path string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+c.debug+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d, %v", path, answer.StatusCode, err)
	}
	return string(text)
}
