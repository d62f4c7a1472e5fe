-- ClaimIdentity returns the identity's applicant, which is the proposed one when the identity is new, and keeps what is
-- said of the person now.
-- name: ClaimIdentity :one
insert into identities (issuer, subject, applicant_id, email, name, created_at)
values (@issuer, @subject, @proposed, @email, @name, @now)
on conflict (issuer, subject) do update
set email = excluded.email,
    name = excluded.name
returning applicant_id;

-- IdentityApplicant returns whose identity it is.
-- name: IdentityApplicant :one
select applicant_id
from identities
where issuer = @issuer
    and subject = @subject;

-- JoinIdentity gives an applicant a further identity, unless it is somebody's already.
-- name: JoinIdentity :exec
insert into identities (issuer, subject, applicant_id, email, created_at)
values (@issuer, @subject, @applicant_id, @email, @now)
on conflict (issuer, subject) do nothing;

-- name: InsertApplicant :exec
insert into applicants (id, created_at)
values (@id, @now);

-- name: InsertSession :exec
insert into sessions (token_hash, issuer, subject, device, provider, provider_session, sealed_id_token, created_at, seen_at)
values (@token_hash, @issuer, @subject, @device, @provider, @provider_session, @sealed_id_token, @now, @now);

-- EndSession ends a session and forgets what was kept for its end, which is returned.
-- name: EndSession :one
with ending as (
    select s.token_hash, s.sealed_id_token
    from sessions s
    where s.token_hash = @token_hash
        and s.ended_at is null
    for update
)
update sessions
set ended_at = @now,
    sealed_id_token = null
from ending
where sessions.token_hash = ending.token_hash
returning sessions.issuer, sessions.subject, sessions.device, sessions.provider, sessions.provider_session,
    ending.sealed_id_token, sessions.created_at, sessions.seen_at;

-- EndOwnSession ends the applicant's session of that name: see identity.SessionIDOf.
-- name: EndOwnSession :exec
update sessions s
set ended_at = @now,
    sealed_id_token = null
from identities i
where i.applicant_id = @applicant_id
    and s.issuer = i.issuer
    and s.subject = i.subject
    and s.ended_at is null
    and encode(substring(sha256('session|'::bytea || s.token_hash) from 1 for 8), 'hex') = @id::text;

-- EndOtherSessions ends all sessions of the applicant but one.
-- name: EndOtherSessions :exec
update sessions s
set ended_at = @now,
    sealed_id_token = null
from identities i
where i.applicant_id = @applicant_id
    and s.issuer = i.issuer
    and s.subject = i.subject
    and s.ended_at is null
    and s.token_hash <> @kept;
