-- name: Structure :one
select registration_id, total, drafts, profile_id, sealed_own, others, ending, attention, acknowledged, due_at, read_at, claimed_until, fence, edits,
    created_at
from structures
where registration_id = @registration_id;

-- HoldStructure makes the structure of a registration if there is none yet, and locks it: who edits it is alone.
-- name: HoldStructure :one
insert into structures (registration_id, total, drafts, ending, attention, acknowledged, fence, edits, created_at)
values (@registration_id, 0, 0, '', '', false, 0, 0, now())
on conflict on constraint structures_pk do update set edits = structures.edits + 1
returning registration_id, total, drafts, profile_id, sealed_own, others, ending, attention, acknowledged, due_at, read_at, claimed_until, fence, edits,
    created_at;

-- name: AssociatesOf :many
select sqlc.embed(a),
    (
        select count(*)
        from associate_profiles p
        where p.associate_id = a.id
            and p.id <> a.profile_id
    ) as orphans
from associates a
where a.registration_id = @registration_id
order by a.position;

-- name: Associate :one
select sqlc.embed(a),
    (
        select count(*)
        from associate_profiles p
        where p.associate_id = a.id
            and p.id <> a.profile_id
    ) as orphans
from associates a
where a.id = @id;

-- PutAssociates stores associates that were entered or changed. No row comes back for an id that is another registration's, or
-- a registration's itself: both would carry one reference at the provider. What is sealed stays where nothing is given.
-- name: PutAssociates :batchone
insert into associates (id, registration_id, parent_id, status, source, entity_type, roles, sealed, profile_id, asked, unclear_since,
    stub_may_exist, tries, cause, due_at, alone, listed, running, version, created_at, submitted_at)
select @id, @registration_id, sqlc.narg(parent_id)::uuid, @status, @source, @entity_type, @roles::text[], @sealed::bytea,
    sqlc.narg(profile_id)::text, @asked, sqlc.narg(unclear_since)::timestamptz, @stub_may_exist, @tries, @cause,
    sqlc.narg(due_at)::timestamptz, @alone, @listed, @running, 1, @created_at, sqlc.narg(submitted_at)::timestamptz
where not exists (select from registrations r where r.id = @id)
on conflict on constraint associates_pk do update
set status = excluded.status,
    entity_type = excluded.entity_type,
    roles = excluded.roles,
    sealed = case when excluded.sealed = '' then associates.sealed else excluded.sealed end,
    asked = excluded.asked,
    unclear_since = excluded.unclear_since,
    stub_may_exist = excluded.stub_may_exist,
    tries = excluded.tries,
    cause = excluded.cause,
    due_at = excluded.due_at,
    alone = excluded.alone,
    listed = excluded.listed,
    version = associates.version + 1,
    submitted_at = excluded.submitted_at
where associates.registration_id = excluded.registration_id
returning id;

-- name: WithdrawAssociate :exec
delete from associates
where id = @id
    and registration_id = @registration_id
    and status = 'draft';

-- EditedStructure counts what an edit has left, and makes the structure due where there is something to do.
-- name: EditedStructure :exec
update structures
set total = counted.total,
    drafts = counted.drafts,
    due_at = least(structures.due_at, sqlc.narg(due_at)::timestamptz)
from (
    select count(*) as total, count(*) filter (where a.status = 'draft') as drafts
    from associates a
    where a.registration_id = @registration_id
) counted
where structures.registration_id = @registration_id;

-- LearnStructure stores what company it is, also before anybody was entered behind it.
-- name: LearnStructure :exec
insert into structures (registration_id, total, drafts, sealed_own, ending, attention, acknowledged, fence, edits, created_at)
values (@registration_id, 0, 0, @sealed_own, '', '', false, 0, 0, now())
on conflict on constraint structures_pk do update set sealed_own = excluded.sealed_own;

-- ClaimStructure reserves a structure that is due and free, of a registration that has a profile. The new fence ends a former
-- holder's right to save.
-- name: ClaimStructure :one
update structures s
set claimed_until = @until,
    fence = s.fence + 1
from registrations r
where s.registration_id = @registration_id
    and r.id = s.registration_id
    and r.profile_id is not null
    and s.due_at <= @now::timestamptz
    and (s.claimed_until is null or s.claimed_until <= @now::timestamptz)
returning sqlc.embed(s), sqlc.embed(r);

-- name: ExtendStructure :execrows
update structures
set claimed_until = @until
where registration_id = @registration_id
    and fence = @fence;

-- SaveAssociate stores an associate's next version, and its profile in any case. The structure is locked first, as by who
-- edits it. Held says whether the fence holds.
-- name: SaveAssociate :one
with held as (
    select s.registration_id
    from structures s
    where s.registration_id = @registration_id
        and s.fence = @fence
    for no key update
), profile as (
    insert into associate_profiles (id, associate_id, seen_at)
    select sqlc.narg(profile_id)::text, @id, @now
    where sqlc.narg(profile_id)::text is not null
    on conflict (id) do nothing
), saved as (
    update associates a
    set status = @status,
        profile_id = sqlc.narg(profile_id)::text,
        asked = @asked,
        unclear_since = @unclear_since,
        stub_may_exist = @stub_may_exist,
        tries = @tries,
        cause = @cause,
        due_at = @due_at,
        alone = @alone,
        listed = @listed,
        running = @running,
        version = a.version + 1
    from held
    where a.id = @id
        and a.registration_id = held.registration_id
        and a.version = @version
    returning a.id
)
select (select count(*) from held)::bigint as held, (select count(*) from saved)::bigint as saved;

-- SaveStructure stores how a structure stands and gives its claim up. What was edited since the claim is due at once. It
-- may also be that the provider has told of something since, which the look that was made has not seen: it is read again soon.
-- name: SaveStructure :execrows
update structures
set profile_id = @profile_id,
    sealed_own = coalesce(sqlc.narg(sealed_own)::bytea, sealed_own),
    others = @others::text[],
    ending = @ending,
    attention = @attention,
    acknowledged = @acknowledged,
    read_at = case when structures.edits = @edits then sqlc.narg(read_at)::timestamptz
        else least(sqlc.narg(read_at)::timestamptz, @soon::timestamptz) end,
    due_at = case when structures.edits = @edits then sqlc.narg(due_at)::timestamptz else @now::timestamptz end,
    claimed_until = null,
    fence = structures.fence + 1
where registration_id = @registration_id
    and structures.fence = @fence;

-- name: DueStructures :many
select s.registration_id
from structures s
join registrations r on r.id = s.registration_id
where s.due_at <= @now::timestamptz
    and (s.claimed_until is null or s.claimed_until <= @now::timestamptz)
    and r.profile_id is not null
order by s.due_at
limit @most;

-- AssociateProfiles lists the profiles of an associate, or one that is null where it has none.
-- name: AssociateProfiles :many
select p.id as profile_id
from associates a
left join associate_profiles p on p.associate_id = a.id
where a.id = @id
order by p.seen_at, p.id;

-- NoteAssociateProfile records a profile that carries the associate's reference, and has an associate looked at whose call
-- had no answer. The structure is locked first.
-- name: NoteAssociateProfile :one
with a as (
    select own.id, own.profile_id, s.registration_id
    from associates own
    join structures s on s.registration_id = own.registration_id
    where own.id = @associate_id
    for no key update of s
), noted as (
    insert into associate_profiles (id, associate_id, seen_at)
    select @profile_id, a.id, @now::timestamptz
    from a
    on conflict (id) do nothing
    returning id
), woken as (
    update associates
    set status = 'unclear',
        due_at = null,
        version = version + 1
    from a
    where associates.id = a.id
        and associates.profile_id is null
        and associates.unclear_since is not null
), due as (
    update structures
    set due_at = least(structures.due_at, @now::timestamptz),
        edits = structures.edits + 1
    from a
    where structures.registration_id = a.registration_id
)
select count(*) as orphaned
from noted, a
where a.profile_id <> noted.id;

-- TakenByAssociates are those of the given profiles that others have.
-- name: TakenByAssociates :many
select p.id
from associate_profiles p
where p.id = any (@ids::text[])
    and p.associate_id <> @associate_id;

-- ReadStructureOf has a structure looked at that a profile belongs to. The more there are behind a company, the more is told of
-- them in a row, and the longer it takes to read: it is looked at that much later.
-- name: ReadStructureOf :exec
with own as (
    select r.id
    from registrations r
    where r.profile_id = @profile_id::text
    union
    select a.registration_id
    from associates a
    where a.profile_id = @profile_id::text
), soon as (
    select s.registration_id, @due::timestamptz as base, make_interval(secs => s.total * 0.1) as longer
    from structures s
    join own on own.id = s.registration_id
)
update structures
set read_at = least(structures.read_at, soon.base + soon.longer),
    due_at = least(structures.due_at, soon.base + soon.longer),
    edits = structures.edits + 1
from soon
where structures.registration_id = soon.registration_id;
