-- +goose Up
-- Triggers and foreign keys lock registrations and what they refer to against writers. Behind somebody who writes for
-- long this would wait, and everybody who writes behind it: it rather fails after five seconds, and can be repeated.
set local lock_timeout = '5s';

-- What the company's own back end is told of its applicants' registrations. The trigger below writes a row with each
-- change, in its transaction, whether or not there is a receiver. A claim is a number that was never used before, so a
-- former holder cannot pass for a later one. Tries are those since the notice was last queued, attempts are all there
-- ever were.
create table notices (
    seq bigint generated always as identity constraint notices_pk primary key,
    id text not null default 'msg_' || replace(gen_random_uuid()::text, '-', '')
        constraint notices_id unique,
    type text not null
        constraint notices_type check (type in ('registration.started', 'registration.completed',
            'registration.expired', 'registration.closed', 'registration.needs_attention')),
    registration_id uuid not null constraint notices_registration_fk references registrations,
    registration_status text not null,
    issuer text,
    subject text,
    flow text not null,
    case_name text not null,
    profile_id text,
    happened_at timestamptz not null,
    status text not null
        constraint notices_status check (status in ('pending', 'delivered', 'given_up')),
    queued_at timestamptz not null,
    due_at timestamptz,
    claimed_until timestamptz,
    claim bigint not null,
    tries integer not null,
    attempts integer not null,
    cause text not null,
    ended_at timestamptz,
    constraint notices_subject check ((issuer is null) = (subject is null)),
    constraint notices_no_address check (issuer <> 'email' and position('@' in subject) = 0),
    constraint notices_due check ((status = 'pending') = (due_at is not null)),
    constraint notices_ended check ((status = 'pending') = (ended_at is null))
);

create index notices_due on notices (due_at, seq) where status = 'pending';
create index notices_given_up on notices (seq) where status = 'given_up';
create index notices_ended on notices (ended_at) where ended_at is not null;

-- Every attempt to deliver a notice, and what came of it. Without an answer the HTTP status is 0.
create table notice_attempts (
    notice_seq bigint not null
        constraint notice_attempts_notice_fk references notices on delete cascade,
    n integer not null constraint notice_attempts_n check (n > 0),
    at timestamptz not null,
    took_ms bigint not null,
    http_status integer not null,
    cause text not null,
    constraint notice_attempts_pk primary key (notice_seq, n)
);

create sequence notice_claims;

-- Under which subject the company knows an applicant: its own, or else the first that an identity provider of its gave.
-- An e-mail address is personal data and is never told, and neither is what may be one.
create view told_subjects as
select distinct on (i.applicant_id) i.applicant_id, i.issuer, i.subject
from identities i
where i.issuer <> 'email'
    and position('@' in i.subject) = 0
order by i.applicant_id, i.issuer = 'link' desc, i.created_at, i.issuer, i.subject;

-- +goose StatementBegin
create function note_registration() returns trigger language plpgsql as $$
begin
    insert into notices (type, registration_id, registration_status, issuer, subject, flow, case_name, profile_id,
        happened_at, status, queued_at, due_at, claim, tries, attempts, cause)
    select 'registration.' || case tg_op when 'INSERT' then 'started' else new.status end, new.id, new.status,
        who.issuer, who.subject, new.flow, new.case_name, new.profile_id, now(), 'pending', now(), now(), 0, 0, 0, ''
    from (select) as one
    left join told_subjects as who on who.applicant_id = new.applicant_id;
    return null;
end
$$;
-- +goose StatementEnd

create trigger registrations_started after insert on registrations
    for each row execute function note_registration();

create trigger registrations_moved after update of status on registrations
    for each row
    when (new.status <> old.status and new.status in ('completed', 'expired', 'closed', 'needs_attention'))
    execute function note_registration();

-- +goose Down
drop trigger registrations_moved on registrations;
drop trigger registrations_started on registrations;
drop function note_registration;
drop view told_subjects;
drop sequence notice_claims;
drop table notice_attempts;
drop table notices;
