// Asks the portal how the registration stands and moves on when that changes. On a waiting page it asks often at first and then less, while the page is
// seen, and on a calm one, whose news may take days, much less; on the form's page it asks once a minute, which also keeps the applicant signed in. Other
// scripts of the page have it ask at once by the event "portal:news".
(() => {
  'use strict';
  const element = document.querySelector('[data-status-url]');
  if (!element) {
    return;
  }
  const { statusUrl, status, slow, done } = element.dataset;
  const stage = element.dataset.stage ?? ''; // of a check
  const calm = 'calm' in element.dataset;
  const live = element.querySelector('[role=status]'); // waiting pages only
  const behind = document.querySelector('[data-behind]'); // the form's page only
  const signedOut = document.querySelector('[data-signed-out]'); // the form's page only
  const waiting = live !== null;
  const longest = !waiting ? 60000 : calm ? 30000 : 5000;
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
      end();
    }
    if (!response.ok) {
      return null;
    }
    if (signedOut) {
      signedOut.hidden = true; // they may have signed in again in another tab
    }
    etag = response.headers.get('ETag') ?? '';
    return response.json();
  }

  // end is for somebody whose session has ended. A form in the making is left alone: it can be finished without us.
  function end() {
    if (waiting) {
      location.reload();
    } else if (signedOut) {
      signedOut.hidden = false;
      etag = '';
    }
  }

  // news says whether an answer differs from what the page shows. Whether the provider has been asked or is waited for is all the same to applicants.
  const preparing = ['starting', 'unclear'];
  function news(answer) {
    if (answer.status === status) {
      return (answer.stage ?? '') !== stage;
    }
    return !(preparing.includes(status) && preparing.includes(answer.status));
  }

  function move(answer) {
    const to = new URL(answer.next, location.href);
    if (to.origin !== location.origin) {
      return false;
    }
    if (calm || (waiting && ['open', 'completed'].includes(answer.status))) {
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
      moved = answer !== null && news(answer) && move(answer);
    } catch {
      // No answer, or not one of ours: the next time will tell.
    }
    asking = false;
    if (!moved) {
      later();
    }
  }

  function later() {
    if (waiting && !calm && Date.now() - began > slowAfter && live.textContent !== slow) {
      live.textContent = slow;
    }
    if (waiting && document.hidden) {
      return; // goes on when the page is seen again
    }
    timer = setTimeout(check, pause);
    pause = Math.min(pause * 1.5, longest);
  }

  // What the page says of a part that has been opened in another tab is out of date from then on.
  function opened() {
    const state = document.querySelector('[data-behind-state]');
    state.textContent = state.dataset.behindState;
  }
  behind?.addEventListener('click', opened);
  behind?.addEventListener('auxclick', opened);

  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer);
    if (!document.hidden) {
      check();
    }
  });
  document.addEventListener('portal:news', check);
  later();
})();
