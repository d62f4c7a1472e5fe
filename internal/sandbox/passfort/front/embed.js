// The script that a loader page includes. It shows the forms of a customer request in a frame:
//
//   PassFortCollect.init({request_id, apikey})
//   PassFortCollect.initFromUrl()
//
// The pair reaches the frame by a message to this script's own origin, never in an address.
(function () {
  'use strict';

  var origin = new URL(document.currentScript.src).origin;
  var names = ['request_id', 'apikey'];
  var maxHeight = 20000;
  var stop = function () {};

  function init(options) {
    show(options || {}, function () {});
  }

  function initFromUrl() {
    var query = new URLSearchParams(window.location.search);
    show({ request_id: query.get('request_id'), apikey: query.get('apikey') }, removePair);
  }

  function show(pair, loaded) {
    var wrapper = document.getElementById('collection-wrapper');
    if (!wrapper) {
      throw new Error('PassFortCollect: the page has no element with the id "collection-wrapper"');
    }
    stop();
    var frame = makeFrame();
    stop = listen(frame, {
      ready: function () {
        frame.contentWindow.postMessage(
          { type: 'open', request_id: String(pair.request_id || ''), apikey: String(pair.apikey || '') },
          origin
        );
      },
      loaded: loaded,
      height: function (message) {
        setHeight(frame, message.height);
      }
    });
    wrapper.replaceChildren(frame);
  }

  function makeFrame() {
    var frame = document.createElement('iframe');
    frame.title = 'Forms to complete';
    frame.allow = 'camera';
    frame.style.display = 'block';
    frame.style.width = '100%';
    frame.style.height = '480px';
    frame.style.border = '0';
    frame.src = origin + '/collect';
    return frame;
  }

  // listen hears only what this very frame says from this very origin. It returns a way to stop.
  function listen(frame, handlers) {
    function hear(event) {
      if (event.origin !== origin || event.source !== frame.contentWindow) {
        return;
      }
      var message = event.data;
      if (message && typeof message === 'object' && Object.hasOwn(handlers, message.type)) {
        handlers[message.type](message);
      }
    }
    window.addEventListener('message', hear);
    return function () {
      window.removeEventListener('message', hear);
    };
  }

  function setHeight(frame, height) {
    if (Number.isFinite(height) && height > 0 && height <= maxHeight) {
      frame.style.height = Math.ceil(height) + 'px';
    }
  }

  // removePair takes the pair out of the address bar and the history and leaves the rest of the query as it was.
  function removePair() {
    var rest = window.location.search
      .slice(1)
      .split('&')
      .filter(function (part) {
        return part !== '' && !names.includes(new URLSearchParams(part).keys().next().value);
      })
      .join('&');
    var address = new URL(window.location.href);
    address.search = rest;
    window.history.replaceState(window.history.state, '', address.href);
  }

  window.PassFortCollect = Object.freeze({ init: init, initFromUrl: initFromUrl });
})();
