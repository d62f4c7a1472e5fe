-- TakePlace stores a document on its way, unless another is on its way to the same place, or nothing is asked for any more. The
-- registration is locked, so that a check that is asked for just now sees the document, or the document the check.
-- name: TakePlace :execrows
insert into documents (id, registration_id, step, type, side, country, format, digest, status, advice, cause, claimed_until,
    created_at)
select @id, r.id, @step, @type, @side, @country, @format, @digest, 'sending', '{}', '', @until::timestamptz, @now::timestamptz
from registrations r
where r.id = @registration_id
    and r.status = 'open'
for share
on conflict (registration_id, step, side) where status = 'sending' do nothing;

-- name: DocumentAtPlace :one
select sqlc.embed(documents)
from documents
where registration_id = @registration_id
    and step = @step
    and side = @side
    and status = 'sending';

-- name: KeepPlace :execrows
update documents
set claimed_until = @until
where id = @id
    and status = 'sending';

-- SettleDocument stores what has become of a document that was on its way; whoever is late changes nothing, unless it is to
-- say that what was given up has arrived.
-- name: SettleDocument :execrows
update documents
set status = @status,
    image_id = sqlc.narg(image_id)::text,
    advice = @advice,
    cause = @cause,
    claimed_until = sqlc.narg(claimed_until)::timestamptz,
    settled_at = sqlc.narg(settled_at)::timestamptz
where id = @id
    and (status = 'sending' or status in ('lost', 'refused') and @status = 'sent');

-- name: DocumentsOf :many
select sqlc.embed(documents)
from documents
where registration_id = @registration_id
order by created_at, id;

-- ReviewOf is how the applicant of a registration stood at its provider when it was last read, without personal data.
-- name: ReviewOf :one
select level, review_status, review_answer, reject_type, read_at
from verifications
where registration_id = @registration_id;
