-- name: PutAPIKey :execrows
insert into api_keys (name, key_hash, created_at)
values (@name, @key_hash, @now)
on conflict (name) do nothing;

-- name: APIKeys :many
select name, created_at, used_at, revoked_at
from api_keys
order by created_at, name;

-- name: RevokeAPIKey :execrows
update api_keys
set revoked_at = @now::timestamptz
where name = @name
    and revoked_at is null;

-- APIKeyName returns whose key it is, and notes at most once a minute that it was used.
-- name: APIKeyName :one
with used as (
    update api_keys
    set used_at = @now::timestamptz
    where api_keys.key_hash = @key_hash
        and api_keys.revoked_at is null
        and (api_keys.used_at is null or api_keys.used_at < @noted_before)
)
select k.name
from api_keys k
where k.key_hash = @key_hash
    and k.revoked_at is null;
