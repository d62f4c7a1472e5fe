-- +goose Up
-- Whoever reads for long, such as a backup, must not have every page wait behind this.
set local lock_timeout = '5s';

-- What the engine needs to wait for turns, to read open requests again, and to keep a trail. All columns have constant
-- defaults, so a full table is not rewritten, and the release before this one goes on working.
alter table registrations
    add column waiting boolean not null default false,
    add column over_since timestamptz,
    add column read_at timestamptz,
    add column acknowledged boolean not null default false,
    add column refused boolean not null default false, -- takes the place of reasked, which the release before this one uses
    add column audit_seq bigint not null default 0,
    add column audit_hash bytea not null default '';

-- Every profile that is known to carry a registration's reference. One that is not the registration's own is an
-- orphan: a person must see it.
create table profiles (
    id text constraint profiles_pk primary key,
    registration_id uuid not null constraint profiles_registration_fk references registrations,
    source text not null,
    seen_at timestamptz not null,
    orphaned_at timestamptz,
    acknowledged_at timestamptz,
    given_up_at timestamptz
);
create index profiles_registration on profiles (registration_id);
create index profiles_orphaned on profiles (orphaned_at) where orphaned_at is not null and acknowledged_at is null;

-- Every change of a registration's state. Each row's hash covers the one before it.
create table audit_entries (
    registration_id uuid not null constraint audit_entries_registration_fk references registrations,
    seq bigint not null constraint audit_entries_seq check (seq > 0),
    at timestamptz not null,
    actor text not null,
    from_status text not null,
    to_status text not null,
    what text not null,
    evidence text not null,
    profile_id text not null,
    request_id text not null,
    hash bytea not null constraint audit_entries_hash check (octet_length(hash) = 32),
    constraint audit_entries_pk primary key (registration_id, seq)
);

-- +goose StatementBegin
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % are never changed or removed', tg_table_name;
end
$$;
-- +goose StatementEnd

create trigger audit_entries_append_only before update or delete or truncate on audit_entries
    for each statement execute function refuse_change();

-- What a provider lets all replicas ask of it together: a bucket of tokens. granted says whether the last who asked
-- got one.
create table provider_quotas (
    name text constraint provider_quotas_pk primary key,
    tokens double precision not null,
    refilled_at timestamptz not null,
    blocked_until timestamptz not null,
    granted boolean not null
);
insert into provider_quotas (name, tokens, refilled_at, blocked_until, granted)
values ('passfort.create_profile', 'infinity', '2000-01-01', '2000-01-01', false);

-- quota_time is what time it is for the bucket: it never goes back, except from the time of a clock that is far ahead.
-- +goose StatementBegin
create function quota_time(q provider_quotas, now timestamptz) returns timestamptz
language sql immutable as $$
    select case when q.refilled_at > now + interval '5 seconds' then now else greatest(q.refilled_at, now) end
$$;
-- +goose StatementEnd

-- quota_left is how many tokens there are now.
-- +goose StatementBegin
create function quota_left(q provider_quotas, now timestamptz, per_second float8, burst float8) returns float8
language sql immutable as $$
    select least(burst, q.tokens + per_second * greatest(0, extract(epoch from now - q.refilled_at)))
$$;
-- +goose StatementEnd

-- +goose Down
drop function quota_left;
drop function quota_time;
drop table provider_quotas;
drop table audit_entries;
drop function refuse_change;
drop table profiles;
alter table registrations
    drop column waiting,
    drop column over_since,
    drop column read_at,
    drop column acknowledged,
    drop column refused,
    drop column audit_seq,
    drop column audit_hash;
