-- What the owner of a database has an administrator make once. The portals sign in as `portal`, which may read and write rows,
-- and not change the schema; `portal migrate up` gives both roles their rights.
create role portal_application nologin;
create role portal_reader nologin;
create role portal login password 'portal' in role portal_application;
