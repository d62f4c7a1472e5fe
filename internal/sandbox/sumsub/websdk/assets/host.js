// Talks with the SDK in the page around the frame, in the messages of the real one.

const patience = 30000; // milliseconds that the page may take for a fresh token
const frameId = /[?&]_=([^&]*)/.exec(location.search)?.[1] || '';
const sessionId = Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, '0')).join('');

// connect tells the page that the frame is ready and waits for its settings. From then on only the page that sent them is
// heard and spoken to. Opened outside of a frame there are none, so nothing comes.
export function connect() {
  return new Promise((resolve) => {
    window.addEventListener('message', function hear(event) {
      const settings = event.data;
      if (event.source !== window.parent || event.source === window || settings?.method !== 'idCheck.init' || typeof settings.accessToken !== 'string') {
        return;
      }
      window.removeEventListener('message', hear);
      resolve(connected(event.origin, settings));
    });
    if (window.parent !== window) {
      window.parent.postMessage({ method: 'idCheck.onReady', frameId, sessionId }, '*'); // whose page it is, nobody has said yet
    }
  });
}

function connected(origin, settings) {
  const target = origin === 'null' ? '*' : origin; // a page without an origin has no name to be told by
  const handlers = new Map();
  let common = {}; // what every message says once it is known

  window.addEventListener('message', (event) => {
    if (event.source === window.parent && event.origin === origin) {
      handlers.get(event.data?.method)?.(event.data);
    }
  });

  function tell(event, payload = {}) {
    window.parent.postMessage({ ...common, ...payload, method: 'idCheck.' + event, frameId, sessionId }, target);
  }

  // renew asks the page for a fresh token.
  function renew() {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no fresh token has come')), patience);
      handlers.set('idCheck.updateAccessToken', ({ accessToken, error }) => {
        clearTimeout(timer);
        handlers.delete('idCheck.updateAccessToken');
        accessToken ? resolve(accessToken) : reject(new Error(error || 'no fresh token was given'));
      });
      tell('onError', { code: 'invalid-token', error: 'The access token is invalid or has expired' });
    });
  }

  const adapts = settings.options?.adaptIframeHeight === true; // the page gives the frame the height that its content needs

  return {
    adapts,
    token: settings.accessToken,
    tell,
    renew,
    resized: () => tell('onResize', { height: Math.ceil(document.body.getBoundingClientRect().height) }),
    // top asks the page to show the frame's beginning, where the next step starts.
    top() {
      if (adapts && settings.options.enableScrollIntoView) {
        tell('scrollTo', { top: 0 });
      }
    },
    introduce: (applicant) => (common = { applicantId: applicant.applicantId, levelName: applicant.levelName }),
    onTheme(apply) {
      handlers.set('idCheck.callSetTheme', ({ theme }) => apply(theme));
      apply(settings.theme || 'light');
    }
  };
}
