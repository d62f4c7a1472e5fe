-- LockAddress has codes for one address asked for one after the other, until the end of the transaction.
-- name: LockAddress :exec
select pg_advisory_xact_lock(hashtextextended(@email::text, 0));

-- PutCode stores a sign-in unless the address has had its share of codes.
-- name: PutCode :execrows
insert into sign_ins (browser_hash, email, flow, finishing, code_hash, created_at, expires_at)
select @browser_hash, @email::text, @flow, @finishing, @code_hash, @now::timestamptz, @expires_at
where (select count(*) from sign_ins s where s.email = @email and s.created_at >= @since) < @code_limit::bigint;

-- name: DropCode :exec
delete from sign_ins
where browser_hash = @browser_hash;

-- name: PendingSignIn :one
select email, flow, finishing, expires_at, tries, (used_at is null and expires_at > @now)::boolean as live
from sign_ins
where browser_hash = @browser_hash;

-- TryCode counts a try and uses the code up when it is right, in one step, so that neither can be outrun.
-- name: TryCode :one
update sign_ins
set tries = tries + 1,
    used_at = case when code_hash = @code_hash then @now::timestamptz end
where browser_hash = @browser_hash
    and used_at is null
    and tries < @max_tries
    and expires_at > @now
returning email, (used_at is not null)::boolean as correct;

-- ClaimIdentity returns the identity's applicant, which is the proposed one when the identity is new.
-- name: ClaimIdentity :one
insert into identities (issuer, subject, applicant_id, created_at)
values (@issuer, @subject, @proposed, @now)
on conflict (issuer, subject) do update set issuer = excluded.issuer
returning applicant_id;

-- name: InsertApplicant :exec
insert into applicants (id, created_at)
values (@id, @now);

-- name: InsertSession :exec
insert into sessions (token_hash, issuer, subject, created_at, seen_at)
values (@token_hash, @issuer, @subject, @now, @now);

-- name: EndSession :exec
update sessions
set ended_at = @now
where token_hash = @token_hash
    and ended_at is null;
