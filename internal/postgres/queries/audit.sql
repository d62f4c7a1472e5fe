-- TrailEnds lists, in the order of the registrations, where each one's trail ends by its own row.
-- name: TrailEnds :many
select id, status, audit_seq, audit_hash
from registrations
where id > @after
order by id
limit @most;

-- KeptEntries lists entries of all registrations in that order, each one's by their numbers.
-- name: KeptEntries :many
select registration_id, seq, at, actor, from_status, to_status, what, evidence, profile_id, request_id, hash
from audit_entries
where (registration_id, seq) > (@after_registration::uuid, @after_seq::bigint)
order by registration_id, seq
limit @most;
