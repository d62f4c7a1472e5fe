// Watches whether a provider's form comes up in the page. When it does not, this says what is known of the cause, offers ways on, and tells the portal
// the kind of page and the cause, and nothing else. The scripts that bring the forms up say what they see: embedWatch.begin, loaded, shown, ended, fail.
'use strict';
const embedWatch = (() => {
  const instant = 25; // milliseconds in which no network answers, and what blocks requests in the browser does
  const silence = 4000; // milliseconds in which a form that has been loaded gives a sign of life
  const place = document.querySelector('[data-embed]');
  const { embed: page, script, reports } = place.dataset;
  const status = document.querySelector('[data-embed-status]');
  const doubt = document.querySelector('[data-embed-doubt]');
  const help = document.querySelector('[data-embed-help]');
  const skip = document.querySelector('[data-embed-skip]');
  const address = location.href; // before the provider's script takes what opens the form out of it
  const told = new Set();
  let refused = ''; // what our own policy has kept out, in place of the form
  let here = false; // a form has been loaded, or lives
  let missing = false; // the provider's script has not come
  let threw = false; // it has, and has failed
  let timer = 0;
  let turn = 0;

  // parse is an address in its parts, or nothing. URL.canParse is too young.
  function parse(url) {
    try {
      return new URL(url);
    } catch {
      return null;
    }
  }

  const originOf = (url) => parse(url)?.origin ?? '';

  async function answers(url) {
    const options = { mode: 'no-cors', credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer', signal: AbortSignal.timeout(5000) };
    return fetch(url, options).then(() => true, () => false);
  }

  // lost is why the provider's script has not come. A policy may keep the page from asking for it once more.
  async function lost() {
    const [entry] = performance.getEntriesByName(script);
    const asked = 'ask' in place.dataset && answers(script);
    if (!(await answers(document.querySelector('link[rel=icon]').href))) {
      return 'network';
    }
    if (await asked) {
      return 'script_error';
    }
    return entry && entry.duration < instant ? 'script_blocked' : 'network';
  }

  async function cause(known) {
    if (refused) {
      return refused;
    }
    if (!navigator.onLine) {
      return 'network';
    }
    if (missing) {
      return lost();
    }
    return threw && known === 'slow' ? 'script_error' : known;
  }

  function report(found) {
    if (told.has(found)) {
      return;
    }
    told.add(found);
    const body = JSON.stringify({ page, cause: found });
    fetch(reports, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body, keepalive: true }).catch(() => {});
  }

  // ways lead on: to the same page once more, or to the form in a window of its own. A form that has more in its address than its place can be shown there
  // by itself; any other can be shown by this page alone. The address opens the form, so it stands nowhere but where it is offered.
  function ways() {
    const frame = place.querySelector('iframe');
    const at = parse(frame?.src);
    const alone = page !== 'sdk' && at?.origin === originOf(script) && at.search + at.hash !== '';
    document.querySelectorAll('[data-embed-window]').forEach((link) => {
      if (link.closest('[hidden], details:not([open])')) {
        link.removeAttribute('href');
      } else {
        link.href = alone ? at.href : address;
      }
    });
  }

  // lead moves the focus to what has come in the place of the form, unless somebody is busy elsewhere.
  function lead(to) {
    const at = document.activeElement;
    if (!at || at === document.body || place.contains(at) || help.contains(at) || doubt?.contains(at) || at === skip) {
      to.focus();
    }
  }

  // ask has the page ask below the form whether there is none, or not.
  function ask(on) {
    if (doubt) {
      doubt.hidden = !on;
    }
  }

  function showHelp(found) {
    status.hidden = skip.hidden = true;
    ask(false);
    help.querySelectorAll('[data-cause]').forEach((text) => { text.hidden = text.dataset.cause !== found; });
    help.hidden = false;
    ways();
    lead(help.querySelector('h2'));
  }

  // fail says that the form has not come up, with what is known of the cause. The provider may still bring it up.
  async function fail(known) {
    clearTimeout(timer);
    const mine = ++turn;
    const found = await cause(known);
    if (mine === turn) {
      showHelp(found);
      report(found);
    }
  }

  function say(text) {
    status.hidden = false;
    if (status.lastElementChild.textContent !== text) { // or it would be announced once more
      status.lastElementChild.textContent = text;
    }
  }

  // shown says that the form is there.
  function shown() {
    clearTimeout(timer);
    turn++;
    here = true;
    refused = '';
    skip.hidden = false;
    if (help.contains(document.activeElement)) {
      skip.focus();
    }
    help.hidden = true;
    ask(true);
    ways();
    status.classList.add('visually-hidden');
    say(status.dataset.done);
  }

  // loaded is for a form that has come, as far as browsers tell what becomes of a frame of another site. If it says nothing, that is all that can be known.
  function loaded() {
    if (refused) {
      return; // what is kept out ends its loading, too
    }
    here = true;
    wait(silence, () => {
      shown();
      report('silent');
    });
  }

  // ended says that the provider has taken its form away.
  function ended() {
    clearTimeout(timer);
    turn++;
    here = false;
    skip.hidden = true;
    ask(false);
    ways();
    status.classList.remove('visually-hidden');
    status.firstElementChild.hidden = true;
    say(status.dataset.ended);
    const title = document.querySelector('h1');
    title.tabIndex = -1;
    lead(title);
  }

  function wait(time, then) {
    clearTimeout(timer);
    turn++;
    timer = setTimeout(then, time);
  }

  // begin gives a form some time to come, in place of what was left to the one before; then is for when that is over.
  function begin(time, then) {
    status.querySelector('.late')?.remove(); // our own scripts are there
    here = false;
    refused = '';
    wait(time, then);
  }

  // Before there is a form, what is kept out is most likely the form. Beside one it is what extensions put into the page.
  addEventListener('securitypolicyviolation', ({ disposition, effectiveDirective: directive, blockedURI }) => {
    if (disposition !== 'enforce' || here) {
      return;
    }
    if (directive === 'frame-src' && blockedURI.startsWith('http')) {
      refused = 'frame_refused';
      fail(refused);
    } else if (directive.startsWith('script-src') && originOf(blockedURI) === originOf(script)) {
      refused = 'script_blocked';
      fail(refused);
    }
  });

  addEventListener('error', (event) => {
    if (event.target instanceof HTMLScriptElement && event.target.src === script) {
      missing = true;
      fail('network');
    } else if (event instanceof ErrorEvent && (!event.filename || originOf(event.filename) === originOf(script))) {
      threw = true; // browsers tell no more of scripts of other sites
    }
  }, true);

  document.querySelectorAll('[data-embed-retry]').forEach((button) => button.addEventListener('click', () => {
    history.replaceState(history.state, '', address);
    location.reload();
  }));
  skip.addEventListener('click', () => place.querySelector('iframe')?.focus());
  doubt?.addEventListener('toggle', ways);

  return { begin, loaded, shown, ended, fail };
})();
