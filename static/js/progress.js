// Asks the portal how the registration stands and moves on when that changes. On a waiting page it asks often at first and then less; on the form's
// page it asks once a minute while the page is seen, which also keeps the applicant signed in.
(() => {
  'use strict';
  const element = document.querySelector('[data-status-url]');
  if (!element) {
    return;
  }
  const { statusUrl, status, slow, done } = element.dataset;
  const live = element.querySelector('[role=status]'); // waiting pages only
  const waiting = live !== null;
  const longest = waiting ? 5000 : 60000;
  const slowAfter = 15000;
  const began = Date.now();
  let pause = waiting ? 1000 : longest;
  let etag = '';
  let timer = 0;
  let asking = false;

  // ask resolves to the portal's answer, or to nothing when there is no news.
  async function ask() {
    const response = await fetch(statusUrl, {
      headers: etag ? { Accept: 'application/json', 'If-None-Match': etag } : { Accept: 'application/json' },
      cache: 'no-store',
      signal: AbortSignal.timeout(15000),
    });
    if (response.status === 401) {
      location.reload();
    }
    if (!response.ok) {
      return null;
    }
    etag = response.headers.get('ETag') ?? '';
    return response.json();
  }

  function move(next) {
    const to = new URL(next, location.href);
    if (to.origin !== location.origin) {
      return false;
    }
    if (waiting) {
      live.textContent = done;
    }
    location.replace(to);
    return true;
  }

  async function check() {
    if (asking) {
      return;
    }
    asking = true;
    clearTimeout(timer);
    let moved = false;
    try {
      const answer = await ask();
      moved = answer !== null && answer.status !== status && move(answer.next);
    } catch {
      // No answer, or not one of ours: the next time will tell.
    }
    asking = false;
    if (!moved) {
      later();
    }
  }

  function later() {
    if (waiting && Date.now() - began > slowAfter && live.textContent !== slow) {
      live.textContent = slow;
    }
    if (document.hidden) {
      return; // goes on when the page is seen again
    }
    timer = setTimeout(check, pause);
    pause = Math.min(pause * 1.5, longest);
  }

  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer);
    if (!document.hidden) {
      check();
    }
  });
  later();
})();
