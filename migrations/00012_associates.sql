-- +goose Up
set local lock_timeout = '5s';

-- The people and companies behind the company of a registration, taken together: who works on them, and until when.
create table structures (
    registration_id uuid
        constraint structures_pk primary key
        constraint structures_registration_fk references registrations,
    total integer not null constraint structures_total check (total >= 0),
    drafts integer not null constraint structures_drafts check (drafts between 0 and total),
    profile_id text, -- of the company when it was last worked on
    sealed_own bytea,
    others text[] not null default '{}', -- profiles that are in its files without having been entered here, and go on after its end
    ending text not null constraint structures_ending check (ending in ('', 'rejected', 'cancelled')),
    attention text not null,
    acknowledged boolean not null,
    due_at timestamptz,
    read_at timestamptz,
    claimed_until timestamptz,
    fence bigint not null,
    edits bigint not null,
    created_at timestamptz not null
);
create index structures_due on structures (due_at) where due_at is not null;
create index structures_attention on structures (created_at) where attention <> '' and not acknowledged;

-- One person or company behind a company. What was entered of it is sealed and bound to its row. A parent is an associate of
-- the same registration, and goes only after those behind it.
create table associates (
    id uuid
        constraint associates_pk primary key
        constraint associates_id check (id <> '00000000-0000-0000-0000-000000000000'),
    registration_id uuid not null constraint associates_structure_fk references structures,
    parent_id uuid,
    position bigint not null generated always as identity,
    status text not null
        constraint associates_status check (status in
            ('draft', 'starting', 'unclear', 'needs_attention', 'created', 'linked', 'removed')),
    source text not null constraint associates_source check (source in ('applicant', 'api')),
    entity_type text not null constraint associates_entity_type check (entity_type in ('INDIVIDUAL', 'COMPANY')),
    roles text[] not null constraint associates_roles check (cardinality(roles) > 0),
    sealed bytea not null,
    profile_id text constraint associates_profile unique,
    asked boolean not null,
    unclear_since timestamptz,
    stub_may_exist boolean not null,
    tries integer not null,
    cause text not null,
    due_at timestamptz,
    alone boolean not null,
    listed boolean not null,
    running boolean not null,
    version bigint not null,
    created_at timestamptz not null,
    submitted_at timestamptz,
    constraint associates_own unique (id, registration_id),
    constraint associates_parent_fk foreign key (parent_id, registration_id) references associates (id, registration_id),
    constraint associates_not_itself check (parent_id <> id),
    constraint associates_submitted check ((status = 'draft') = (submitted_at is null)),
    constraint associates_draft check (status <> 'draft' or (profile_id is null and not asked)),
    constraint associates_placed check (status not in ('created', 'linked', 'removed') or profile_id is not null)
);
create index associates_structure on associates (registration_id, position);
create index associates_parent on associates (parent_id) where parent_id is not null;

-- Every profile that is known to carry an associate's reference. One that is not the associate's own is an orphan: a person
-- must see it. A profile is no two associates'.
create table associate_profiles (
    id text constraint associate_profiles_pk primary key,
    associate_id uuid not null constraint associate_profiles_associate_fk references associates,
    seen_at timestamptz not null
);
create index associate_profiles_associate on associate_profiles (associate_id);

insert into provider_quotas (name, tokens, refilled_at, blocked_until, granted)
values ('passfort.update_collected_data', 'infinity', '2000-01-01', '2000-01-01', false);

-- +goose Down
delete from provider_quotas where name = 'passfort.update_collected_data';
drop table associate_profiles;
drop table associates;
drop table structures;
