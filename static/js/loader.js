// Brings the provider's form up on the page. Runs before the provider's script, so that it also notices when that is blocked.
(() => {
  'use strict';
  const patience = 12000; // milliseconds until the applicant is offered help
  const surrender = 30000; // milliseconds after loading in which the provider's script gives up a frame that was refused

  const wrapper = document.getElementById('collection-wrapper');
  let frame = null;
  let came = 0; // when the frame had been loaded, since the page was opened
  let alive = false;

  // slow is for a form that is not there in time. Where the provider's script says something of its own in its place, that is all that is known.
  function slow() {
    embedWatch.fail(!frame && wrapper.childElementCount > 0 ? 'other' : 'slow');
  }

  function start() {
    const request = document.getElementById('customer-request');
    try {
      if (request) {
        window.PassFortCollect.init(JSON.parse(request.textContent));
      } else {
        window.PassFortCollect.initFromUrl();
      }
    } catch {
      embedWatch.fail('script_error'); // or it has been blocked, which is noticed besides
    }
  }

  // live is for a sign that the form is there. Frames that were refused and pages of errors give none.
  function live() {
    if (!alive) {
      alive = true;
      embedWatch.shown();
    }
  }

  function follow(next) {
    frame = next;
    came = 0;
    alive = false;
    embedWatch.begin(patience, slow);
    frame.title ||= wrapper.dataset.title;
    // A frame that refuses to be shown here is loaded, too, as far as the page is told.
    frame.addEventListener('load', () => {
      came = performance.now();
      if (!alive) {
        embedWatch.loaded();
      }
    }, { once: true });
  }

  // gone is for a frame that the provider's script has taken away: at the end, or because it has given the frame up, which it does soon. A form that says
  // nothing may have been filled in, too.
  function gone() {
    const refused = came > 0 && performance.now() - came < surrender;
    const over = alive || (came > 0 && !refused);
    frame = null;
    came = 0;
    alive = false;
    if (over) {
      embedWatch.ended();
      document.dispatchEvent(new Event('portal:news'));
    } else {
      embedWatch.fail(refused ? 'frame_refused' : 'slow');
    }
  }

  new MutationObserver(() => {
    const now = wrapper.querySelector('iframe');
    if (now && now !== frame) {
      follow(now);
    } else if (!now && frame) {
      gone();
    }
  }).observe(wrapper, { childList: true, subtree: true });

  // Nobody else can be a message's source, so that any message will do, of whatever origin: the form may have moved on to a site of its own.
  addEventListener('message', (event) => {
    if (event.source && event.source === frame?.contentWindow) {
      live();
    }
  });
  addEventListener('load', start);
  embedWatch.begin(patience, slow);
})();
