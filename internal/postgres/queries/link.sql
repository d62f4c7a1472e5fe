-- name: PutLink :exec
insert into links (token_hash, subject, email, flow, case_name, locale, sealed_facts, api_key, created_at, expires_at)
values (@token_hash, @subject, @email, @flow, @case_name, @locale, @sealed_facts, @api_key, @now, @expires_at);

-- Link returns a link. With its key it is revoked, too.
-- name: Link :one
select l.subject, l.email, l.flow, l.case_name, l.locale, l.sealed_facts, l.api_key, l.expires_at,
    (l.used_at is not null)::boolean as used, (k.revoked_at is not null)::boolean as revoked
from links l
left join api_keys k on k.name = l.api_key
where l.token_hash = @token_hash;

-- PressLink uses a link up. The browser that did so may do it again for a moment. With a key its links are revoked, too.
-- name: PressLink :execrows
update links
set used_at = coalesce(links.used_at, @now::timestamptz),
    used_by = @browser_hash::bytea
where token_hash = @token_hash
    and expires_at > @now
    and not exists (
        select
        from api_keys k
        where k.name = links.api_key
            and k.revoked_at is not null
    )
    and (links.used_at is null or (links.used_by = @browser_hash and links.used_at >= @since));
