// The frame's calls to its own server. They are authorised by the access token, which is renewed when it is refused.

const patience = 60000; // milliseconds for a call, a large picture's included
const renewals = 2; // in a row, before a call is given up

// Refused is an answer that is no success, in the server's words.
export class Refused extends Error {
  constructor(status, body) {
    super(body?.description || 'Something went wrong. Please try again.');
    this.status = status;
    this.name = body?.errorName || 'error';
  }
}

// backend makes the calls for the applicant of the host's token. Each answers with the applicant as it is then.
export function backend(host) {
  let token = host.token;
  let renewal = null; // of the token, if one is under way

  function renew(refused) {
    if (token !== refused) {
      return Promise.resolve(); // somebody has been faster
    }
    renewal ??= host.renew().then((fresh) => (token = fresh), ended).finally(() => (renewal = null));
    return renewal;
  }

  function ended(reason) {
    throw new Refused(401, { description: reason.message });
  }

  async function call(method, path, body, type) {
    for (let tries = 0; ; tries++) {
      const used = token;
      const headers = { 'X-Access-Token': used, ...(type && { 'Content-Type': type }) };
      const answer = await fetch('/websdk/api/' + path, { method, headers, body, cache: 'no-store', signal: AbortSignal.timeout(patience) });
      if (answer.ok) {
        return answer.json();
      }
      const refusal = new Refused(answer.status, await answer.json().catch(() => null));
      if (refusal.status !== 401 || tries === renewals) {
        throw refusal;
      }
      await renew(used);
    }
  }

  return {
    load: () => call('GET', 'applicant'),
    data: (fields) => call('POST', 'data', JSON.stringify(fields), 'application/json'),
    upload: (document, picture) => call('POST', 'documents?' + new URLSearchParams(document), picture, picture.type || 'application/octet-stream'),
    submit: () => call('POST', 'check')
  };
}
