-- +goose Up

-- Roles that logins are made members of: portal_application may do what the portal does, portal_reader look. Neither may change the
-- schema or grant anything: that is the owner's, who migrates. Roles belong to the whole server, so another database of it may have
-- made them, and whoever may not make roles has an administrator do it.
-- +goose StatementBegin
do $$
declare
    wanted text;
begin
    foreach wanted in array array['portal_application', 'portal_reader'] loop
        begin
            if to_regrole(wanted) is null then
                execute format('create role %I nologin', wanted);
            end if;
        exception
            when duplicate_object or unique_violation then null;
            when insufficient_privilege then
                raise warning 'role % is missing, and % may not create it', wanted, current_user;
        end;
    end loop;
end
$$;
-- +goose StatementEnd

-- It is called at the end of every migration, for what is new, the job queue's tables included. The owner calls it by hand when an
-- administrator has made the roles. What only the owner writes is which migrations there were.
-- +goose StatementBegin
create function grant_rights() returns void language plpgsql as $$
declare
    here text := quote_ident(current_schema());
begin
    if to_regrole('portal_application') is not null then
        execute 'grant usage on schema ' || here || ' to portal_application';
        execute 'grant select, insert, update, delete on all tables in schema ' || here || ' to portal_application';
        execute 'grant usage, select on all sequences in schema ' || here || ' to portal_application';
        revoke insert, update, delete on goose_db_version from portal_application;
        revoke update on audit_entries from portal_application;
        revoke update, delete on forgotten_trails from portal_application;
        if to_regclass('river_migration') is not null then
            revoke insert, update, delete on river_migration from portal_application;
        end if;
    end if;
    if to_regrole('portal_reader') is not null then
        execute 'grant usage on schema ' || here || ' to portal_reader';
        execute 'grant select on all tables in schema ' || here || ' to portal_reader';
    end if;
end
$$;
-- +goose StatementEnd

-- +goose Down
drop function grant_rights();
-- +goose StatementBegin
do $$
declare
    known text;
begin
    foreach known in array array['portal_application', 'portal_reader'] loop
        if to_regrole(known) is not null then
            execute format('revoke all on all tables in schema %I from %I', current_schema(), known);
            execute format('revoke all on all sequences in schema %I from %I', current_schema(), known);
            execute format('revoke all on schema %I from %I', current_schema(), known);
        end if;
    end loop;
end
$$;
-- +goose StatementEnd
