package migrations_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// rule is something that an older release, or its users while it happens, would not survive.
type rule struct {
	form *regexp.Regexp
	but  *regexp.Regexp // nil where there is no exception
	why  string
}

var rules = []rule{
	{regexp.MustCompile(`^drop (table|view|materialized view|sequence|schema|type)\b`), nil, "drops what may be in use"},
	{regexp.MustCompile(`^alter table .*\bdrop column\b`), nil, "drops a column"},
	{regexp.MustCompile(`^alter .*\brename\b`), nil, "renames what is in use"},
	{regexp.MustCompile(`^alter table .*\balter (column )?\w+ (set data )?type\b`), nil, "rewrites a column, and changes what is read of it"},
	{regexp.MustCompile(`^alter table .*\balter (column )?\w+ set not null\b`), nil, "refuses rows that are written without"},
	{regexp.MustCompile(`^alter table .*\balter (column )?\w+ drop default\b`), nil, "refuses rows that are written without"},
	{regexp.MustCompile(`^alter table \w+ add (column )?.*\bnot null\b`), regexp.MustCompile(`\bdefault\b|\badd constraint\b`), "adds a column that must be given"},
	{regexp.MustCompile(`^alter table .*\badd (constraint|check|unique|foreign key|primary key)\b`), regexp.MustCompile(`\bnot valid\b`), "looks at every row while nobody may write"},
	{regexp.MustCompile(`^alter table \w+ add (column )?.*\b(references|check|unique|primary key)\b`), regexp.MustCompile(`\badd constraint\b`), "looks at every row while nobody may write"},
	{regexp.MustCompile(`^alter table \w+ add (column )?.*\bdefault .*(random|clock_timestamp|nextval|statement_timestamp|timeofday)`), nil, "writes every row while nobody may read"},
	{regexp.MustCompile(`^create or replace (function|procedure|view|trigger)\b`), nil, "replaces what is in use"},
	{regexp.MustCompile(`^drop (function|procedure|trigger)\b`), nil, "drops what is in use"},
	{regexp.MustCompile(`^create (unique )?index\b`), regexp.MustCompile(`\bconcurrently\b`), "builds an index while nobody may write"},
	{regexp.MustCompile(`^create unique index\b`), nil, "refuses rows that were allowed before"},
	{regexp.MustCompile(`^(truncate|lock)\b`), nil, "keeps everybody out"},
}

var (
	comment  = regexp.MustCompile(`(?m)--.*$`)
	body     = regexp.MustCompile(`(?s)\$\$.*?\$\$`)
	space    = regexp.MustCompile(`\s+`)
	made     = regexp.MustCompile(`^create table (?:if not exists )?(\w+)`)
	indexed  = regexp.MustCompile(`^create (?:unique )?index .*\bon (\w+)`)
	altered  = regexp.MustCompile(`^alter table (\w+)`)
	next     = regexp.MustCompile(`, (add|drop|alter|rename|validate) `)
	changed  = regexp.MustCompile(`^(?:with .*\b)?(?:update|delete from) (?:only )?(\w+)`)
	contract = regexp.MustCompile(`(?m)^-- contract: \S+ \S+.*$`)
)

// contracts stands before a statement of which a comment says that it contracts.
const contracts = "\x01"

// statements are those of a migration's way up, each in one line.
func statements(text string) (list []string) {
	up, _, _ := strings.Cut(text, "-- +goose Down")
	plain := comment.ReplaceAllString(contract.ReplaceAllString(up, contracts), "")
	plain = body.ReplaceAllString(plain, "$$$$")
	for one := range strings.SplitSeq(plain, ";") {
		if one = strings.TrimSpace(space.ReplaceAllString(strings.ToLower(one), " ")); one != "" {
			list = append(list, one)
		}
	}
	return list
}

// breaks are the statements of a migration that the release before it would not survive, each with the reason. What a migration
// does to its own tables is nobody's business but its own, and what a comment says of a statement is of that one only.
func breaks(text string) (found []string) {
	var own []string
	all := statements(text)
	for _, one := range all {
		if name := made.FindStringSubmatch(one); name != nil {
			own = append(own, name[1])
		}
		if strings.HasPrefix(one, contracts) || slices.Contains(own, subject(one)) {
			continue
		}
		if changed.MatchString(one) && len(all) > 1 {
			found = append(found, one+": holds what the others need for as long as it takes: a file of its own can do it bit by bit")
		}
		for _, step := range steps(one) {
			for _, r := range rules {
				if r.form.MatchString(step) && (r.but == nil || !r.but.MatchString(step)) {
					found = append(found, step+": "+r.why)
				}
			}
		}
	}
	return found
}

// subject is the table that a statement alters, indexes or changes; empty for others.
func subject(statement string) string {
	for _, form := range []*regexp.Regexp{altered, indexed, changed} {
		if found := form.FindStringSubmatch(statement); found != nil {
			return found[1]
		}
	}
	return ""
}

// steps are those of a statement that alters a table in several, each as a statement of its own.
func steps(statement string) []string {
	table := altered.FindString(statement)
	if table == "" {
		return []string{statement}
	}
	return strings.Split(next.ReplaceAllString(statement, "\x00"+table+" $1 "), "\x00")
}

func TestMigrationsLeaveTheReleaseBeforeThemWorking(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(os.DirFS("."), "*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, name := range files {
		text, err := os.ReadFile(filepath.Clean(name))
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range breaks(string(text)) {
			t.Errorf("%s: %s. Expand first; once no release that needs it is left, say so in a line before it: \"-- contract: why, and since which release nobody uses it\"", name, found)
		}
	}
}

func TestWhatAnOlderReleaseWouldNotSurviveIsRefused(t *testing.T) {
	t.Parallel()
	for sql, refused := range map[string]bool{
		"drop table links":                                                                    true,
		"alter table links drop column email":                                                 true,
		"alter table links\n    rename to old":                                                true,
		"alter table links rename column email to mail":                                       true,
		"alter table links alter column email type bytea":                                     true,
		"alter table links alter email set not null":                                          true,
		"alter table links alter email drop default":                                          true,
		"alter table links add column new text not null":                                      true,
		"alter table links add column a text not null default '', add column b text not null": true,
		"alter table links add constraint links_email check (email <> '')":                    true,
		"create or replace function f() returns int language sql as $$ select 1; $$":          true,
		"drop function f":                                                                                  true,
		"drop trigger t on links":                                                                          true,
		"create index links_email on links (email)":                                                        true,
		"create unique index concurrently links_email on links (email)":                                    true,
		"truncate links":                                                                                   true,
		"alter table links add column other uuid references others":                                        true,
		"alter table links add column other uuid default gen_random_uuid()":                                true,
		"alter table links add unique (email)":                                                             true,
		"update links set email = ''; select 1":                                                            true,
		"with old as (select 1) delete from links; select 1":                                               true,
		"update links set email = ''":                                                                      false,
		"create table fresh (id int); insert into fresh values (1); update fresh set id = 2":               false,
		"-- contract: nobody uses it since the release of May\ndrop table links":                           false,
		"-- contract: nobody uses it since the release of May\n-- +goose StatementBegin\ndrop table links": false,
		"-- contract: nobody uses it since the release of May\ndrop table links; drop table others":        true,
		"select 1; -- contract: not a line of its own\ndrop table links":                                   true,
		"-- contract:\ndrop table links":                                                                   true,
		"alter table links add column new text":                                                            false,
		"alter table links add column new text not null default ''":                                        false,
		"alter table links add constraint links_email check (email <> '') not valid":                       false,
		"alter table links drop constraint links_used":                                                     false,
		"alter table links validate constraint links_used":                                                 false,
		"create table fresh (id int not null); create unique index f on fresh (id); alter table fresh add constraint c check (id > 0)": false,
		"create index concurrently links_email on links (email)":                                                                       false,
		"drop index concurrently if exists links_email":                                                                                false,
		"create function f() returns int language plpgsql as $$ begin drop table links; end $$":                                        false,
		"-- drop table links;\nselect 1":                                                                                               false,
	} {
		if found := breaks("-- +goose Up\n" + sql + ";\n-- +goose Down\ndrop table links;"); (len(found) > 0) != refused {
			t.Errorf("%s: refused %v, want %t", sql, found, refused)
		}
	}
}
