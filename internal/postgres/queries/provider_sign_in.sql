-- name: PutProviderSignIn :exec
insert into provider_sign_ins (state_hash, browser_hash, provider, flow, case_name, finishing, created_at, expires_at)
values (@state_hash, @browser_hash, @provider, @flow, @case_name, @finishing, @now, @expires_at);

-- name: TakeProviderSignIn :one
delete from provider_sign_ins
where state_hash = @state_hash
    and browser_hash = @browser_hash
    and provider = @provider
    and expires_at > @now
returning flow, case_name, finishing, expires_at;

-- PutProviderLogout keeps an identity provider's word, which counts once.
-- name: PutProviderLogout :execrows
insert into provider_logouts (issuer, token, expires_at)
values (@issuer, @token, @expires_at)
on conflict (issuer, token) do nothing;

-- EndProviderSession ends the sessions that began with one at the identity provider.
-- name: EndProviderSession :execrows
update sessions
set ended_at = @now,
    sealed_id_token = null
where issuer = @issuer
    and provider_session = @provider_session
    and provider_session <> ''
    and (subject = @subject or @subject = '')
    and ended_at is null;

-- EndSubjectSessions ends all sessions of one identity.
-- name: EndSubjectSessions :execrows
update sessions
set ended_at = @now,
    sealed_id_token = null
where issuer = @issuer
    and subject = @subject
    and ended_at is null;
