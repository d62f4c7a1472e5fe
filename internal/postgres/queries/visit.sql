-- Visit answers in one round trip who is asking and what they have begun, the registration last touched first. It
-- notes the sign of life at most once a minute.
-- name: Visit :many
with visitor as (
    select s.token_hash, s.issuer, s.subject, s.device, s.provider, s.created_at, s.seen_at, i.applicant_id, i.email, i.name
    from sessions s
    join identities i on i.issuer = s.issuer and i.subject = s.subject
    where s.token_hash = @token_hash
        and s.ended_at is null
        and s.seen_at > @idle_since
        and s.created_at > @signed_in_since
), touched as (
    update sessions
    set seen_at = @now
    where sessions.token_hash = @token_hash
        and sessions.ended_at is null
        and sessions.seen_at > @idle_since
        and sessions.seen_at < @touched_before
)
select visitor.applicant_id, visitor.issuer, visitor.subject, visitor.email, visitor.name,
    visitor.token_hash, visitor.device, visitor.provider, visitor.created_at as session_created_at, visitor.seen_at,
    r.id, r.provider as registration_provider, r.flow, r.case_name, r.status, r.profile_id, r.request_id, r.ask, r.unclear_since, r.stub_may_exist,
    r.refused, r.tries, r.cause, r.due_at, r.waiting, r.over_since, r.read_at, r.acknowledged, r.version, r.created_at,
    r.touched_at, r.audit_seq, r.audit_hash,
    q.sealed_key, q.created_at as request_created_at, st.total as associates, st.drafts, st.ending,
    vf.sealed as sealed_verification
from visitor
left join registrations r on r.applicant_id = visitor.applicant_id
left join customer_requests q on q.id = r.request_id
left join structures st on st.registration_id = r.id
left join verifications vf on vf.registration_id = r.id
order by r.touched_at desc nulls last
limit 50;

-- VisitedStructure is the structure of one of the visitor's registrations: see onboarding.Pick. As those below it is asked
-- together with Visit, which says whether anybody may see it.
-- name: VisitedStructure :one
select s.registration_id, s.total, s.drafts, s.profile_id, s.sealed_own, s.others, s.ending, s.attention, s.acknowledged, s.due_at,
    s.read_at, s.claimed_until, s.fence, s.edits, s.created_at
from structures s
where s.registration_id = (
    select r.id
    from sessions mine
    join identities i on i.issuer = mine.issuer and i.subject = mine.subject
    join registrations r on r.applicant_id = i.applicant_id
    where mine.token_hash = @token_hash
        and r.flow = any (@flows::text[])
        and (sqlc.narg(registration_id)::uuid is null or r.id = sqlc.narg(registration_id)::uuid)
    order by r.touched_at desc
    limit 1
);

-- VisitedAssociates are those in that structure.
-- name: VisitedAssociates :many
select sqlc.embed(a),
    (
        select count(*)
        from associate_profiles p
        where p.associate_id = a.id
            and p.id <> a.profile_id
    ) as orphans
from associates a
where a.registration_id = (
    select r.id
    from sessions mine
    join identities i on i.issuer = mine.issuer and i.subject = mine.subject
    join registrations r on r.applicant_id = i.applicant_id
    where mine.token_hash = @token_hash
        and r.flow = any (@flows::text[])
        and (sqlc.narg(registration_id)::uuid is null or r.id = sqlc.narg(registration_id)::uuid)
    order by r.touched_at desc
    limit 1
)
order by a.position;

-- VisitedDocuments are the documents of one of the visitor's registrations.
-- name: VisitedDocuments :many
select sqlc.embed(d)
from documents d
where d.registration_id = (
    select r.id
    from sessions mine
    join identities i on i.issuer = mine.issuer and i.subject = mine.subject
    join registrations r on r.applicant_id = i.applicant_id
    where mine.token_hash = @token_hash
        and r.flow = any (@flows::text[])
        and (sqlc.narg(registration_id)::uuid is null or r.id = sqlc.narg(registration_id)::uuid)
    order by r.touched_at desc
    limit 1
)
order by d.created_at, d.id;

-- VisitedSessions are all sessions of the visitor that go on.
-- name: VisitedSessions :many
select s.token_hash, i.applicant_id, s.issuer, s.subject, i.email, i.name, s.device, s.provider, s.created_at, s.seen_at
from sessions mine
join identities me on me.issuer = mine.issuer and me.subject = mine.subject
join identities i on i.applicant_id = me.applicant_id
join sessions s on s.issuer = i.issuer and s.subject = i.subject
where mine.token_hash = @token_hash
    and s.ended_at is null
    and s.seen_at > @idle_since
    and s.created_at > @signed_in_since
order by s.seen_at desc, s.created_at desc
limit 100;
