-- +goose NO TRANSACTION
-- Built beside the running portal, as the others. They find what has had its time.

-- +goose Up
drop index concurrently if exists sign_ins_created;
create index concurrently sign_ins_created on sign_ins (created_at);
drop index concurrently if exists sessions_created;
create index concurrently sessions_created on sessions (created_at);
drop index concurrently if exists sessions_ended;
create index concurrently sessions_ended on sessions (ended_at) where ended_at is not null;

-- +goose Down
drop index concurrently sessions_ended;
drop index concurrently sessions_created;
drop index concurrently sign_ins_created;
