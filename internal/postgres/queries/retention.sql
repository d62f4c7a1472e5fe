-- EndedRegistrations lists some registrations that came to an end, the oldest first, after one.
-- name: EndedRegistrations :many
select r.id, r.created_at
from registrations r
where r.status = @status
    and r.created_at < @before::timestamptz
    and (r.created_at, r.id) > (@after_created_at::timestamptz, @after_id::uuid)
order by r.created_at, r.id
limit @most;

-- HoldEnded locks those of the registrations that have that status still. Those that somebody is busy with are passed over.
-- name: HoldEnded :many
select r.id
from registrations r
where r.id = any (@ids::uuid[])
    and r.status = @status
order by r.id
for update skip locked;

-- HoldStructures locks the structures of registrations, so that nobody enters anybody meanwhile. Whoever is just doing so has locked
-- one first, and asks for the registration then: those are passed over.
-- name: HoldStructures :many
select s.registration_id
from structures s
where s.registration_id = any (@ids::uuid[])
order by s.registration_id
for update skip locked;

-- BeginForgetting lets this transaction delete entries of the trail.
-- name: BeginForgetting :exec
select set_config('portal.forgetting', 'on', true);

-- PastRegistrations are those of the registrations that ended before then, and for which nobody has anything left to do:
-- nobody works on them or has to look at them, everybody behind their companies was entered before then and passed on, and the
-- company's back end was told. Structures are those that are not being changed now. Registrations of before there were trails are judged by when their applicants last chose them. One that somebody made
-- look as if it had been forgotten stays, so that it is seen.
-- name: PastRegistrations :many
select r.id
from registrations r
where r.id = any (@ids::uuid[])
    and r.due_at is null
    and (r.claimed_until is null or r.claimed_until <= @now::timestamptz)
    and not (r.stub_may_exist and not r.acknowledged)
    and (r.audit_seq > 0 or r.touched_at < @before::timestamptz)
    and not exists (select from audit_entries e where e.registration_id = r.id and e.at >= @before::timestamptz)
    and not exists (select from forgotten_trails f where f.registration_id = r.id)
    and not exists (
        select
        from profiles p
        where p.registration_id = r.id
            and p.orphaned_at is not null
            and p.acknowledged_at is null
    )
    and not exists (
        select
        from structures s
        where s.registration_id = r.id
            and (
                (s.registration_id = any (@structures::uuid[])) is not true
                or s.claimed_until > @now::timestamptz
                or s.attention <> '' and not s.acknowledged
            )
    )
    and not exists (
        select
        from structures s
        join associates a on a.registration_id = s.registration_id
        where s.registration_id = r.id
            and (
                a.created_at >= @before::timestamptz
                or a.submitted_at >= @before::timestamptz
                or s.ending = '' and a.status in ('starting', 'unclear', 'needs_attention', 'created')
            )
    )
    and not exists (select from notices n where n.registration_id = r.id and n.status = 'pending')
    and not exists (select from documents d where d.registration_id = r.id and d.claimed_until > @now::timestamptz);

-- KeepTrailEnds keeps where the trails of registrations end that are about to be deleted. What that is the database finds itself.
-- name: KeepTrailEnds :exec
insert into forgotten_trails (registration_id)
select r.id
from registrations r
where r.id = any (@ids::uuid[])
    and exists (select from audit_entries e where e.registration_id = r.id);

-- DeleteRegistrations deletes registrations with everything about them. References are checked when all of it has gone.
-- name: DeleteRegistrations :execrows
with told as (
    delete from notices where notices.registration_id = any (@ids::uuid[])
), facts as (
    delete from registration_facts where registration_facts.registration_id = any (@ids::uuid[])
), given as (
    delete from documents where documents.registration_id = any (@ids::uuid[])
), verified as (
    delete from verifications where verifications.registration_id = any (@ids::uuid[])
), placed as (
    delete from associate_profiles
    using associates a
    where associate_profiles.associate_id = a.id
        and a.registration_id = any (@ids::uuid[])
), behind as (
    delete from associates where associates.registration_id = any (@ids::uuid[])
), companies as (
    delete from structures where structures.registration_id = any (@ids::uuid[])
), known as (
    delete from profiles where profiles.registration_id = any (@ids::uuid[])
), trail as (
    delete from audit_entries where audit_entries.registration_id = any (@ids::uuid[])
), requests as (
    delete from customer_requests where customer_requests.registration_id = any (@ids::uuid[])
)
delete from registrations where registrations.id = any (@ids::uuid[]);

-- IdleApplicants looks at some applicants, after one, and locks none. It says who came before then and has neither a registration
-- nor a session, and who was the last if there may be more.
-- name: IdleApplicants :many
select looked.id, looked.n, looked.idle
from (
    select a.id, row_number() over (order by a.id)::bigint as n, (
        a.created_at < @before::timestamptz
        and (select r.id from registrations r where r.applicant_id = a.id limit 1) is null
        and (
            select i.applicant_id
            from identities i
            join sessions s on s.issuer = i.issuer and s.subject = i.subject
            where i.applicant_id = a.id
            limit 1
        ) is null
    )::boolean as idle
    from applicants a
    where a.id > @after
    order by a.id
    limit @most
) looked
where looked.idle
    or looked.n = @most
order by looked.id;

-- HoldApplicants locks applicants, so that nobody begins a registration of theirs. Those that somebody is busy with are passed
-- over.
-- name: HoldApplicants :many
select a.id
from applicants a
where a.id = any (@ids::uuid[])
order by a.id
for update skip locked;

-- DeleteApplicants deletes those of the held applicants who still have neither a registration nor a session, with the ways in
-- which they are known.
-- name: DeleteApplicants :execrows
with idle as (
    select a.id
    from applicants a
    where a.id = any (@ids::uuid[])
        and not exists (select from registrations r where r.applicant_id = a.id)
        and not exists (
            select
            from identities i
            join sessions s on s.issuer = i.issuer and s.subject = i.subject
            where i.applicant_id = a.id
        )
), known as (
    delete from identities
    using idle
    where identities.applicant_id = idle.id
)
delete from applicants
using idle
where applicants.id = idle.id;

-- ForgetKeys empties the keys of customer requests that were created before then: no form opens with them any more.
-- name: ForgetKeys :execrows
update customer_requests
set sealed_key = ''
where id in (
    select q.id
    from customer_requests q
    where q.created_at < @before
        and q.sealed_key <> ''
    order by q.created_at
    limit @most
    for update skip locked
);
