// Brings the provider's form up on the page and says what to do when it does not come. Runs before the provider's script, so that it also notices
// when that is blocked.
(() => {
  'use strict';
  const patience = 12000; // milliseconds until the applicant is offered help

  const wrapper = document.getElementById('collection-wrapper');
  const status = document.getElementById('form-status');
  const help = document.getElementById('form-help');
  const timer = setTimeout(showHelp, patience);

  function showHelp() {
    status.hidden = true;
    help.hidden = false;
  }

  function shown() {
    clearTimeout(timer);
    help.hidden = true;
    status.classList.add('visually-hidden');
    status.lastElementChild.textContent = status.dataset.done;
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
      showHelp(); // the script is blocked, or gave up
    }
  }

  const frames = new MutationObserver(() => {
    const frame = wrapper.querySelector('iframe');
    if (!frame) {
      return;
    }
    frames.disconnect();
    frame.title ||= wrapper.dataset.title;
    frame.addEventListener('load', shown, { once: true });
  });
  frames.observe(wrapper, { childList: true, subtree: true });

  addEventListener('error', (event) => {
    if (event.target instanceof HTMLScriptElement) {
      showHelp();
    }
  }, true);
  addEventListener('load', start);
  document.getElementById('form-reload').addEventListener('click', () => location.reload());
})();
