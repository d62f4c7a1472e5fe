// Judges pages with MDN's HTTP Observatory. Reads a list of visits as JSON, {host, http, https, path, cookies}, where http and https are ports
// on this machine and cookies are lines of Set-Cookie that the visitor has got before, and writes what it finds of each.
import dns from 'node:dns';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const observatory = path.dirname(createRequire(import.meta.url).resolve('@mdn/mdn-http-observatory'));

// Every host is this machine.
dns.lookup = (host, options, done) => {
  const all = typeof options === 'object' && options.all;
  (done ?? options)(null, all ? [{ address: '127.0.0.1', family: 4 }] : '127.0.0.1', 4);
};

// The tool looks hosts up in the list of those that browsers have built in, which its package lacks. None of ours is in it.
const preloaded = path.join(observatory, '..', 'conf', 'hsts-preload.json');
if (!existsSync(preloaded)) {
  writeFileSync(preloaded, '{}');
}

const { retrieve } = await import(path.join(observatory, 'retriever', 'retriever.js'));
const { ALL_TESTS } = await import(path.join(observatory, 'constants.js'));
const { getScoreModifier } = await import(path.join(observatory, 'grader', 'grader.js'));

// later are points that the tool gives in its next version, which is not published as a package.
function later(headers) {
  const opener = headers['cross-origin-opener-policy'] === 'same-origin';
  const embedder = ['require-corp', 'credentialless'].includes(headers['cross-origin-embedder-policy']);
  return { 'cross-origin-opener-policy': opener ? 10 : 0, 'cross-origin-embedder-policy': embedder ? 10 : 0 };
}

async function judge({ host, http, https, path, cookies }) {
  const found = await retrieve(host, { path, httpPort: http, httpsPort: https, headers: [`Cookie: ${cookies.map((line) => line.split(';')[0]).join('; ')}`] });
  const { auto } = found.responses;
  if (!auto?.verified) {
    throw new Error(`${path}: no answer over TLS`);
  }
  for (const line of cookies) {
    found.session.jar.setCookieSync(line, `https://${host}${path}`);
  }
  const results = ALL_TESTS.map((test) => test(found));
  const points = Object.fromEntries(results.map((result) => [result.constructor.name, getScoreModifier(result.result)]));
  return { path, status: auto.status, points: { ...points, ...later(auto.headers) } };
}

const visits = JSON.parse(readFileSync(0, 'utf8'));
const judged = [];
for (const visit of visits) {
  judged.push(await judge(visit));
}
process.stdout.write(JSON.stringify(judged));
process.exit(0); // the tool keeps timers
