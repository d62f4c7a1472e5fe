// The script that a loader page includes. It shows the forms of a customer request in a frame:
//
//   PassFortCollect.init({request_id, apikey})
//   PassFortCollect.initFromUrl()
//
// The pair reaches the frame by a message to this script's own origin, never in an address.
(() => {
  'use strict';

  const origin = new URL(document.currentScript.src).origin;
  const names = /*names*/ ['request_id', 'apikey'];
  const patience = 15000; // milliseconds until a frame that says nothing is given up
  const maxHeight = 20000;
  let stop = () => {};

  function init(options) {
    const { request_id, apikey } = options || {};
    show(() => ({ request_id, apikey }), () => {});
  }

  function initFromUrl() {
    show(readPair, removePair);
  }

  // show puts a frame into the wrapper, in place of what is there, or says why there is none.
  function show(read, loaded) {
    const wrapper = document.getElementById('collection-wrapper');
    if (!wrapper) {
      throw new Error('PassFortCollect: the page has no element with the id "collection-wrapper"');
    }
    const again = () => show(read, loaded);
    const pair = read();
    stop();
    if (!isText(pair.request_id) || !isText(pair.apikey)) {
      console.error('PassFortCollect: the request id or the API key is missing');
      complain(wrapper, 'This page was opened without the details of your request. Please open it again from where you got the link.', again);
      return;
    }
    stop = open(wrapper, pair, loaded, () => {
      console.error(`PassFortCollect: no answer from the frame of ${origin}; it may be blocked, or refuse to be framed by this page`);
      complain(wrapper, 'The forms could not be loaded. Please check your connection and try again.', again);
    });
  }

  // open shows the frame and hands it the pair. It returns a way to end all that.
  function open(wrapper, pair, loaded, failed) {
    const frame = makeFrame();
    const timer = setTimeout(() => {
      deafen();
      failed();
    }, patience);
    const deafen = listen(frame, {
      ready() {
        clearTimeout(timer);
        frame.contentWindow.postMessage({ type: 'open', request_id: pair.request_id, apikey: pair.apikey }, origin);
      },
      loaded,
      height: (message) => setHeight(frame, message.height),
      top() {
        if (frame.getBoundingClientRect().top < 0) {
          frame.scrollIntoView({ block: 'start' });
        }
      }
    });
    wrapper.replaceChildren(frame);
    return () => {
      clearTimeout(timer);
      deafen();
    };
  }

  function makeFrame() {
    const frame = document.createElement('iframe');
    frame.title = 'Forms to complete';
    frame.allow = 'camera';
    frame.referrerPolicy = 'no-referrer';
    Object.assign(frame.style, { display: 'block', width: '100%', border: '0' });
    frame.src = origin + '/collect';
    return frame;
  }

  // listen hears only what this very frame says from this very origin. It returns a way to stop.
  function listen(frame, handlers) {
    const hear = (event) => {
      const message = event.data;
      if (event.origin !== origin || event.source !== frame.contentWindow || !message || typeof message !== 'object') {
        return;
      }
      if (Object.hasOwn(handlers, message.type)) {
        handlers[message.type](message);
      }
    };
    window.addEventListener('message', hear);
    return () => window.removeEventListener('message', hear);
  }

  function setHeight(frame, height) {
    if (Number.isFinite(height) && height > 0 && height <= maxHeight) {
      frame.style.height = Math.ceil(height) + 'px';
    }
  }

  function complain(wrapper, text, again) {
    const box = document.createElement('div');
    const words = document.createElement('p');
    const button = document.createElement('button');
    box.setAttribute('role', 'alert');
    words.textContent = text;
    button.type = 'button';
    button.textContent = 'Try again';
    button.addEventListener('click', again);
    box.append(words, button);
    wrapper.replaceChildren(box);
  }

  function isText(value) {
    return typeof value === 'string' && value !== '';
  }

  // readPair finds the pair in the query or in the fragment of the page's address.
  function readPair() {
    const query = new URLSearchParams(location.search);
    const fragment = new URLSearchParams(location.hash.slice(1));
    const [request_id, apikey] = names.map((name) => query.get(name) || fragment.get(name));
    return { request_id, apikey };
  }

  // removePair takes the pair out of the address bar and the history and leaves the rest of the address as it was.
  function removePair() {
    history.replaceState(history.state, '', location.pathname + without(location.search) + without(location.hash));
  }

  // without is a query or a fragment without the pair; the mark at its start goes with the last of its parts.
  function without(part) {
    const nameOf = (one) => new URLSearchParams(one).keys().next().value;
    const rest = part.slice(1).split('&').filter((one) => one !== '' && !names.includes(nameOf(one))).join('&');
    return rest && part[0] + rest;
  }

  window.PassFortCollect = Object.freeze({ init, initFromUrl });
})();
