-- +goose NO TRANSACTION
-- Built beside the running portal, as the others.

-- +goose Up
drop index concurrently if exists sessions_provider;
create index concurrently sessions_provider on sessions (issuer, provider_session) where provider_session <> '';

-- +goose Down
drop index concurrently sessions_provider;
