// Warns on a page on which something is typed that the session is about to end, and offers to go on. The page never moves on by itself: what is typed
// stays. Clocks of computers that slept are right again when they wake, so the time of day counts and not what timers have measured.
(() => {
  'use strict';
  const notice = document.querySelector('[data-session]');
  if (!notice) {
    return;
  }
  const address = notice.dataset.session;
  const warning = Number(notice.dataset.warning) * 1000; // milliseconds before the end
  const often = 60000; // milliseconds between two looks at the clock, at most
  const failed = notice.querySelector('[data-failed]');
  let final = 'final' in notice.dataset; // nothing prolongs the session
  let ends = Date.now() + Number(notice.dataset.seconds) * 1000;
  let timer = 0;
  let asking = false;
  let last = null; // where the focus was last outside of the notice

  // ask learns how long the session goes on: GET just looks, POST prolongs it.
  async function ask(method) {
    const response = await fetch(address, {
      method,
      headers: { Accept: 'application/json' },
      cache: 'no-store',
      signal: AbortSignal.timeout(15000),
    });
    if (!response.ok && response.status !== 401) {
      throw new Error(`status ${response.status}`);
    }
    const answer = await response.json();
    ends = Date.now() + answer.seconds * 1000;
    final = answer.final;
  }

  // tell shows what is to be known, and looks again when that may have changed.
  function tell() {
    const left = ends - Date.now();
    let now = '';
    if (left <= 0) {
      now = 'over';
    } else if (left <= warning) {
      now = final ? 'final' : 'warning';
    }
    notice.querySelectorAll('[data-when]').forEach((part) => {
      part.hidden = part.dataset.when !== now;
    });
    if (notice.contains(document.activeElement) && document.activeElement.closest('[hidden]')) {
      last?.focus();
    }
    clearTimeout(timer);
    const change = left > warning ? left - warning : left;
    timer = setTimeout(look, change > 0 ? Math.min(change, often) : often);
  }

  // look asks the portal before anything is said: the session may have gone on in another tab, or begun anew there. Without an answer the clock counts.
  async function look() {
    if (asking) {
      return;
    }
    asking = true;
    if (ends - Date.now() <= warning) {
      await ask('GET').catch(() => {});
    }
    asking = false;
    tell();
  }

  async function stay() {
    failed.hidden = true;
    try {
      await ask('POST');
    } catch {
      failed.hidden = false;
    }
    tell();
  }

  notice.querySelector('[data-stay]').addEventListener('click', stay);
  document.addEventListener('focusin', (event) => {
    if (!notice.contains(event.target)) {
      last = event.target;
    }
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) {
      look();
    }
  });
  addEventListener('pageshow', look);
  tell();
})();
