// Talks with embed.js in the page around the frame.

let parentOrigin = '*';

// openPair tells the page that the frame is ready and waits for the pair of request id and key.
// Opened outside of a frame there is none, and so nothing to show.
export function openPair() {
  if (window.parent === window) {
    return Promise.resolve({ requestID: '', apikey: '' });
  }
  return new Promise((resolve) => {
    window.addEventListener('message', function hear(event) {
      if (event.source !== window.parent || !isPair(event.data)) {
        return;
      }
      window.removeEventListener('message', hear);
      parentOrigin = event.origin === 'null' ? '*' : event.origin; // a page without an origin has no name to be told by
      resolve({ requestID: event.data.request_id, apikey: event.data.apikey });
    });
    tell({ type: 'ready' });
  });
}

function isPair(message) {
  return message?.type === 'open' && typeof message.request_id === 'string' && typeof message.apikey === 'string';
}

// reportLoaded tells the page that the forms are there, so that the pair can leave the address bar.
export function reportLoaded() {
  tell({ type: 'loaded' });
}

// reportHeight asks the page for as much height as the content needs.
export function reportHeight() {
  tell({ type: 'height', height: document.documentElement.offsetHeight });
}

// reportTop asks the page to show the frame's beginning, where the next step starts.
export function reportTop() {
  tell({ type: 'top' });
}

function tell(message) {
  if (window.parent !== window) {
    window.parent.postMessage(message, parentOrigin);
  }
}
