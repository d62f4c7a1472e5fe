-- PutWebhooks stores what is new of a delivery, in its order, and has the lines it belongs to handed on. Lines are
-- locked in the order of their names, so that two deliveries do not wait for one another.
-- name: PutWebhooks :exec
with given as (
    select unnest(@positions::bigint[]) as position,
        unnest(@message_ids::text[]) as message_id,
        unnest(@lines::text[]) as line,
        unnest(@events::text[]) as event,
        unnest(@profile_ids::text[]) as profile_id,
        unnest(@customer_refs::text[]) as customer_ref,
        unnest(@request_ids::text[]) as request_id,
        unnest(@outcomes::text[]) as outcome,
        unnest(@troubles::text[]) as trouble,
        unnest(@forwardings::text[]) as forwarding,
        unnest(@sealed_bodies::bytea[]) as sealed_body
), kept as (
    insert into webhooks (provider, message_id, line, event, profile_id, customer_ref, request_id, outcome, trouble,
        status, forwarding, sealed_body, received_at)
    select @provider::text, message_id, line, event, profile_id, customer_ref, request_id, outcome, trouble,
        case when trouble = '' then 'pending' else 'quarantined' end, forwarding, sealed_body, @now::timestamptz
    from given
    order by position
    on conflict on constraint webhooks_once do nothing
    returning line, status
)
insert into webhook_lines (provider, line, due_at, since, claim, arrivals, tries, cause)
select distinct @provider::text, kept.line, @now::timestamptz, @now::timestamptz, 0, 1, 0, ''
from kept
where kept.status = 'pending'
order by kept.line
on conflict on constraint webhook_lines_pk do update set arrivals = webhook_lines.arrivals + 1;

-- ClaimLine reserves the line that has waited longest among those that are due and free.
-- name: ClaimLine :one
update webhook_lines
set claimed_until = @until,
    claim = nextval('webhook_claims')
where (provider, line) = (
    select l.provider, l.line
    from webhook_lines l
    where l.due_at <= @now::timestamptz
        and (l.claimed_until is null or l.claimed_until <= @now::timestamptz)
    order by l.due_at, l.provider, l.line
    limit 1
    for update skip locked
)
returning provider, line, claim, arrivals, tries;

-- name: ExtendLine :execrows
update webhook_lines
set claimed_until = @until
where provider = @provider
    and line = @line
    and claim = @claim;

-- LineMessages are the messages of a line that are still to be handed on, oldest first.
-- name: LineMessages :many
select seq, message_id, event, profile_id, customer_ref, request_id, outcome, received_at
from webhooks
where provider = @provider
    and line = @line
    and status = 'pending'
order by seq
limit @most;

-- FinishLine marks messages processed and ends their line, unless the claim was lost. It ends no line to which more has
-- come since the claim. The commit does not wait for the disk, which the acknowledging of others needs more: what a server
-- that crashes forgets of it is handed on again.
-- name: FinishLine :execrows
with hurried as materialized (
    select set_config('synchronous_commit', 'off', true)
), held as (
    select l.arrivals as came
    from hurried, webhook_lines l
    where l.provider = @provider
        and l.line = @line
        and l.claim = @claim
    for update of l
), marked as (
    update webhooks
    set status = 'processed',
        processed_at = @now::timestamptz
    where webhooks.seq = any(@seqs::bigint[])
        and webhooks.status = 'pending'
        and exists (select 1 from held)
)
delete from webhook_lines
where webhook_lines.provider = @provider
    and webhook_lines.line = @line
    and not @more::boolean
    and exists (select 1 from held where came = @arrivals::bigint);

-- FreeLine gives a claim up. What is left of the line goes on at the given time.
-- name: FreeLine :execrows
update webhook_lines
set claimed_until = null,
    due_at = @due_at,
    tries = @tries,
    cause = @cause
where provider = @provider
    and line = @line
    and claim = @claim;

-- ClaimForwarding reserves the sending on of a provider's messages if it is due and free and something waits.
-- name: ClaimForwarding :one
insert into webhook_forwarders (provider, due_at, claimed_until, claim, tries, cause)
select @provider::text, @now::timestamptz, @until::timestamptz, nextval('webhook_claims'), 0, ''
where exists (
    select 1
    from webhooks w
    where w.provider = @provider::text
        and w.forwarding = 'waiting'
)
on conflict on constraint webhook_forwarders_pk do update
set claimed_until = excluded.claimed_until,
    claim = excluded.claim
where webhook_forwarders.due_at <= @now::timestamptz
    and (webhook_forwarders.claimed_until is null or webhook_forwarders.claimed_until <= @now::timestamptz)
returning claim, tries;

-- NextToForward is the oldest message that waits to be sent on.
-- name: NextToForward :one
select seq, message_id, event, sealed_body, received_at
from webhooks
where provider = @provider
    and forwarding = 'waiting'
order by seq
limit 1;

-- Forwarded marks a message as sent on and prolongs the claim, unless that was lost.
-- name: Forwarded :execrows
with held as (
    update webhook_forwarders
    set claimed_until = @until::timestamptz,
        tries = 0,
        cause = ''
    where webhook_forwarders.provider = @provider
        and webhook_forwarders.claim = @claim
    returning webhook_forwarders.claim
)
update webhooks
set forwarding = 'sent',
    forwarded_at = @now::timestamptz
where webhooks.seq = @seq
    and webhooks.forwarding = 'waiting'
    and exists (select 1 from held);

-- FreeForwarding gives the claim up until the given time.
-- name: FreeForwarding :execrows
update webhook_forwarders
set claimed_until = null,
    due_at = @due_at,
    tries = @tries,
    cause = @cause
where provider = @provider
    and claim = @claim;

-- QuarantinedWebhooks are unreadable messages whose bytes are still there, oldest first.
-- name: QuarantinedWebhooks :many
select seq, provider, message_id, trouble, sealed_body, received_at
from webhooks
where status = 'quarantined'
    and sealed_body is not null
    and seq > @after
    and (@everything::boolean or seq = any(@seqs::bigint[]) or received_at >= sqlc.narg(since)::timestamptz)
order by seq
limit @most;

-- SettleQuarantined marks an unreadable message as dealt with.
-- name: SettleQuarantined :exec
update webhooks
set status = 'processed',
    processed_at = @now::timestamptz
where seq = @seq
    and status = 'quarantined';

-- RequeueWebhooks has some processed messages handed on once more.
-- name: RequeueWebhooks :one
with chosen as (
    select w.seq
    from webhooks w
    where w.seq > @after
        and w.status = 'processed'
        and w.trouble = ''
        and (w.seq = any(@seqs::bigint[]) or w.received_at >= sqlc.narg(since)::timestamptz)
    order by w.seq
    limit @most
    for update
), again as (
    update webhooks
    set status = 'pending',
        processed_at = null
    where webhooks.seq in (select chosen.seq from chosen)
    returning webhooks.seq, webhooks.provider, webhooks.line
), opened as (
    insert into webhook_lines (provider, line, due_at, since, claim, arrivals, tries, cause)
    select distinct again.provider, again.line, @now::timestamptz, @now::timestamptz, 0, 1, 0, ''
    from again
    order by again.provider, again.line
    on conflict on constraint webhook_lines_pk do update
    set arrivals = webhook_lines.arrivals + 1,
        due_at = excluded.due_at
)
select count(*) as requeued, coalesce(max(seq), 0)::bigint as last
from again;

-- EmptyWebhooks forgets the bodies of some old messages that are done with. What waits to be sent on is done with only
-- where nothing is sent on any more.
-- name: EmptyWebhooks :many
with old as (
    select w.seq
    from webhooks w
    where w.sealed_body is not null
        and w.received_at < @before::timestamptz
        and w.status <> 'pending'
        and (w.forwarding <> 'waiting' or w.provider <> all(@forwarding::text[]))
    order by w.received_at
    limit @most
    for update skip locked
)
update webhooks
set sealed_body = null,
    forwarding = case when webhooks.forwarding = 'waiting' then 'none' else webhooks.forwarding end
from old
where webhooks.seq = old.seq
returning webhooks.seq, webhooks.provider, webhooks.status, webhooks.trouble;

-- DeleteWebhooks deletes some very old messages that were emptied before.
-- name: DeleteWebhooks :execrows
delete from webhooks
where seq in (
    select w.seq
    from webhooks w
    where w.received_at < @before::timestamptz
        and w.sealed_body is null
        and w.status <> 'pending'
    order by w.received_at
    limit @most
);

-- StandingWebhooks counts what stands still. Where nothing does, the oldest is of now.
-- name: StandingWebhooks :one
select (select count(*) from webhooks p where p.status = 'pending') as pending,
    (select count(*) from webhooks q where q.status = 'quarantined' and q.sealed_body is not null) as quarantined,
    (select count(*) from webhooks f where f.forwarding = 'waiting') as forwarding,
    coalesce((select l.since from webhook_lines l order by l.since limit 1), @now::timestamptz)::timestamptz as oldest_pending,
    coalesce((select u.received_at from webhooks u where u.forwarding = 'waiting' order by u.provider, u.seq limit 1), @now::timestamptz)::timestamptz
        as oldest_forwarding;

-- ListWebhooks lists messages, the newest first: of a status, each of which has its own way to be found, or all. All but few
-- are processed. The tries and the cause are those of the line they wait in.
-- name: ListWebhooks :many
with chosen as (
    (select w.seq from webhooks w where @status::text = '' order by w.seq desc limit @most)
    union all
    (select w.seq from webhooks w where @status::text = 'processed' and w.status = 'processed' order by w.seq desc limit @most)
    union all
    (select w.seq from webhooks w where @status::text = 'pending' and w.status = 'pending' order by w.seq desc limit @most)
    union all
    (select w.seq from webhooks w where @status::text = 'quarantined' and w.status = 'quarantined' order by w.seq desc limit @most)
)
select w.seq, w.received_at, w.provider, w.event, w.profile_id, w.status, w.forwarding, w.trouble,
    coalesce(l.tries, 0)::integer as tries, coalesce(l.cause, '')::text as cause
from chosen
join webhooks w on w.seq = chosen.seq
left join webhook_lines l on l.provider = w.provider and l.line = w.line and w.status = 'pending'
order by w.seq desc;
