// The frame's calls to its own server, each with the key of the customer request.

// Refused is an answer that is no success.
export class Refused extends Error {
  constructor(status, body) {
    super(body.message || 'Something went wrong.');
    this.expired = status === 404 || status === 410;
    this.fields = body.errors || [];
  }
}

export function getForm(pair) {
  return call(pair, 'GET', '');
}

export function saveSection(pair, id, answers) {
  return call(pair, 'POST', '/sections/' + encodeURIComponent(id), JSON.stringify({ answers }));
}

export function savePhoto(pair, photo) {
  return call(pair, 'PUT', '/photo', photo);
}

export function finish(pair) {
  return call(pair, 'POST', '/finish');
}

async function call(pair, method, path, body) {
  const address = '/collect/api/requests/' + encodeURIComponent(pair.requestID || 'none') + path;
  const response = await fetch(address, { method, body, headers: { apikey: pair.apikey }, cache: 'no-store' });
  const answer = await response.json();
  if (!response.ok) {
    throw new Refused(response.status, answer);
  }
  return answer;
}
