// The script that an integrator's page includes, with the interface of Sumsub's own as far as its guide to the WebSDK uses
// it:
//
//   const sdk = snsWebSdk.init(token, () => Promise of a fresh token)
//     .withConf({ lang, theme }).withOptions({ adaptIframeHeight })
//     .on('idCheck.onReady', …).onMessage((type, payload) => …).build();
//   sdk.launch('#container'); // and sdk.destroy() in the end
//
// Where theirs is unforgiving this one is, too: what works here must work there.
(() => {
  'use strict';

  const home = new URL(document.currentScript.src).origin;
  const powers = 'camera; microphone; geolocation; clipboard-write; hid';
  const internal = ['method', 'frameId', 'sessionId']; // members of a message that are not its payload

  class Builder {
    #token;
    #refresh;
    #base = home;
    #config = {};
    #options = { adaptIframeHeight: true, addViewportTag: true, enableScrollIntoView: true };
    #handlers = new Map();
    #others = () => {};

    constructor(token, refresh) {
      if (typeof token !== 'string') {
        throw new Error('Access token must be a string');
      }
      if (typeof refresh !== 'function') {
        throw new Error('updateAccessToken callback is required');
      }
      this.#token = token;
      this.#refresh = refresh;
    }

    withBaseUrl(address) {
      this.#base = address;
      return this;
    }

    withConf(config) {
      this.#config = config;
      return this;
    }

    withOptions(options) {
      Object.assign(this.#options, options);
      return this;
    }

    on(event, handler) {
      this.#handlers.set(event, handler);
      return this;
    }

    // onMessage hears what has no handler of its own.
    onMessage(handler) {
      this.#others = handler;
      return this;
    }

    build() {
      const hear = (event, payload) => {
        const handler = this.#handlers.get(event);
        handler ? handler(payload) : this.#others(event, payload);
      };
      const config = { ...this.#config, accessToken: this.#token, origin: location.origin };
      return new Sdk({ base: this.#base, config, options: this.#options, refresh: this.#refresh, hear });
    }
  }

  class Sdk {
    #setup;
    #frame = null;
    #frameId = '';
    #sessionId = '';
    #listen = (event) => this.#receive(event);

    constructor(setup) {
      this.#setup = setup;
    }

    launch(place) {
      const container = typeof place === 'string' ? document.querySelector(place) : place;
      if (!container) {
        console.error('snsWebSdk: there is no element for the frame');
        return;
      }
      if (this.#setup.options.addViewportTag) {
        addViewportTag();
      }
      this.#sessionId = '';
      this.#frameId = 'id_' + encoded(this.#setup.config.accessToken);
      this.#frame = makeFrame();
      container.replaceChildren(this.#frame);
      window.addEventListener('message', this.#listen);
      this.#frame.src = this.#address();
    }

    destroy() {
      window.removeEventListener('message', this.#listen);
      this.#frame?.remove();
      this.#frame = null;
    }

    #address() {
      const { base, config } = this.#setup;
      return `${base}/websdk/websdk.html?_=${this.#frameId}` + (config.theme ? '&theme=' + config.theme : '');
    }

    // receive hears only what this very frame says from its own origin.
    #receive({ origin, source, data }) {
      if (origin !== this.#setup.base || source !== this.#frame?.contentWindow || !String(data?.method).startsWith('idCheck.')) {
        return;
      }
      if (this.#sessionId && data.sessionId !== this.#sessionId) {
        return;
      }
      if (data.method === 'idCheck.onReady' && data.frameId === this.#frameId) {
        this.#sessionId = data.sessionId;
        this.#init();
      }
      this.#act(data);
    }

    #init() {
      const { adaptIframeHeight, enableScrollIntoView } = this.#setup.options;
      this.#tell({ method: 'idCheck.init', ...this.#setup.config, options: { adaptIframeHeight, enableScrollIntoView } });
    }

    #act(message) {
      const { options, hear } = this.#setup;
      if (message.method === 'idCheck.onResize' && options.adaptIframeHeight) {
        this.#frame.style.height = message.height + 'px';
      }
      if (message.method === 'idCheck.scrollTo' && options.adaptIframeHeight) {
        this.#scrollTo(message.top);
      } else if (message.method === 'idCheck.onError' && message.code === 'invalid-token') {
        this.#renew();
      } else {
        const payload = Object.fromEntries(Object.entries(message).filter(([name]) => !internal.includes(name)));
        hear(message.method, payload);
      }
    }

    #renew() {
      this.#setup.refresh().then(
        (accessToken) => this.#tell({ method: 'idCheck.updateAccessToken', accessToken }),
        (reason) => this.#tell({ method: 'idCheck.updateAccessToken', accessToken: null, error: String(reason?.message ?? reason) })
      );
    }

    #scrollTo(top) {
      if (this.#setup.options.enableScrollIntoView) {
        window.scrollTo({ top: window.scrollY + this.#frame.getBoundingClientRect().top + top, behavior: 'smooth' });
      }
    }

    #tell(message) {
      this.#frame?.contentWindow?.postMessage(message, this.#setup.base);
    }
  }

  function makeFrame() {
    const frame = document.createElement('iframe');
    frame.title = 'Identity verification';
    frame.width = '100%';
    frame.scrolling = 'no';
    frame.allow = powers;
    frame.setAttribute('frameborder', '0');
    return frame;
  }

  function addViewportTag() {
    if (document.getElementsByName('viewport').length === 0) {
      const tag = document.createElement('meta');
      tag.name = 'viewport';
      tag.content = 'width=device-width,user-scalable=yes';
      document.head.append(tag);
    }
  }

  function encoded(token) {
    try {
      return btoa(token);
    } catch {
      return token;
    }
  }

  window.snsWebSdk = Object.freeze({ init: (token, refresh) => new Builder(token, refresh) });
})();
