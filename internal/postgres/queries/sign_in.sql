-- PutCode gives the browser's sign-in a code. The one before stays good until it expires, for the same
-- address, unless it was tried too often.
-- name: PutCode :exec
insert into sign_ins (browser_hash, email, flow, case_name, finishing, code_hash, created_at, expires_at)
values (@browser_hash, @email, @flow, @case_name, @finishing, @code_hash, @now, @expires_at)
on conflict (browser_hash) do update
set email = excluded.email,
    flow = excluded.flow,
    case_name = excluded.case_name,
    finishing = excluded.finishing,
    previous_code_hash = case
        when sign_ins.email = excluded.email and sign_ins.used_at is null and sign_ins.tries < @max_tries then sign_ins.code_hash
    end,
    previous_expires_at = case
        when sign_ins.email = excluded.email and sign_ins.used_at is null and sign_ins.tries < @max_tries then sign_ins.expires_at
    end,
    code_hash = excluded.code_hash,
    tries = 0,
    created_at = excluded.created_at,
    expires_at = excluded.expires_at,
    used_at = null;

-- name: PendingSignIn :one
select email, flow, case_name, finishing, expires_at, tries, (used_at is null and expires_at > @now)::boolean as live
from sign_ins
where browser_hash = @browser_hash
    and created_at > @since;

-- TryCode counts a try and uses the code up when it is right, in one step, so that neither can be outrun. The address and
-- the tries so far are those by which it was decided what the try takes from: the browser may just have asked for a code
-- to another address, or tried elsewhere.
-- name: TryCode :one
update sign_ins
set tries = tries + 1,
    used_at = case
        when code_hash = @code_hash then @now::timestamptz
        when previous_code_hash = @code_hash and previous_expires_at > @now then @now
    end
where browser_hash = @browser_hash
    and email = @email
    and used_at is null
    and tries = @tries
    and expires_at > @now
returning (used_at is not null)::boolean as correct;
