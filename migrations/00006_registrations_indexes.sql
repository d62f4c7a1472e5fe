-- +goose NO TRANSACTION
-- Built beside the running portal: an index made inside a transaction would hold up every write meanwhile. One that
-- was broken off is there and invalid, so it is dropped first.

-- +goose Up
drop index if exists registrations_waiting;
create index concurrently registrations_waiting on registrations (created_at, id) where waiting;
drop index if exists registrations_read;
create index concurrently registrations_read on registrations (read_at) where read_at is not null;
drop index if exists registrations_attention;
create index concurrently registrations_attention on registrations (created_at)
    where status = 'needs_attention' or (stub_may_exist and not acknowledged);

-- +goose Down
drop index registrations_attention;
drop index registrations_read;
drop index registrations_waiting;
