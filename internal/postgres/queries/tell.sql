-- TellOfRegistrations tells those who listen whose registrations have changed. Commits that tell something stand in one line
-- in all of Postgres, and wait there for their disk. This one has nothing that a disk must keep, so it does not wait.
-- name: TellOfRegistrations :exec
with hurried as materialized (
    select set_config('synchronous_commit', 'off', true)
)
select pg_notify('registrations', r.applicant_id::text)
from hurried, registrations r
where r.id = any (@ids::uuid[]);
