// Runs real, certified OpenID providers for the tests: one process, any number of providers, each with a port of its own.
//
// Orders come through standard input, one JSON object a line, and each is answered with one such line on standard output.
// The process ends with its input, so it cannot outlive the tests, however they end. Complaints go to standard error, each
// behind the issuer it is about. The orders are written by internal/oidctest, which says what their fields mean.
import { createPrivateKey } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

console.info = console.warn = () => {}; // what the library says at every start: that its store is in memory
const { default: Provider } = await import('oidc-provider');

const escape = (text) => String(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

const page = (title, fields, action) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${title}</title>
<h1>${title}</h1>
<form method="post">
${fields}
<button name="answer" value="yes">${action}</button>
<button name="answer" value="no" formnovalidate>Cancel</button>
</form>
</html>`;

const loginPage = (complaint) => page('Identity provider', `
<p role="alert">${escape(complaint)}</p>
<label for="login">Login</label>
<input id="login" name="login" required autofocus>`, 'Sign in');

const consentPage = (client, scopes) => page('Consent', `
<p>${escape(client)} asks for: ${escape(scopes)}.</p>`, 'Allow');

async function formOf(request) {
  let body = '';
  for await (const chunk of request) body += chunk;
  return new URLSearchParams(body);
}

// grant gives the client what it asks for and has not been given yet.
async function grant(provider, { grantId, session, params, prompt }) {
  const given = grantId
    ? await provider.Grant.find(grantId)
    : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  given.addOIDCScope((prompt.details.missingOIDCScope ?? []).join(' '));
  given.addOIDCClaims(prompt.details.missingOIDCClaims ?? []);
  return given.save();
}

// answer is what a person's form means: a result to finish with, or a complaint.
async function answer(provider, accounts, details, form) {
  if (form.get('answer') === 'no') {
    return { result: { error: 'access_denied', error_description: 'the person cancelled' } };
  }
  if (details.prompt.name === 'consent') {
    return { result: { consent: { grantId: await grant(provider, details) } } };
  }
  const accountId = form.get('login');
  return Object.hasOwn(accounts, accountId) ? { result: { login: { accountId } } } : { complaint: 'Nobody is called that.' };
}

// interact shows the forms in which people sign in and consent, with nothing in them that wants a script.
const interact = (provider, accounts) => async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) return next();
  const details = await provider.interactionDetails(ctx.req, ctx.res);
  let complaint = '';
  if (ctx.method === 'POST') {
    const given = await answer(provider, accounts, details, await formOf(ctx.req));
    if (given.result) {
      ctx.respond = false;
      return provider.interactionFinished(ctx.req, ctx.res, given.result, { mergeWithLastSubmission: true });
    }
    complaint = given.complaint;
  }
  ctx.type = 'html';
  ctx.body = details.prompt.name === 'login'
    ? loginPage(complaint)
    : consentPage(details.params.client_id, details.params.scope);
};

function complainOf(provider, issuer) {
  for (const event of ['server_error', 'authorization.error', 'grant.error', 'end_session.error', 'backchannel.error']) {
    provider.on(event, (ctx, err) => console.error(`${issuer} ${event}:`, err.error_description ?? '', err.error_detail ?? '', err.message));
  }
}

// Browsers do not tell ports apart in cookies, so every provider has names of its own for them.
const cookieNames = (tag) => Object.fromEntries(
  ['session', 'interaction', 'resume', 'state'].map((name) => [name, `${name}_${tag}`]),
);

function configure({ keys, clients, accounts, tag, claims_in_id_token: claimsInIdToken }) {
  return {
    jwks: {
      keys: keys.map(({ id, pem }) => ({ ...createPrivateKey(pem).export({ format: 'jwk' }), kid: id, use: 'sig' })),
    },
    clients,
    findAccount: (_, id) => (Object.hasOwn(accounts, id)
      ? { accountId: id, claims: () => ({ ...accounts[id], sub: id }) }
      : undefined),
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'locale', 'preferred_username'] },
    conformIdTokenClaims: !claimsInIdToken,
    cookies: { keys: [tag], names: cookieNames(tag) },
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256', 'HS256'] },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true },
    },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 3600, IdToken: 600, Interaction: 600, Session: 3600 },
  };
}

const servers = new Map();

async function open(given) {
  const order = { ...given, accounts: given.accounts ?? {} };
  const provider = new Provider(order.issuer, configure(order));
  provider.use(interact(provider, order.accounts));
  complainOf(provider, order.issuer);
  const server = createServer(provider.callback());
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  const address = `127.0.0.1:${server.address().port}`;
  servers.set(address, server);
  return { address };
}

function close({ close: address }) {
  const server = servers.get(address);
  servers.delete(address);
  server.close();
  server.closeAllConnections();
  return {};
}

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  const done = await (async () => (order.close ? close(order) : open(order)))()
    .catch((err) => ({ error: err.error_description ?? err.message }));
  process.stdout.write(`${JSON.stringify(done)}\n`);
}
process.exit(0);
