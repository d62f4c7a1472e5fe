-- +goose Up

-- An applicant's way through a flow. One row a person, flow and case, whatever is clicked.
create table registrations (
    id uuid constraint registrations_pk primary key,
    applicant_id uuid not null constraint registrations_applicant_fk references applicants,
    flow text not null,
    case_name text not null,
    status text not null
        constraint registrations_status check (status in
            ('starting', 'unclear', 'needs_attention', 'open', 'completed', 'expired', 'superseded', 'closed')),
    profile_id text,
    request_id text,
    ask text not null
        constraint registrations_ask check (ask in ('', 'profile', 'customer_request')),
    unclear_since timestamptz,
    stub_may_exist boolean not null,
    reasked boolean not null,
    tries integer not null,
    cause text not null,
    due_at timestamptz,
    claimed_until timestamptz,
    version bigint not null,
    created_at timestamptz not null,
    touched_at timestamptz not null,
    constraint registrations_one unique (applicant_id, flow, case_name),
    constraint registrations_profile unique (profile_id),
    constraint registrations_unclear check ((status = 'unclear') = (unclear_since is not null)
        or status = 'needs_attention'),
    constraint registrations_due check (status in ('starting', 'unclear') or due_at is null),
    constraint registrations_shown check (status not in ('open', 'completed', 'expired', 'superseded', 'closed')
        or (profile_id is not null and request_id is not null))
);

create index registrations_due on registrations (due_at) where due_at is not null;

-- Every customer request a registration has had; its registration points to the one that is shown. The key is sealed
-- and bound to its row.
create table customer_requests (
    id text constraint customer_requests_pk primary key,
    registration_id uuid not null
        constraint customer_requests_registration_fk references registrations,
    sealed_key bytea not null,
    created_at timestamptz not null,
    constraint customer_requests_own unique (id, registration_id)
);

create index customer_requests_registration on customer_requests (registration_id);

alter table registrations
    add constraint registrations_request_fk foreign key (request_id, id)
        references customer_requests (id, registration_id);

-- +goose Down
alter table registrations drop constraint registrations_request_fk;
drop table customer_requests;
drop table registrations;
