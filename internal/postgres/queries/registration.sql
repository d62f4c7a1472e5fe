-- BeginRegistration stores the intent with its facts, if any, and the first entry of its trail, or touches what is there
-- already.
-- name: BeginRegistration :one
with begun as (
    insert into registrations (id, applicant_id, provider, flow, case_name, status, ask, stub_may_exist, reasked, tries, cause,
        due_at, version, created_at, touched_at, audit_seq, audit_hash)
    values (@id, @applicant_id, @provider, @flow, @case_name, @status, '', false, false, 0, '', @due_at, 1, @now, @now, 1,
        @audit_hash)
    on conflict on constraint registrations_one do update set touched_at = excluded.touched_at
    returning id, version, (xmax = 0)::boolean as fresh
), entry as (
    insert into audit_entries (registration_id, seq, at, actor, from_status, to_status, what, evidence, profile_id,
        request_id, hash)
    select id, 1, @now, @actor, '', @status, @what, '', '', '', @audit_hash
    from begun
    where fresh
), facts as (
    insert into registration_facts (registration_id, sealed)
    select id, sqlc.narg(sealed_facts)::bytea
    from begun
    where fresh
        and sqlc.narg(sealed_facts)::bytea is not null
)
select id, fresh
from begun;

-- ClaimRegistration reserves a registration that is due and free. The new version ends a former holder's right to save.
-- What is due shows no customer request. Facts are of use only until there is a profile.
-- name: ClaimRegistration :one
update registrations
set claimed_until = @until,
    version = version + 1
where id = @id
    and due_at <= @now::timestamptz
    and (claimed_until is null or claimed_until <= @now::timestamptz)
returning sqlc.embed(registrations),
    (select f.sealed from registration_facts f where f.registration_id = registrations.id and registrations.profile_id is null)
        as sealed_facts,
    (select v.sealed from verifications v where v.registration_id = registrations.id) as sealed_verification;

-- name: ExtendClaim :execrows
update registrations
set claimed_until = @until
where id = @id
    and version = @version;

-- SaveRegistration stores the next version with its entries of the trail and, where there are, its profile and the
-- customer request that is shown. Profile and request are kept even when the version is no longer the caller's: whoever
-- went on may need them (see CustomerRequest and KnownProfiles), or has made another, and then this one is an orphan.
-- A profile that the registration takes over is an orphan no more, and all its others are. Its facts are in it now. The keys of
-- a registration whose forms are finished open nothing any more.
-- name: SaveRegistration :one
with request as (
    insert into customer_requests (id, registration_id, sealed_key, created_at)
    select sqlc.narg(request_id)::text, @id, sqlc.narg(sealed_key)::bytea, sqlc.narg(request_created_at)::timestamptz
    where sqlc.narg(request_id)::text is not null
    on conflict (id) do nothing
), profile as (
    insert into profiles (id, registration_id, source, seen_at, orphaned_at)
    select sqlc.narg(profile_id)::text, r.id, 'portal', @now::timestamptz,
        case when r.profile_id <> sqlc.narg(profile_id)::text and r.version <> @version then @now::timestamptz end
    from registrations r
    where r.id = @id
        and sqlc.narg(profile_id)::text is not null
    on conflict (id) do nothing
), saved as (
    update registrations
    set status = @status,
        profile_id = sqlc.narg(profile_id)::text,
        request_id = sqlc.narg(request_id)::text,
        ask = @ask,
        unclear_since = @unclear_since,
        stub_may_exist = @stub_may_exist,
        refused = @refused,
        tries = @tries,
        cause = @cause,
        due_at = @due_at,
        waiting = @waiting,
        over_since = @over_since,
        read_at = @read_at,
        acknowledged = @acknowledged,
        audit_seq = @audit_seq,
        audit_hash = @audit_hash,
        claimed_until = @claimed_until,
        version = version + 1
    where registrations.id = @id
        and version = @version
    returning registrations.id
), orphan as (
    update profiles
    set orphaned_at = case when profiles.id <> sqlc.narg(profile_id)::text then @now::timestamptz end,
        acknowledged_at = null
    from saved
    where profiles.registration_id = saved.id
        and (profiles.id <> sqlc.narg(profile_id)::text) = (profiles.orphaned_at is null)
), facts as (
    delete from registration_facts
    using saved
    where registration_facts.registration_id = saved.id
        and (@facts_void::boolean or sqlc.narg(profile_id)::text is not null)
), keys as (
    update customer_requests
    set sealed_key = ''
    from saved
    where customer_requests.registration_id = saved.id
        and @status = 'completed'
        and customer_requests.sealed_key <> ''
), verification as (
    insert into verifications (registration_id, sealed, level, review_status, review_answer, reject_type, read_at)
    select saved.id, sqlc.narg(sealed_verification)::bytea, @level::text, @review_status::text, @review_answer::text,
        @reject_type::text, @verified_at::timestamptz
    from saved
    where sqlc.narg(sealed_verification)::bytea is not null
    on conflict (registration_id) do update
    set sealed = excluded.sealed,
        level = excluded.level,
        review_status = excluded.review_status,
        review_answer = excluded.review_answer,
        reject_type = excluded.reject_type,
        read_at = excluded.read_at
), entry as (
    insert into audit_entries (registration_id, seq, at, actor, from_status, to_status, what, evidence, profile_id,
        request_id, hash)
    select saved.id, unnest(@entry_seqs::bigint[]), unnest(@entry_ats::timestamptz[]), unnest(@entry_actors::text[]),
        unnest(@entry_froms::text[]), unnest(@entry_tos::text[]), unnest(@entry_whats::text[]),
        unnest(@entry_evidences::text[]), unnest(@entry_profiles::text[]), unnest(@entry_requests::text[]),
        unnest(@entry_hashes::bytea[])
    from saved
)
select count(*) as saved
from saved;

-- name: DueRegistrations :many
select id
from registrations
where due_at <= @now::timestamptz
    and (claimed_until is null or claimed_until <= @now::timestamptz)
order by due_at
limit @most;

-- SilentRegistrations are those whose provider is to be read again; those of earlier releases do not say when.
-- name: SilentRegistrations :many
select id
from registrations
where status in ('open', 'checking')
    and due_at is null
    and coalesce(read_at, created_at) <= @now::timestamptz
order by coalesce(read_at, created_at)
limit @most;

-- name: Registration :one
select sqlc.embed(r), q.sealed_key, q.created_at as request_created_at, v.sealed as sealed_verification
from registrations r
left join customer_requests q on q.id = r.request_id
left join verifications v on v.registration_id = r.id
where r.id = @id;

-- name: RegistrationOfProfile :one
select sqlc.embed(r), q.sealed_key, q.created_at as request_created_at, v.sealed as sealed_verification
from registrations r
left join customer_requests q on q.id = r.request_id
left join verifications v on v.registration_id = r.id
where r.profile_id = @profile_id::text;

-- name: CustomerRequest :one
select sealed_key, created_at
from customer_requests
where id = @id
    and registration_id = @registration_id;

-- name: KnownProfiles :many
select id, source, seen_at, orphaned_at, acknowledged_at, given_up_at
from profiles
where registration_id = @registration_id
order by seen_at, id;

-- NoteProfile records a profile that carries the registration's reference. It is an orphan where the registration has
-- another. A registration that looks for one is due at once, and what a look-up under way finds is out of date. The
-- registration is locked first, as SaveRegistration does.
-- name: NoteProfile :one
with r as (
    select own.id, own.profile_id
    from registrations own
    where own.id = @id
    for no key update
), noted as (
    insert into profiles (id, registration_id, source, seen_at, orphaned_at)
    select @profile_id, r.id, @source, @now::timestamptz, case when r.profile_id <> @profile_id then @now::timestamptz end
    from r
    on conflict (id) do nothing
    returning orphaned_at
), woken as (
    update registrations
    set due_at = least(due_at, @now::timestamptz),
        version = version + (status = 'unclear')::int
    from r
    where registrations.id = r.id
        and registrations.profile_id is null
        and registrations.due_at is not null
)
select count(*) as noted, count(orphaned_at) as orphaned
from noted;

-- GiveProfileUp records that a person has given a profile of the registration up: it is an orphan that they have seen.
-- name: GiveProfileUp :exec
insert into profiles (id, registration_id, source, seen_at, orphaned_at, acknowledged_at, given_up_at)
values (@id, @registration_id, 'portal', @now, @now, @now, @now)
on conflict (id) do update
set orphaned_at = excluded.orphaned_at,
    acknowledged_at = excluded.acknowledged_at,
    given_up_at = excluded.given_up_at;

-- TakenProfiles are those of the given profiles that are not to become the registration's: others have them, or it has
-- given them up.
-- name: TakenProfiles :many
select id
from profiles
where id = any (@ids::text[])
    and (registration_id <> @registration_id or given_up_at is not null);

-- name: AcknowledgeProfiles :execrows
update profiles
set acknowledged_at = @now
where registration_id = @registration_id
    and orphaned_at is not null
    and acknowledged_at is null;

-- TakeTurn gives a turn where the tokens reach for those who came before and the one who asks. Whoever waits is in the
-- order of arrival. The commit does not wait for the disk: while it did, nobody else could take a turn. What is stored
-- next, before the provider is asked, waits for both, so a server that crashes forgets at most turns that nobody used.
-- name: TakeTurn :one
with hurried as materialized (
    select set_config('synchronous_commit', 'off', true)
), ahead as (
    select count(*) as n
    from registrations r
    where r.waiting
        and r.due_at is not null
        and (r.created_at, r.id) < (@created_at::timestamptz, @id::uuid)
)
update provider_quotas q
set granted = q.blocked_until <= @now::timestamptz and quota_left(q.*, @now, @per_second, @burst) >= ahead.n + 1,
    tokens = quota_left(q.*, @now, @per_second, @burst)
        - (q.blocked_until <= @now and quota_left(q.*, @now, @per_second, @burst) >= ahead.n + 1)::int,
    refilled_at = quota_time(q.*, @now)
from hurried, ahead
where q.name = @name
returning q.granted, q.tokens, q.blocked_until, ahead.n::bigint as ahead;

-- TakeSpareTurn gives a turn where the tokens reach for as many more, and, behind those who wait, for each of them.
-- name: TakeSpareTurn :one
with hurried as materialized (
    select set_config('synchronous_commit', 'off', true)
), ahead as (
    select count(*) as n
    from registrations r
    where @behind::boolean
        and r.waiting
        and r.due_at is not null
)
update provider_quotas q
set granted = q.blocked_until <= @now::timestamptz and quota_left(q.*, @now, @per_second, @burst) - @spared::float8 >= ahead.n + 1,
    tokens = quota_left(q.*, @now, @per_second, @burst)
        - (q.blocked_until <= @now and quota_left(q.*, @now, @per_second, @burst) - @spared::float8 >= ahead.n + 1)::int,
    refilled_at = quota_time(q.*, @now)
from hurried, ahead
where q.name = @name
returning q.granted, q.tokens, q.blocked_until, ahead.n::bigint as ahead;

-- name: GiveTurnBack :exec
update provider_quotas
set tokens = tokens + 1
where name = @name;

-- LowerQuota takes the provider's word for what is left of its limit now, and for how long it refuses.
-- name: LowerQuota :exec
update provider_quotas q
set tokens = least(quota_left(q.*, @now::timestamptz, @per_second, @burst), @remaining::float8),
    refilled_at = quota_time(q.*, @now),
    blocked_until = greatest(q.blocked_until, @until::timestamptz)
where q.name = @name;
