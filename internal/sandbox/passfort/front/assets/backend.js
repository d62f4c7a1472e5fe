// The frame's calls to its own server, each with the key of the customer request.

const draftPatience = 5000; // milliseconds; a draft is not worth waiting for any longer

// Refused is an answer that is no success, in the server's words.
export class Refused extends Error {
  constructor(status, body) {
    super(body?.message || 'Something went wrong. Please try again.');
    this.status = status;
    this.expired = status === 404 || status === 410;
    this.errors = Array.isArray(body?.errors) ? body.errors : [];
  }
}

// backend makes the calls for one customer request.
export function backend(pair) {
  const base = '/collect/api/requests/' + encodeURIComponent(pair.requestID || 'none');
  const part = (...names) => names.map((name) => '/' + encodeURIComponent(name)).join('');
  const call = (method, path, options) => ask(pair, method, base + path, options);
  return {
    load: () => call('GET', ''),
    draft: (form, answers) =>
      call('PUT', part('forms', form, 'draft'), {
        body: JSON.stringify({ answers }),
        keepalive: true,
        signal: AbortSignal.timeout(draftPatience)
      }),
    submit: (form, answers) => call('POST', part('forms', form), { body: JSON.stringify({ answers }) }),
    upload: (form, question, side, type, picture) =>
      call('PUT', part('forms', form, 'documents', question, side) + '?document_type=' + encodeURIComponent(type), { body: picture }),
    finish: () => call('POST', '/finish')
  };
}

async function ask(pair, method, address, options = {}) {
  const headers = { apikey: pair.apikey };
  if (typeof options.body === 'string') {
    headers['Content-Type'] = 'application/json';
  }
  const response = await fetch(address, { ...options, method, headers, cache: 'no-store' });
  if (!response.ok) {
    throw new Refused(response.status, await response.json().catch(() => null));
  }
  return response.json();
}
