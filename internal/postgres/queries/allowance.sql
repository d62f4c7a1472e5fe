-- Spend takes from buckets of tokens, or from none of them where one is empty: it returns the bucket that stays empty for
-- longest, and for how many seconds.
-- name: Spend :one
select t.bucket::text as name, t.wait::float8 as wait
from take_allowances(@names::text[], @keys::text[], @bursts::float8[], @rates::float8[], @now) t;

-- GiveBack locks in the order in which everybody takes.
-- name: GiveBack :exec
with held as (
    select a.name, a.key
    from allowances a
    join (select unnest(@names::text[]) as name, unnest(@keys::text[]) as key) w on w.name = a.name and w.key = a.key
    order by a.name, a.key
    for update of a
)
update allowances a
set tokens = a.tokens + 1
from held h
where h.name = a.name
    and h.key = a.key;
