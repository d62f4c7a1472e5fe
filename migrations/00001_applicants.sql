-- +goose Up

-- The people who register. What is known about them stays at the provider.
create table applicants (
    id uuid constraint applicants_pk primary key,
    created_at timestamptz not null
);

-- How an applicant is known: by a proved e-mail address, or by what an identity provider or the company calls them.
-- The foreign key waits for the commit, so that the identity can be claimed before its applicant is made.
create table identities (
    issuer text not null,
    subject text not null,
    applicant_id uuid not null
        constraint identities_applicant_fk references applicants deferrable initially deferred,
    created_at timestamptz not null,
    constraint identities_pk primary key (issuer, subject)
);

create index identities_applicant on identities (applicant_id);

-- +goose Down
drop table identities;
drop table applicants;
