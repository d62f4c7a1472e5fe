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
      if (event.source !== window.parent || event.data?.type !== 'open') {
        return;
      }
      window.removeEventListener('message', hear);
      parentOrigin = event.origin === 'null' ? '*' : event.origin; // a page without an origin has no name to be told by
      resolve({ requestID: String(event.data.request_id), apikey: String(event.data.apikey) });
    });
    tell({ type: 'ready' });
  });
}

// reportLoaded tells the page that the forms are there, so that the pair can leave the address bar.
export function reportLoaded() {
  tell({ type: 'loaded' });
}

// reportHeight asks the page for as much height as the content needs.
export function reportHeight() {
  tell({ type: 'height', height: document.documentElement.offsetHeight });
}

function tell(message) {
  if (window.parent !== window) {
    window.parent.postMessage(message, parentOrigin);
  }
}
