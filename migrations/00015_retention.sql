-- +goose NO TRANSACTION
-- Indexes are built beside the running portal, as the others; one that was broken off is there and invalid, so it is dropped
-- first.

-- +goose Up

-- What has ended is found by its status, the oldest first, and so is what operators list.
drop index concurrently if exists registrations_status_created;
create index concurrently registrations_status_created on registrations (status, created_at, id);

-- Whoever deletes a registration must find what refers to it.
drop index concurrently if exists notices_registration;
create index concurrently notices_registration on notices (registration_id);

-- Quarantined messages are listed as long as their rows are there, also without their bodies.
drop index concurrently if exists webhooks_unreadable;
create index concurrently webhooks_unreadable on webhooks (seq) where status = 'quarantined';
drop index concurrently if exists webhooks_quarantined;

-- Keys that are still there, by the age of their requests.
drop index concurrently if exists customer_requests_keyed;
create index concurrently customer_requests_keyed on customer_requests (created_at) where sealed_key <> '';

-- Where the audit trails of registrations ended that were deleted after their time: without it the roots that were logged while
-- they were there could not be computed again. It holds nothing else of them.
create table if not exists forgotten_trails (
    registration_id uuid constraint forgotten_trails_pk primary key,
    ended_at timestamptz not null,
    hash bytea not null constraint forgotten_trails_hash check (octet_length(hash) = 32)
);

-- Entries go only where a transaction says that it forgets whole registrations.
-- contract: refuse_change refuses what it refused before, except what no release before this one does.
-- +goose StatementBegin
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_setting('portal.forgetting', true) = 'on' then
        return null;
    end if;
    raise exception 'rows of % are never changed or removed', tg_table_name;
end
$$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % are never changed or removed', tg_table_name;
end
$$;
-- +goose StatementEnd
drop table forgotten_trails;
drop index concurrently if exists customer_requests_keyed;
drop index concurrently if exists webhooks_quarantined;
create index concurrently webhooks_quarantined on webhooks (seq) where status = 'quarantined' and sealed_body is not null;
drop index concurrently if exists webhooks_unreadable;
drop index concurrently if exists notices_registration;
drop index concurrently if exists registrations_status_created;
