-- ForgetSignIns deletes a batch, as all of these do. What somebody is busy with is left for the next round.
-- name: ForgetSignIns :execrows
delete from sign_ins
where browser_hash in (
    select o.browser_hash
    from sign_ins o
    where o.created_at < @before
    limit @most
    for update skip locked
);

-- name: ForgetProviderSignIns :execrows
delete from provider_sign_ins
where state_hash in (
    select o.state_hash
    from provider_sign_ins o
    where o.expires_at < @before
    limit @most
    for update skip locked
);

-- name: ForgetProviderLogouts :execrows
delete from provider_logouts
where (issuer, token) in (
    select o.issuer, o.token
    from provider_logouts o
    where o.expires_at < @before
    limit @most
    for update skip locked
);

-- EmptyLinks forgets what links held of people.
-- name: EmptyLinks :execrows
update links
set sealed_facts = null
where token_hash in (
    select o.token_hash
    from links o
    where o.expires_at < @before
        and o.sealed_facts is not null
    limit @most
    for update skip locked
);

-- name: ForgetLinks :execrows
delete from links
where token_hash in (
    select o.token_hash
    from links o
    where o.expires_at < @before
    limit @most
    for update skip locked
);

-- ForgetAllowances forgets buckets that are full again by now.
-- name: ForgetAllowances :execrows
delete from allowances
where (name, key) in (
    select o.name, o.key
    from allowances o
    where o.refilled_at < @before
    limit @most
    for update skip locked
);

-- name: ForgetMails :execrows
delete from mails
where id in (
    select o.id
    from mails o
    where o.created_at < @before
    limit @most
    for update skip locked
);

-- ForgetSessions forgets what was ended, or had to end by itself, long ago.
-- name: ForgetSessions :execrows
delete from sessions
where token_hash in (
    select o.token_hash
    from sessions o
    where o.ended_at < @ended_before::timestamptz
        or o.created_at < @begun_before
    limit @most
    for update skip locked
);
