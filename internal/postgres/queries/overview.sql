-- RegistrationsToSee lists what a person should look at, the oldest first. Each way to be among them has an index of its
-- own, which one condition with "or" would leave unused.
-- name: RegistrationsToSee :many
with to_see as (
    select id
    from registrations
    where status = 'needs_attention'
        or (stub_may_exist and not acknowledged)
    union
    select registration_id
    from profiles
    where orphaned_at is not null
        and acknowledged_at is null
    union
    select registration_id
    from structures
    where attention <> ''
        and not acknowledged
)
select sqlc.embed(r),
    (
        select count(*)
        from profiles p
        where p.registration_id = r.id
            and p.orphaned_at is not null
            and p.acknowledged_at is null
    ) as orphans,
    (
        select coalesce(max(e.at), r.created_at)::timestamptz
        from audit_entries e
        where e.registration_id = r.id
            and e.to_status = r.status
            and e.from_status <> r.status
    ) as since,
    coalesce((
        select s.attention
        from structures s
        where s.registration_id = r.id
            and not s.acknowledged
    ), '')::text as attention
from to_see
join registrations r on r.id = to_see.id
order by r.created_at, r.id
limit @most;

-- RegistrationsOfStatus lists the registrations of a status, the oldest first.
-- name: RegistrationsOfStatus :many
select sqlc.embed(r),
    (
        select count(*)
        from profiles p
        where p.registration_id = r.id
            and p.orphaned_at is not null
            and p.acknowledged_at is null
    ) as orphans,
    (
        select coalesce(max(e.at), r.created_at)::timestamptz
        from audit_entries e
        where e.registration_id = r.id
            and e.to_status = r.status
            and e.from_status <> r.status
    ) as since,
    coalesce((
        select s.attention
        from structures s
        where s.registration_id = r.id
            and not s.acknowledged
    ), '')::text as attention
from registrations r
where r.status = @status
order by r.created_at, r.id
limit @most;

-- CustomerRequests lists a registration's customer requests, the first first.
-- name: CustomerRequests :many
select id, created_at, octet_length(sealed_key) > 0 as key_stored
from customer_requests
where registration_id = @registration_id
order by created_at, id;

-- AssociatesShown lists those behind a registration's company without what was entered of them, which is sealed and personal.
-- name: AssociatesShown :many
select a.id, a.parent_id, a.status, a.source, a.entity_type, a.roles, a.profile_id, a.unclear_since, a.stub_may_exist, a.tries,
    a.cause, a.due_at, a.listed, a.running, a.created_at, a.submitted_at,
    array(
        select p.id
        from associate_profiles p
        where p.associate_id = a.id
            and p.id is distinct from a.profile_id
        order by p.seen_at, p.id
    )::text[] as others
from associates a
where a.registration_id = @registration_id
order by a.position;

-- IdentitiesOf lists how an applicant is known.
-- name: IdentitiesOf :many
select issuer, subject
from identities
where applicant_id = @applicant_id
order by issuer, subject;

-- TrailOf lists a registration's entries.
-- name: TrailOf :many
select registration_id, seq, at, actor, from_status, to_status, what, evidence, profile_id, request_id, hash
from audit_entries
where registration_id = @registration_id
order by seq;

-- Standing counts what should not last, each from an index that holds little else.
-- name: Standing :one
with moving as (
    select count(*) filter (where status = 'starting') as starting,
        count(*) filter (where status = 'unclear') as unclear
    from registrations
    where due_at is not null
), attention as (
    select count(*) filter (where status = 'needs_attention') as needs_attention,
        count(*) filter (where stub_may_exist and not acknowledged) as stub_may_exist
    from registrations
    where status = 'needs_attention'
        or (stub_may_exist and not acknowledged)
), queue as (
    select count(*) as waiting
    from registrations
    where waiting
        and due_at is not null
), orphaned as (
    select count(*) as orphans
    from profiles
    where orphaned_at is not null
        and acknowledged_at is null
), behind as (
    select count(*) as structures
    from structures
    where attention <> ''
        and not acknowledged
)
select moving.starting, moving.unclear, attention.needs_attention, attention.stub_may_exist, queue.waiting,
    orphaned.orphans, behind.structures,
    (
        select due_at
        from registrations
        where due_at is not null
        order by due_at
        limit 1
    ) as oldest_due
from moving, attention, queue, orphaned, behind;

-- name: CountByStatus :many
select status, count(*) as n
from registrations
group by status
order by status;
