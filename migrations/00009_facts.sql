-- +goose Up
-- The foreign key locks registrations against writers: behind somebody who writes for long, everybody who writes would
-- wait for this. It rather fails after five seconds, and can be repeated.
set local lock_timeout = '5s';

-- What the company knew of an applicant beforehand, for the profile that is still to be created: sealed, bound to its row,
-- and removed as soon as there is a profile. The release before this one leaves the table alone, and creates its profiles
-- without.
create table registration_facts (
    registration_id uuid
        constraint registration_facts_pk primary key
        constraint registration_facts_registration_fk references registrations,
    sealed bytea not null
);

-- +goose Down
drop table registration_facts;
