// Moves on when the registration stands otherwise than the page shows. While the page is seen the portal tells of changes, where it can and nothing on the
// way holds that up; that somebody is there keeps them signed in. A stream on which nothing comes for long, not even a beat, is given up for a while. Until it
// tells something, and where it does not, the page asks: a waiting page often at first and then less, while it is seen, and a calm one, whose news may take
// days, much less; the form's page once a minute, which also keeps the applicant signed in. Other scripts of the page have it ask at once by the event
// "portal:news".
(() => {
  'use strict';
  const element = document.querySelector('[data-status-url]');
  if (!element) {
    return;
  }
  const { statusUrl, eventsUrl, status, slow, done } = element.dataset;
  const stage = element.dataset.stage ?? ''; // of a check
  const calm = 'calm' in element.dataset;
  const live = element.querySelector('[role=status]'); // waiting pages only
  const behind = document.querySelector('[data-behind]'); // the form's page only
  const signedOut = document.querySelector('[data-signed-out]'); // the form's page only
  const waiting = live !== null;
  const longest = !waiting ? 60000 : calm ? 30000 : 5000;
  const slowAfter = 15000;
  const trustAgain = 60000;
  const deadAfter = 60000; // without a beat, of which there are two or more in that time
  let pause = waiting ? 1000 : longest;
  let etag = '';
  let timer = 0;
  let asking = false;
  let stream = null; // of events
  let told = false; // something by it
  let dead = 0; // the timer that runs while nothing comes on it
  let untrusted = 0; // until when there is no use in another

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

  // take says whether the page moves on after an answer.
  function take(answer) {
    if (signedOut) {
      signedOut.hidden = true; // they may have signed in again in another tab
    }
    return news(answer) && move(answer);
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
      moved = answer !== null && take(answer);
    } catch {
      // No answer, or not one of ours: the next time will tell.
    }
    asking = false;
    if (!moved) {
      later();
    }
  }

  function later() {
    clearTimeout(timer);
    timer = 0;
    if (told || (waiting && document.hidden)) {
      return; // goes on when the portal falls silent, or the page is seen again
    }
    timer = setTimeout(() => listen() || check(), pause);
    pause = Math.min(pause * 1.5, longest);
  }

  // listen says whether it has begun to. Until something is heard, the page asks.
  function listen() {
    if (!eventsUrl || !window.EventSource || stream || document.hidden || Date.now() < untrusted) {
      return false;
    }
    stream = new EventSource(eventsUrl);
    alive();
    stream.addEventListener('beat', alive);
    stream.onmessage = (event) => {
      alive();
      told = true;
      later();
      if (take(JSON.parse(event.data))) {
        hush();
      }
    };
    stream.addEventListener('signed_out', () => {
      hush();
      end();
      later();
    });
    stream.onerror = () => {
      alive(); // it has the time to come back
      told = false;
      if (stream.readyState === EventSource.CLOSED) { // otherwise the browser tries again
        hush();
      }
      pause = longest; // which leaves it the time, also after all streams of a process have ended
      if (!timer) {
        later();
      }
    };
    later();
    return true;
  }

  // alive takes the stream for dead when nothing has come for long: its other end may have gone without a word.
  function alive() {
    clearTimeout(dead);
    dead = setTimeout(() => {
      hush();
      check();
    }, deadAfter);
  }

  function hush() {
    clearTimeout(dead);
    stream?.close();
    stream = null;
    told = false;
    untrusted = Date.now() + trustAgain;
  }

  // What the page says of a part that has been opened in another tab is out of date from then on.
  function opened() {
    const state = document.querySelector('[data-behind-state]');
    state.textContent = state.dataset.behindState;
  }
  behind?.addEventListener('click', opened);
  behind?.addEventListener('auxclick', opened);

  // A browser has few connections to a host, so a page that is not seen holds none.
  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer);
    if (document.hidden) {
      hush();
      untrusted = 0;
    } else if (!listen()) {
      check();
    }
  });
  document.addEventListener('portal:news', check);
  if (waiting && !calm) {
    setTimeout(() => {
      live.textContent = slow;
    }, slowAfter);
  }
  if (!listen()) {
    later();
  }
})();
