-- +goose Up

-- Codes on their way to an address. Whoever is finishing comes back from the provider's form. browser_hash is of the token that the browser which asked holds; code_hash is of
-- that token and the code together.
create table sign_ins (
    browser_hash bytea constraint sign_ins_pk primary key,
    email text not null,
    flow text not null,
    finishing boolean not null,
    code_hash bytea not null,
    tries integer not null default 0
        constraint sign_ins_tries check (tries between 0 and 5),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);

create index sign_ins_email on sign_ins (email, created_at);

-- Who is signed in. The token itself is held by the browser only.
create table sessions (
    token_hash bytea constraint sessions_pk primary key,
    issuer text not null,
    subject text not null,
    created_at timestamptz not null,
    seen_at timestamptz not null,
    ended_at timestamptz,
    constraint sessions_identity_fk foreign key (issuer, subject) references identities
);

create index sessions_identity on sessions (issuer, subject);

-- +goose Down
drop table sessions;
drop table sign_ins;
