-- AcknowledgeStructure marks what is told of a structure as seen, if anything is. While somebody works on it nothing happens:
-- they would store how they found it.
-- name: AcknowledgeStructure :one
with held as (
    select s.registration_id, s.claimed_until > @now::timestamptz as busy
    from structures s
    where s.registration_id = @registration_id
        and s.attention <> ''
        and not s.acknowledged
    for no key update
), seen as (
    update structures s
    set acknowledged = true
    from held
    where s.registration_id = held.registration_id
        and held.busy is not true
)
select count(*) filter (where held.busy) as busy
from held;

-- RetryAssociates has those tried again who are refused or undecided, or were taken out of the company's data at the provider,
-- and the company read anew before. Who has a profile is put into its places again; where one may exist that nobody has seen,
-- that is flagged and another created. While somebody works on the structure nothing happens: they would store how they found
-- it.
-- name: RetryAssociates :one
with held as (
    select s.registration_id, s.claimed_until > @now::timestamptz as busy
    from structures s
    where s.registration_id = @registration_id
    for no key update
), retried as (
    update associates a
    set status = case when a.profile_id is null then 'starting' else 'created' end,
        asked = a.asked and a.unclear_since is null,
        stub_may_exist = a.stub_may_exist or a.profile_id is null and a.unclear_since is not null,
        unclear_since = null,
        tries = 0,
        cause = '',
        due_at = null,
        version = a.version + 1
    from held
    where a.registration_id = held.registration_id
        and a.status in ('needs_attention', 'removed')
        and held.busy is not true
    returning a.id
), due as (
    update structures s
    set due_at = @now::timestamptz,
        read_at = @now::timestamptz,
        acknowledged = false,
        edits = s.edits + 1
    from held
    where s.registration_id = held.registration_id
        and exists (select from retried)
)
select count(*) filter (where held.busy) as busy,
    (select count(*) from retried) as retried
from held;
