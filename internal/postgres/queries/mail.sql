-- name: PutMail :exec
insert into mails (id, purpose, recipient, status, reply, created_at)
values (@id, @purpose, @recipient, 'sending', '', @now);

-- SettleMail records what became of an e-mail. That it bounced is the last word.
-- name: SettleMail :execrows
update mails
set status = @status,
    reply = @reply,
    settled_at = @now::timestamptz
where id = @id
    and status <> 'bounced';

-- BounceMail records that an e-mail came back, once.
-- name: BounceMail :execrows
update mails
set status = 'bounced',
    reply = @reply,
    settled_at = @now::timestamptz
where id = @id
    and status <> 'bounced';

-- Mails lists e-mails, the newest first. Each of the three lists has an index of its own.
-- name: Mails :many
select id, purpose, recipient, status, reply, created_at, settled_at
from mails
order by created_at desc
limit @most;

-- name: FailedMails :many
select id, purpose, recipient, status, reply, created_at, settled_at
from mails
where status in ('refused', 'unreachable', 'bounced')
order by created_at desc
limit @most;

-- name: MailsTo :many
select id, purpose, recipient, status, reply, created_at, settled_at
from mails
where recipient = @recipient
    and (not @failed::boolean or status in ('refused', 'unreachable', 'bounced'))
order by created_at desc
limit @most;

-- name: CountFailedMails :one
select count(*)
from mails
where status in ('refused', 'unreachable', 'bounced')
    and created_at > @since;

-- BookResult records an e-mail about a decision, and says whether it is still to be sent.
-- name: BookResult :one
insert into mails (id, purpose, recipient, status, reply, created_at)
values (@id, 'result', @recipient, 'sending', '', @now)
on conflict (id) do update
set recipient = mails.recipient
returning (mails.status in ('sending', 'unreachable'))::boolean as send;

-- ResultAddress is where an applicant reads e-mail: the address they have proved, or else what the company or an identity
-- provider says.
-- name: ResultAddress :one
select case when issuer = 'email' then subject else email end::text as address
from identities
where applicant_id = @applicant_id
    and (issuer = 'email' or email <> '')
order by (issuer = 'email') desc, created_at desc
limit 1;
