-- ClaimNotice reserves the notice that has been due longest among those that are free.
-- name: ClaimNotice :one
update notices
set claimed_until = @until,
    claim = nextval('notice_claims')
where seq = (
    select n.seq
    from notices n
    where n.status = 'pending'
        and n.due_at <= @now::timestamptz
        and (n.claimed_until is null or n.claimed_until <= @now::timestamptz)
    order by n.due_at, n.seq
    limit 1
    for update skip locked
)
returning seq, id, type, registration_id, registration_status, issuer, subject, flow, case_name, profile_id, happened_at,
    queued_at, claim, tries;

-- SettleNotice writes down what became of a claimed notice, and the attempt where one was made, unless the claim was lost.
-- One that was queued again meanwhile stays as it was queued, unless it was delivered.
-- name: SettleNotice :one
with held as (
    select n.seq, n.queued_at > @queued_at::timestamptz and @status::text <> 'delivered' as replayed
    from notices n
    where n.seq = @seq
        and n.claim = @claim
    for update
), settled as (
    update notices n
    set status = case when h.replayed then n.status else @status::text end,
        due_at = case when h.replayed then n.due_at else sqlc.narg(due_at)::timestamptz end,
        ended_at = case when h.replayed then n.ended_at else sqlc.narg(ended_at)::timestamptz end,
        claimed_until = null,
        tries = n.tries + case when @attempted::boolean and not h.replayed then 1 else 0 end,
        attempts = n.attempts + case when @attempted::boolean then 1 else 0 end,
        cause = @cause
    from held h
    where n.seq = h.seq
    returning n.seq, n.attempts
), logged as (
    insert into notice_attempts (notice_seq, n, at, took_ms, http_status, cause)
    select seq, attempts, @at, @took_ms, @http_status, @cause
    from settled
    where @attempted::boolean
)
select count(*) as settled
from settled;

-- FreeNotice gives a claim up: the notice is due as it was.
-- name: FreeNotice :execrows
update notices
set claimed_until = null
where seq = @seq
    and claim = @claim;

-- ReplayNotices has some notices sent once more, as if they had just happened. Whoever is sending one goes on.
-- name: ReplayNotices :one
with chosen as (
    select n.seq
    from notices n
    where n.seq > @after
        and (n.id = any(@ids::text[])
            or @given_up::boolean and n.status = 'given_up' and n.happened_at >= @since::timestamptz)
    order by n.seq
    limit @most
    for update
), again as (
    update notices
    set status = 'pending',
        queued_at = @now::timestamptz,
        due_at = @now::timestamptz,
        ended_at = null,
        tries = 0
    where notices.seq in (select chosen.seq from chosen)
    returning notices.seq
)
select count(*) as replayed, coalesce(max(seq), 0)::bigint as last
from again;

-- KnownNotices returns which of the ids are those of notices.
-- name: KnownNotices :many
select id
from notices
where id = any(@ids::text[]);

-- DeleteEndedNotices deletes some notices that ended before then, with their attempts.
-- name: DeleteEndedNotices :execrows
delete from notices
where seq = any(array(
    select n.seq
    from notices n
    where n.ended_at < @before::timestamptz
    order by n.ended_at
    limit @most
    for update skip locked
));

-- DeleteUnsentNotices deletes some notices that have been due since before then.
-- name: DeleteUnsentNotices :execrows
delete from notices
where seq = any(array(
    select n.seq
    from notices n
    where n.status = 'pending'
        and n.due_at < @before::timestamptz
    order by n.due_at, n.seq
    limit @most
    for update skip locked
));

-- StandingNotices counts what stands still. Where nothing is pending, the oldest is of now.
-- name: StandingNotices :one
select (select count(*) from notices p where p.status = 'pending') as pending,
    (select count(*) from notices g where g.status = 'given_up') as given_up,
    coalesce((select min(o.queued_at) from notices o where o.status = 'pending'), @now::timestamptz)::timestamptz as oldest_pending;

-- ListNotices lists notices, the newest first: of a status, each of which has its own way to be found, or all. All but few are
-- delivered.
-- name: ListNotices :many
with chosen as (
    (select n.seq from notices n where @status::text = '' order by n.seq desc limit @most)
    union all
    (select n.seq from notices n where @status::text = 'delivered' and n.status = 'delivered' order by n.seq desc limit @most)
    union all
    (select n.seq from notices n where @status::text = 'pending' and n.status = 'pending' order by n.seq desc limit @most)
    union all
    (select n.seq from notices n where @status::text = 'given_up' and n.status = 'given_up' order by n.seq desc limit @most)
)
select n.id, n.type, n.registration_id, n.flow, n.case_name, n.happened_at, n.status, n.due_at, n.tries, n.cause
from chosen
join notices n on n.seq = chosen.seq
order by n.seq desc;

-- name: NoticeByID :one
select id, type, registration_id, flow, case_name, happened_at, status, due_at, tries, cause
from notices
where id = @id;

-- NoticeAttempts are all attempts to deliver a notice, oldest first.
-- name: NoticeAttempts :many
select a.at, a.took_ms, a.http_status, a.cause
from notice_attempts a
join notices n on n.seq = a.notice_seq
where n.id = @id
order by a.n;
