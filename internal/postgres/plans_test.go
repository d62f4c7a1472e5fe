package postgres_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"portal/internal/localpg"
)

// smallTables stay small however many register: any plan will do.
var smallTables = []string{"provider_quotas", "webhook_forwarders", "api_keys"}

// wholeReads are where queries read more than an index finds, and why they may.
var wholeReads = map[string]string{
	"CountByStatus: index registrations_status_created is read whole: ":           "once a day, for the summary in the log",
	"ListNotices: index notices_pk is read whole: (status = 'delivered'::text)":   "an operator's command: all but few are delivered",
	"ListWebhooks: index webhooks_pk is read whole: (status = 'processed'::text)": "an operator's command: all but few are processed",
}

// Every query is planned as for any values, on a database that would rather not read whole tables.
func TestEveryQueryIsAnsweredByAnIndex(t *testing.T) {
	t.Parallel()
	db, seen := planner(t), map[string]bool{}
	partial := partialIndexes(t, db)
	for name, sql := range queries(t) {
		for _, fault := range faults(planOf(t, db, name, sql), partial, false) {
			fault = name + ": " + fault
			if seen[fault] = true; wholeReads[fault] == "" {
				t.Error(fault)
			}
		}
	}
	for fault := range wholeReads {
		if !seen[fault] {
			t.Errorf("not so any more: %s", fault)
		}
	}
}

// planner is a connection to a migrated database that plans without a look at values, and reads no table whole if it can help it.
func planner(t *testing.T) *pgx.Conn {
	t.Helper()
	db, err := pgx.Connect(t.Context(), localpg.New(t).Config().ConnString())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close(t.Context()) })
	for _, set := range []string{"plan_cache_mode = force_generic_plan", "enable_seqscan = off", "enable_hashjoin = off", "enable_mergejoin = off"} {
		execute(t, db, "set "+set)
	}
	return db
}

func execute(t *testing.T, db *pgx.Conn, sql string) {
	t.Helper()
	if _, err := db.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// queries are the texts of all queries by their names, as they were generated.
func queries(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("query/*.sql.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d generated files, %v", len(files), err)
	}
	all := map[string]string{}
	for _, name := range append(files, "query/batch.go") {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING && strings.HasPrefix(text.Value, "`-- name: ") {
				sql := strings.Trim(text.Value, "`")
				all[strings.Fields(sql)[2]] = sql
			}
			return true
		})
	}
	return all
}

// plan is a node of a plan.
type plan struct {
	Node   string `json:"Node Type"`
	Table  string `json:"Relation Name"`
	Index  string `json:"Index Name"`
	Cond   string `json:"Index Cond"`
	Filter string `json:"Filter"`
	Plans  []plan `json:"Plans"`
}

var parameter = regexp.MustCompile(`\$(\d+)`)

// planOf is the plan of a query for any values.
func planOf(t *testing.T, db *pgx.Conn, name, sql string) plan {
	t.Helper()
	most := 0
	for _, found := range parameter.FindAllStringSubmatch(sql, -1) {
		n, _ := strconv.Atoi(found[1])
		most = max(most, n)
	}
	execute(t, db, "prepare asked as "+sql)
	defer execute(t, db, "deallocate asked")
	call := "execute asked"
	if most > 0 {
		call += "(" + strings.TrimSuffix(strings.Repeat("null, ", most), ", ") + ")"
	}
	var text string
	if err := db.QueryRow(t.Context(), "explain (format json) "+call, pgx.QueryExecModeSimpleProtocol).Scan(&text); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var plans []struct{ Plan plan }
	if err := json.Unmarshal([]byte(text), &plans); err != nil {
		t.Fatal(err)
	}
	return plans[0].Plan
}

// partialIndexes hold only some rows of their tables, and may be read whole.
func partialIndexes(t *testing.T, db *pgx.Conn) []string {
	t.Helper()
	rows, err := db.Query(t.Context(), "select indexrelid::regclass::text from pg_index where indpred is not null")
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// faults are where a plan reads more of a growing table than an index finds for it. Within a limit, an index may be read in
// its order, where every row that is read counts.
func faults(p plan, partial []string, limited bool) (found []string) {
	switch {
	case p.Table == "" && p.Index == "" || slices.Contains(smallTables, p.Table):
	case p.Node == "Seq Scan":
		found = append(found, fmt.Sprintf("%s is read whole: %s", p.Table, p.Filter))
	case strings.Contains(p.Node, "Index") && p.Cond == "" && !slices.Contains(partial, p.Index) && !(limited && p.Filter == ""):
		found = append(found, fmt.Sprintf("index %s is read whole: %s", p.Index, p.Filter))
	}
	for _, below := range p.Plans {
		within := p.Node == "Limit" || limited && slices.Contains([]string{"LockRows", "Subquery Scan", "Result", "Append", "Merge Append"}, p.Node)
		found = append(found, faults(below, partial, within)...)
	}
	return found
}

// Whoever deletes a row, or changes its key, looks for rows that refer to it.
func TestEveryReferenceIsAnsweredByAnIndex(t *testing.T) {
	t.Parallel()
	rows, err := localpg.New(t).Query(t.Context(), `
		select c.conname
		from pg_constraint c
		where c.contype = 'f'
			and c.conrelid::regclass::text not like 'river%'
			and not exists (select from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = any (c.conkey))`)
	if err != nil {
		t.Fatal(err)
	}
	slow, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(slow) > 0 {
		t.Errorf("references that no index begins with: %v, %v", slow, err)
	}
}
