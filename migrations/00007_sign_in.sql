-- +goose Up
set local lock_timeout = '5s';

-- What may still be done of things that have a limit: buckets of tokens that refill, by what is limited and for whom. Keys
-- that would be personal data are hashed.
create table allowances (
    name text not null,
    key text not null,
    tokens double precision not null,
    refilled_at timestamptz not null,
    constraint allowances_pk primary key (name, key)
);
create index allowances_refilled on allowances (refilled_at);

-- take_allowances takes a token from each of the buckets, or from none where one is empty. It returns a bucket and for how
-- many seconds it is still empty, the longest if there are several, which is 0 when the tokens were taken. Rows are locked
-- in one order by everybody.
-- +goose StatementBegin
create function take_allowances(names text[], keys text[], bursts float8[], rates float8[], now timestamptz)
returns table (bucket text, wait float8) language plpgsql as $$
declare
    found bigint;
begin
    loop -- since a bucket that is full may be forgotten just now
        insert into allowances (name, key, tokens, refilled_at)
        select w.name, w.key, w.burst, now
        from unnest(names, keys, bursts) as w (name, key, burst)
        order by w.name, w.key
        on conflict (name, key) do nothing;

        with held as (
            select a.name, a.key, a.tokens, a.refilled_at
            from allowances a
            join unnest(names, keys) as w (name, key) on w.name = a.name and w.key = a.key
            order by a.name, a.key
            for update of a
        )
        select h.name, allowance_wait(h.tokens, h.refilled_at, w.burst, w.rate, now) as seconds, count(*) over ()
        into bucket, wait, found
        from held h
        join unnest(names, keys, bursts, rates) as w (name, key, burst, rate) on w.name = h.name and w.key = h.key
        order by seconds desc
        limit 1;
        exit when found = cardinality(names);
    end loop;

    if wait > 0 then
        return next;
        return;
    end if;
    update allowances a
    set tokens = allowance_left(a.tokens, a.refilled_at, w.burst, w.rate, now) - 1,
        refilled_at = case when a.refilled_at > now + interval '5 minutes' then now else greatest(a.refilled_at, now) end
    from unnest(names, keys, bursts, rates) as w (name, key, burst, rate)
    where w.name = a.name
        and w.key = a.key;
    return next;
end
$$;
-- +goose StatementEnd

-- allowance_left is how many tokens a bucket holds now. Time never goes back for it, so that clocks which differ earn
-- nobody more; but a clock that was far ahead is not waited for: the bucket is as good as new.
-- +goose StatementBegin
create function allowance_left(tokens float8, refilled_at timestamptz, burst float8, rate float8, now timestamptz)
returns float8 language sql immutable as $$
    select case
        when refilled_at > now + interval '5 minutes' then burst
        else least(burst, tokens + rate * greatest(0, extract(epoch from now - refilled_at)))
    end
$$;
-- +goose StatementEnd

-- allowance_wait is in how many seconds a bucket holds a token again. One that was last filled by a clock ahead of this
-- one fills up only from then on.
-- +goose StatementBegin
create function allowance_wait(tokens float8, refilled_at timestamptz, burst float8, rate float8, now timestamptz)
returns float8 language sql immutable as $$
    select case
        when allowance_left(tokens, refilled_at, burst, rate, now) >= 1 then 0
        else (1 - allowance_left(tokens, refilled_at, burst, rate, now)) / rate
            + greatest(0, extract(epoch from refilled_at - now))
    end
$$;
-- +goose StatementEnd

-- A sign-in outlives its codes: the one before the last stays good until it expires, since mail may be slow.
alter table sign_ins
    add column case_name text not null default '',
    add column previous_code_hash bytea,
    add column previous_expires_at timestamptz;

-- E-mails as they were handed to the mail server, and what became of them. A reply is a code of the mail server's; its
-- text may repeat the address and is not kept.
create table mails (
    id text constraint mails_pk primary key,
    purpose text not null
        constraint mails_purpose check (purpose in ('sign_in_code')),
    recipient text not null,
    status text not null
        constraint mails_status check (status in ('sending', 'accepted', 'refused', 'unreachable', 'bounced')),
    reply text not null,
    created_at timestamptz not null,
    settled_at timestamptz
);
create index mails_recipient on mails (recipient, created_at);
create index mails_created on mails (created_at);
create index mails_failed on mails (created_at) where status in ('refused', 'unreachable', 'bounced');

-- What the company, or its identity provider, says of a person, as of the last time.
alter table identities
    add column email text not null default '',
    add column name text not null default '';

-- The browser of a session, and what is known of the session at the identity provider it began with.
alter table sessions
    add column device text not null default '',
    add column provider text not null default '',
    add column provider_session text not null default '',
    add column sealed_id_token bytea;

-- Sign-ins on their way through an identity provider. Everything else they are bound to is derived from the token of
-- the browser that began them.
create table provider_sign_ins (
    state_hash bytea constraint provider_sign_ins_pk primary key,
    browser_hash bytea not null,
    provider text not null,
    flow text not null,
    case_name text not null,
    finishing boolean not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index provider_sign_ins_expires on provider_sign_ins (expires_at);

-- Words of identity providers that sessions have ended, which count once.
create table provider_logouts (
    issuer text not null,
    token text not null,
    expires_at timestamptz not null,
    constraint provider_logouts_pk primary key (issuer, token)
);
create index provider_logouts_expires on provider_logouts (expires_at);

-- One-time links that the company's back end has asked for. used_by is of the token of the browser that pressed.
create table links (
    token_hash bytea constraint links_pk primary key,
    subject text not null,
    email text not null,
    flow text not null,
    case_name text not null,
    locale text not null,
    sealed_facts bytea,
    api_key text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    used_by bytea,
    constraint links_used check ((used_at is null) = (used_by is null))
);
create index links_expires on links (expires_at);

-- Keys of the company's own programs. What is kept of them are hashes.
create table api_keys (
    name text constraint api_keys_pk primary key,
    key_hash bytea not null,
    created_at timestamptz not null,
    used_at timestamptz,
    revoked_at timestamptz,
    constraint api_keys_hash unique (key_hash)
);

-- +goose Down
drop table api_keys;
drop table links;
drop table provider_logouts;
drop table provider_sign_ins;
alter table sessions
    drop column device,
    drop column provider,
    drop column provider_session,
    drop column sealed_id_token;
alter table identities
    drop column email,
    drop column name;
drop table mails;
alter table sign_ins
    drop column case_name,
    drop column previous_code_hash,
    drop column previous_expires_at;
drop function take_allowances;
drop function allowance_wait;
drop function allowance_left;
drop table allowances;
