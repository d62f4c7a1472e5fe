-- +goose Up
set local lock_timeout = '5s';

-- A second provider, which checks documents itself. What is stored already is of the first. Constraints that allow more
-- than before need no look at the rows there are: the next migration has them looked at without holding anybody up.
alter table registrations
    add column provider text not null default 'passfort',
    add constraint registrations_provider check (provider in ('passfort', 'sumsub')) not valid,
    drop constraint registrations_status,
    add constraint registrations_status check (status in
        ('starting', 'unclear', 'needs_attention', 'open', 'checking', 'rejected', 'completed', 'expired', 'superseded',
        'closed')) not valid,
    drop constraint registrations_ask,
    add constraint registrations_ask check (ask in ('', 'profile', 'customer_request', 'check')) not valid,
    drop constraint registrations_due,
    add constraint registrations_due check (status in ('starting', 'unclear') or due_at is null
        or (status = 'checking' and ask = 'check')) not valid,
    drop constraint registrations_shown,
    add constraint registrations_shown check (status not in
        ('open', 'checking', 'rejected', 'completed', 'expired', 'superseded', 'closed')
        or (profile_id is not null and (request_id is not null or provider <> 'passfort'))) not valid;

-- How an applicant stood at a provider that checks documents when it was last read. It holds personal data, so it is sealed
-- and bound to its row; the columns beside it are for operators.
create table verifications (
    registration_id uuid constraint verifications_pk primary key
        constraint verifications_registration_fk references registrations,
    sealed bytea not null,
    level text not null,
    review_status text not null,
    review_answer text not null,
    reject_type text not null,
    read_at timestamptz not null
);

-- The files that applicants have given: what they are, never their bytes. One at most is on its way to a place.
create table documents (
    id uuid constraint documents_pk primary key,
    registration_id uuid not null constraint documents_registration_fk references registrations,
    step text not null,
    type text not null,
    side text not null constraint documents_side check (side in ('', 'FRONT_SIDE', 'BACK_SIDE')),
    country text not null,
    format text not null,
    digest bytea not null constraint documents_digest check (octet_length(digest) = 32),
    status text not null constraint documents_status check (status in ('sending', 'sent', 'lost', 'refused')),
    image_id text,
    advice text[] not null,
    cause text not null,
    claimed_until timestamptz,
    created_at timestamptz not null,
    settled_at timestamptz,
    constraint documents_sending check ((status = 'sending') = (claimed_until is not null)),
    constraint documents_settled check ((status = 'sending') = (settled_at is null)),
    constraint documents_image check (status <> 'sent' or image_id is not null)
);
create unique index documents_one on documents (registration_id, step, side) where status = 'sending';
create index documents_registration on documents (registration_id, created_at);

-- The company's back end is told of more.
alter table notices
    drop constraint notices_type,
    add constraint notices_type check (type in ('registration.started', 'registration.completed',
        'registration.expired', 'registration.closed', 'registration.needs_attention', 'registration.checking',
        'registration.rejected', 'registration.reopened')) not valid;

-- contract: what the release before this one does is told as before.
-- +goose StatementBegin
create or replace function note_registration() returns trigger language plpgsql as $$
begin
    insert into notices (type, registration_id, registration_status, issuer, subject, flow, case_name, profile_id,
        happened_at, status, queued_at, due_at, claim, tries, attempts, cause)
    select 'registration.' || case when tg_op = 'INSERT' then 'started' when new.status = 'open' then 'reopened' else new.status end,
        new.id, new.status, who.issuer, who.subject, new.flow, new.case_name, new.profile_id, now(), 'pending', now(), now(),
        0, 0, 0, ''
    from (select) as one
    left join told_subjects as who on who.applicant_id = new.applicant_id;
    return null;
end
$$;
-- +goose StatementEnd

-- contract: it is made again at once, in the same transaction.
drop trigger registrations_moved on registrations;
create trigger registrations_moved after update of status on registrations
    for each row
    when (new.status <> old.status and (new.status in ('completed', 'expired', 'closed', 'needs_attention', 'checking', 'rejected')
        or new.status = 'open' and old.status in ('checking', 'completed', 'rejected', 'needs_attention') and new.provider <> 'passfort'))
    execute function note_registration();

alter table mails
    drop constraint mails_purpose,
    add constraint mails_purpose check (purpose in ('sign_in_code', 'result')) not valid;

-- +goose Down
alter table mails
    drop constraint mails_purpose,
    add constraint mails_purpose check (purpose in ('sign_in_code')) not valid;
drop trigger registrations_moved on registrations;
create trigger registrations_moved after update of status on registrations
    for each row
    when (new.status <> old.status and new.status in ('completed', 'expired', 'closed', 'needs_attention'))
    execute function note_registration();
drop table documents;
drop table verifications;
alter table notices
    drop constraint notices_type,
    add constraint notices_type check (type in ('registration.started', 'registration.completed',
        'registration.expired', 'registration.closed', 'registration.needs_attention')) not valid;
alter table registrations
    drop constraint registrations_shown,
    add constraint registrations_shown check (status not in ('open', 'completed', 'expired', 'superseded', 'closed')
        or (profile_id is not null and request_id is not null)) not valid,
    drop constraint registrations_due,
    add constraint registrations_due check (status in ('starting', 'unclear') or due_at is null) not valid,
    drop constraint registrations_ask,
    add constraint registrations_ask check (ask in ('', 'profile', 'customer_request')) not valid,
    drop constraint registrations_status,
    add constraint registrations_status check (status in
        ('starting', 'unclear', 'needs_attention', 'open', 'completed', 'expired', 'superseded', 'closed')) not valid,
    drop column provider;
