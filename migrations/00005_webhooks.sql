-- +goose Up

-- Webhooks as they were received. The body is sealed, bound to its row, and emptied after the retention; the row stays
-- longer, so that a message that comes again is known. A line is what is handed on in order: the messages of one
-- profile, or a single message that is about none.
create table webhooks (
    seq bigint generated always as identity constraint webhooks_pk primary key,
    provider text not null,
    message_id text not null,
    line text not null,
    event text not null,
    profile_id text not null,
    customer_ref text not null,
    request_id text not null,
    outcome text not null
        constraint webhooks_outcome check (outcome in ('', 'SENT', 'COMPLETED', 'EXPIRED')),
    trouble text not null,
    status text not null
        constraint webhooks_status check (status in ('pending', 'processed', 'quarantined')),
    forwarding text not null
        constraint webhooks_forwarding check (forwarding in ('none', 'waiting', 'sent')),
    sealed_body bytea,
    received_at timestamptz not null,
    processed_at timestamptz,
    forwarded_at timestamptz,
    constraint webhooks_once unique (provider, message_id),
    constraint webhooks_trouble check ((trouble = '') or status <> 'pending'),
    constraint webhooks_processed check ((status = 'processed') = (processed_at is not null)),
    constraint webhooks_forwarded check ((forwarding = 'sent') = (forwarded_at is not null)),
    constraint webhooks_sendable check (forwarding <> 'waiting' or sealed_body is not null)
);

create index webhooks_pending on webhooks (provider, line, seq) where status = 'pending';
create index webhooks_quarantined on webhooks (seq) where status = 'quarantined' and sealed_body is not null;
create index webhooks_waiting on webhooks (provider, seq) where forwarding = 'waiting';
create index webhooks_kept on webhooks (received_at) where sealed_body is not null;
create index webhooks_received on webhooks (received_at);

-- The lines with something to hand on; a row goes when its last message is processed. A claim is a number that was
-- never used before, so a former holder cannot pass for a later one. Arrivals tell the holder that more has come.
create table webhook_lines (
    provider text not null,
    line text not null,
    due_at timestamptz not null,
    since timestamptz not null,
    claimed_until timestamptz,
    claim bigint not null,
    arrivals bigint not null,
    tries integer not null,
    cause text not null,
    constraint webhook_lines_pk primary key (provider, line)
);

create index webhook_lines_due on webhook_lines (due_at, provider, line);
create index webhook_lines_since on webhook_lines (since);

-- Who sends a provider's webhooks on to the company's own receiver, and when the next attempt is due.
create table webhook_forwarders (
    provider text constraint webhook_forwarders_pk primary key,
    due_at timestamptz not null,
    claimed_until timestamptz,
    claim bigint not null,
    tries integer not null,
    cause text not null
);

create sequence webhook_claims;

-- +goose Down
drop sequence webhook_claims;
drop table webhook_forwarders;
drop table webhook_lines;
drop table webhooks;
