-- TrailEnds lists, in the order of the registrations, where each one's trail ends by its own row, and what is kept of the trails
-- of those that were forgotten.
-- name: TrailEnds :many
(
    select r.id, r.status, r.audit_seq, r.audit_hash, f.began_at, f.ended_at, f.forgotten_at
    from registrations r
    left join forgotten_trails f on f.registration_id = r.id
    where r.id > @after
    order by r.id
    limit @most
)
union all
(
    select f.registration_id, '', 0, f.hash, f.began_at, f.ended_at, f.forgotten_at
    from forgotten_trails f
    where f.registration_id > @after
        and not exists (select from registrations r where r.id = f.registration_id)
    order by f.registration_id
    limit @most
)
order by id
limit @most;

-- KeptEntries lists entries of all registrations up to one in that order, each one's by their numbers.
-- name: KeptEntries :many
select registration_id, seq, at, actor, from_status, to_status, what, evidence, profile_id, request_id, hash
from audit_entries
where (registration_id, seq) > (@after_registration::uuid, @after_seq::bigint)
    and registration_id <= @last_registration
order by registration_id, seq
limit @most;
