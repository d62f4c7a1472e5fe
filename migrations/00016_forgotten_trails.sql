-- +goose Up
-- Behind somebody who reads for long, such as a backup, this rather fails after five seconds, and can be repeated.
set local lock_timeout = '5s';

-- When the trail of a forgotten registration began, which rows of before this do not say, and when it was forgotten.
alter table forgotten_trails
    add column began_at timestamptz,
    add column forgotten_at timestamptz not null default now();

-- What is kept of a trail is what the database itself finds in it, whatever it is given: nobody who may write to the tables can
-- have a registration look as if it had been forgotten after its time. Clocks of replicas differ, so the last entry need not be the
-- latest.
-- +goose StatementBegin
create function note_forgotten_trail() returns trigger language plpgsql as $$
begin
    select (array_agg(e.at order by e.seq))[1], max(e.at), (array_agg(e.hash order by e.seq desc))[1], now()
    into new.began_at, new.ended_at, new.hash, new.forgotten_at
    from audit_entries e
    where e.registration_id = new.registration_id
    having count(*) > 0;
    if not found then
        raise exception 'there is no trail of registration %', new.registration_id;
    end if;
    return new;
end
$$;
-- +goose StatementEnd

create trigger forgotten_trails_found before insert on forgotten_trails
    for each row execute function note_forgotten_trail();

-- refuse_every_change refuses also what refuse_change lets pass where registrations are forgotten.
-- +goose StatementBegin
create function refuse_every_change() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % are never changed or removed', tg_table_name;
end
$$;
-- +goose StatementEnd

create trigger forgotten_trails_append_only before update or delete or truncate on forgotten_trails
    for each statement execute function refuse_every_change();

-- +goose Down
drop trigger forgotten_trails_append_only on forgotten_trails;
drop function refuse_every_change;
drop trigger forgotten_trails_found on forgotten_trails;
drop function note_forgotten_trail;
alter table forgotten_trails
    drop column began_at,
    drop column forgotten_at;
