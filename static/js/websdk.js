// Brings the provider's own forms for documents and camera up on the page and says what to do when they do not come. Runs before the provider's script, so
// that it also notices when that is blocked. What the forms say of themselves is never believed: the portal is asked.
(() => {
  'use strict';
  const patience = 20000; // milliseconds until the applicant is offered help
  const retries = [0, 1000, 3000]; // milliseconds before each try to get a token
  const looks = [0, 3000, 10000]; // milliseconds before each look at what has become of what was sent

  const container = document.getElementById('websdk');
  const { tokenUrl, registration, readUrl, base, title } = container.dataset;
  let sdk = null;
  let loaded = false; // the frame, for what browsers call that
  let heard = false; // something of it, which no page of errors says
  let looking = false;

  const wait = (pause) => new Promise((resolve) => setTimeout(resolve, pause));

  // news has progress.js ask the portal how the registration stands, and move on when that has changed.
  const news = () => document.dispatchEvent(new Event('portal:news'));

  // token asks the portal once for what opens the forms. Only where it makes sense to ask again the result is nothing.
  async function token() {
    const response = await fetch(tokenUrl, {
      method: 'POST',
      headers: { Accept: 'application/json' },
      body: new URLSearchParams({ registration }),
      cache: 'no-store',
      signal: AbortSignal.timeout(15000),
    });
    if (response.ok) {
      return (await response.json()).token;
    }
    if (response.status < 500 && response.status !== 429) {
      news(); // the registration has moved on, or the session has ended
      throw new Error(`status ${response.status}`);
    }
    return '';
  }

  // fresh is a token, for the first time or in the place of one that has expired.
  async function fresh() {
    for (const pause of retries) {
      await wait(pause);
      let got = '';
      try {
        got = await token();
      } catch (problem) {
        if (!(problem instanceof TypeError || problem.name === 'TimeoutError')) {
          throw problem;
        }
      }
      if (got) {
        return got;
      }
    }
    throw new Error('no token');
  }

  // slow is for forms that are not there in time. A frame that refuses to be shown here is loaded, too, as far as the page is told.
  function slow() {
    embedWatch.fail(loaded && !heard ? 'frame_refused' : 'slow');
  }

  // look has the portal read the provider a few times: what was sent may take a moment to be seen there.
  async function look() {
    if (looking) {
      return;
    }
    looking = true;
    for (const pause of looks) {
      await wait(pause);
      await fetch(readUrl, { redirect: 'manual', cache: 'no-store', signal: AbortSignal.timeout(15000) }).catch(() => {});
      news();
    }
    looking = false;
  }

  function changed(payload) {
    if (payload?.reviewStatus !== 'init') {
      look();
    }
  }

  function build(first) {
    const builder = window.snsWebSdk
      .init(first, fresh)
      .withBaseUrl(base)
      .withConf({ lang: document.documentElement.lang, theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light' })
      .withOptions({ addViewportTag: false, adaptIframeHeight: true })
      .on('idCheck.onReady', embedWatch.shown)
      .on('idCheck.onError', () => embedWatch.fail('script_error'))
      .on('idCheck.onApplicantStatusChanged', changed)
      .onMessage(() => { heard = true; });
    for (const event of ['onApplicantSubmitted', 'onApplicantResubmitted', 'onApplicantLevelChanged', 'onApplicantVerificationCompleted']) {
      builder.on('idCheck.' + event, look);
    }
    return builder.build();
  }

  // launch shows the frame. Its title is to be in the page's language.
  function launch(first) {
    sdk = build(first);
    sdk.launch(container);
    const frame = container.querySelector('iframe');
    frame.title = title;
    frame.addEventListener('load', () => { loaded = true; }, { once: true });
  }

  async function start() {
    loaded = heard = false;
    embedWatch.begin(patience, slow);
    let first = '';
    try {
      first = await fresh();
    } catch {
      embedWatch.fail('other'); // the portal knows why there is no token
      return;
    }
    try {
      launch(first);
    } catch {
      embedWatch.fail('script_error'); // or it has been blocked, which is noticed besides
    }
  }

  function leave() {
    sdk?.destroy();
    sdk = null;
  }

  addEventListener('load', start);
  addEventListener('pagehide', leave);
  addEventListener('pageshow', (event) => {
    if (event.persisted) {
      start();
    }
  });
  embedWatch.begin(patience, slow); // for a script of theirs that never comes, so that the page is never loaded
})();
