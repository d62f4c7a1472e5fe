-- +goose NO TRANSACTION
-- Built beside the running portal: an index made inside a transaction would hold up every write meanwhile. One that
-- was broken off is there and invalid, so it is dropped first.

-- +goose Up
drop index concurrently if exists registrations_waiting;
create index concurrently registrations_waiting on registrations (created_at, id) where waiting and due_at is not null;
drop index concurrently if exists registrations_read;
create index concurrently registrations_read on registrations (coalesce(read_at, created_at)) where status = 'open';
drop index concurrently if exists registrations_attention;
create index concurrently registrations_attention on registrations (created_at)
    where status = 'needs_attention' or (stub_may_exist and not acknowledged);
insert into profiles (id, registration_id, source, seen_at)
select profile_id, id, 'portal', created_at
from registrations
where profile_id is not null
on conflict (id) do nothing;

-- +goose Down
drop index concurrently registrations_attention;
drop index concurrently registrations_read;
drop index concurrently registrations_waiting;
