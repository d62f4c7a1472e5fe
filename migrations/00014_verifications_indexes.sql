-- +goose NO TRANSACTION
-- Built and looked at beside the running portal. An index that was broken off is there and invalid, so it is dropped first.

-- +goose Up
drop index concurrently if exists registrations_reading;
create index concurrently registrations_reading on registrations (coalesce(read_at, created_at))
    where status in ('open', 'checking');
drop index concurrently if exists registrations_read;
alter table registrations validate constraint registrations_provider;
alter table registrations validate constraint registrations_status;
alter table registrations validate constraint registrations_ask;
alter table registrations validate constraint registrations_due;
alter table registrations validate constraint registrations_shown;
alter table notices validate constraint notices_type;
alter table mails validate constraint mails_purpose;

-- +goose Down
drop index concurrently if exists registrations_read;
create index concurrently registrations_read on registrations (coalesce(read_at, created_at)) where status = 'open';
drop index concurrently if exists registrations_reading;
