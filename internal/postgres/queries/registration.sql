-- BeginRegistration stores the intent, or touches what is there already.
-- name: BeginRegistration :one
insert into registrations (id, applicant_id, flow, case_name, status, ask, stub_may_exist, reasked, tries, cause,
    due_at, version, created_at, touched_at)
values (@id, @applicant_id, @flow, @case_name, @status, '', false, false, 0, '', @due_at, 1, @now, @now)
on conflict on constraint registrations_one do update set touched_at = excluded.touched_at
returning id;

-- ClaimRegistration reserves a registration that is due and free. The new version ends a former holder's right to save.
-- name: ClaimRegistration :one
update registrations
set claimed_until = @until,
    version = version + 1
where id = @id
    and due_at <= @now::timestamptz
    and (claimed_until is null or claimed_until <= @now::timestamptz)
returning id;

-- name: ExtendClaim :execrows
update registrations
set claimed_until = @until
where id = @id
    and version = @version;

-- SaveRegistration stores the next version and, where there is one, the customer request that is shown. A request is
-- kept even when the version is no longer the caller's: whoever went on may need its key (see CustomerRequest).
-- name: SaveRegistration :execrows
with request as (
    insert into customer_requests (id, registration_id, sealed_key, created_at)
    select sqlc.narg(request_id)::text, @id, sqlc.narg(sealed_key)::bytea, sqlc.narg(request_created_at)::timestamptz
    where sqlc.narg(request_id)::text is not null
    on conflict (id) do nothing
)
update registrations
set status = @status,
    profile_id = @profile_id,
    request_id = sqlc.narg(request_id),
    ask = @ask,
    unclear_since = @unclear_since,
    stub_may_exist = @stub_may_exist,
    reasked = @reasked,
    tries = @tries,
    cause = @cause,
    due_at = @due_at,
    claimed_until = @claimed_until,
    version = version + 1
where registrations.id = @id
    and version = @version;

-- name: DueRegistrations :many
select id
from registrations
where due_at <= @now::timestamptz
    and (claimed_until is null or claimed_until <= @now::timestamptz)
order by due_at
limit @most;

-- name: Registration :one
select sqlc.embed(r), q.sealed_key, q.created_at as request_created_at
from registrations r
left join customer_requests q on q.id = r.request_id
where r.id = @id;

-- name: CustomerRequest :one
select sealed_key, created_at
from customer_requests
where id = @id
    and registration_id = @registration_id;
