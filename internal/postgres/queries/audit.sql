-- TrailEnds lists, in the order of the registrations, where each one's trail ends by its own row, or ended before the
-- registration was forgotten.
-- name: TrailEnds :many
(
    select r.id, r.status, r.audit_seq, r.audit_hash, null::timestamptz as forgotten_at
    from registrations r
    where r.id > @after
    order by r.id
    limit @most
)
union all
(
    select f.registration_id, '', 0, f.hash, f.ended_at
    from forgotten_trails f
    where f.registration_id > @after
    order by f.registration_id
    limit @most
)
order by id
limit @most;

-- KeptEntries lists entries of all registrations in that order, each one's by their numbers.
-- name: KeptEntries :many
select registration_id, seq, at, actor, from_status, to_status, what, evidence, profile_id, request_id, hash
from audit_entries
where (registration_id, seq) > (@after_registration::uuid, @after_seq::bigint)
order by registration_id, seq
limit @most;
