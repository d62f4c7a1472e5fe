// Shows a picture before it is sent, and sends it with its progress. Whatever goes wrong, the picture stays chosen and can be sent again. Without this
// script the form is sent as any other.
(() => {
  'use strict';
  const form = document.querySelector('[data-picture]');
  if (!form) {
    return;
  }
  const texts = form.querySelector('[data-texts]').dataset;
  const input = form.querySelector('#file');
  const country = form.querySelector('select[name=country]');
  const preview = form.querySelector('[data-preview]');
  const sending = form.querySelector('[data-sending]');
  const bar = sending.querySelector('progress');
  const cancel = sending.querySelector('[data-cancel]');
  const status = form.querySelector('[data-status]');
  const send = form.querySelector('[type=submit]');
  let busy = false; // a picture is being looked at or sent
  let request = null;
  let late = 0;
  const patience = 300000; // milliseconds for an answer once all is sent, above what the portal takes for one
  let shown = ''; // address of the picture in the preview

  // blame says what is wrong beside a field, where the server would say it.
  function blame(field, text) {
    acquit(field);
    const said = document.createElement('p');
    said.id = field.id + '-error';
    said.className = 'error';
    said.setAttribute('role', 'alert');
    const prefix = document.createElement('span');
    prefix.className = 'visually-hidden';
    prefix.textContent = texts.error;
    said.append(prefix, ' ', text);
    field.before(said);
    field.parentElement.classList.add('invalid');
    field.setAttribute('aria-invalid', 'true');
    field.setAttribute('aria-describedby', [...described(field), said.id].join(' '));
  }

  function acquit(field) {
    document.getElementById(field.id + '-error')?.remove();
    field.parentElement.classList.remove('invalid');
    field.removeAttribute('aria-invalid');
    field.setAttribute('aria-describedby', described(field).join(' '));
  }

  function described(field) {
    return (field.getAttribute('aria-describedby') ?? '').split(' ').filter((id) => id && id !== field.id + '-error');
  }

  // show puts the chosen picture into the preview; of what is no picture, its name and size.
  function show(file) {
    URL.revokeObjectURL(shown);
    preview.querySelector('img')?.remove();
    preview.hidden = !file;
    if (!file) {
      return;
    }
    const size = new Intl.NumberFormat(document.documentElement.lang, { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 });
    const name = document.createElement('bdi');
    name.textContent = file.name;
    preview.querySelector('[data-name]').replaceChildren(name, ` (${size.format(Math.max(file.size / 1048576, 0.1))})`);
    if (/^image\/(jpeg|png)$/.test(file.type)) {
      shown = URL.createObjectURL(file);
      const image = new Image();
      image.alt = texts.image;
      image.addEventListener('error', () => image.remove());
      image.src = shown;
      preview.prepend(image);
    }
  }

  async function chosen() {
    const file = input.files[0];
    document.getElementById('file-again')?.remove();
    status.textContent = '';
    acquit(input);
    show(file);
    const fault = file && (await form.pictureFault(file));
    if (fault && file === input.files[0]) {
      blame(input, fault);
    }
  }

  // ready says whether everything is there to be sent, and otherwise what is not.
  async function ready() {
    const fault = await form.pictureFault(input.files[0]);
    const nowhere = country && !country.value;
    if (fault) {
      blame(input, fault);
      input.focus();
    }
    if (nowhere) {
      blame(country, texts.noCountry);
      country.focus();
    }
    return !fault && !nowhere;
  }

  function moved(event) {
    const percent = Math.floor((100 * event.loaded) / event.total);
    bar.value = percent;
    const quarter = percent - (percent % 25);
    const said = texts.sent.replace('{percent}', quarter);
    if (quarter > 0 && quarter < 100 && status.textContent !== said) {
      status.textContent = said;
    }
  }

  function start() {
    request = new XMLHttpRequest();
    request.open('POST', form.action);
    request.setRequestHeader('Accept', 'application/json');
    request.responseType = 'json';
    let arrived = false;
    request.upload.addEventListener('progress', moved);
    request.upload.addEventListener('load', () => {
      arrived = true;
      bar.removeAttribute('value');
      if (document.activeElement === cancel) {
        send.focus();
      }
      cancel.hidden = true; // what has arrived is passed on
      status.textContent = texts.passing;
      late = setTimeout(broken, patience);
    });
    request.addEventListener('load', answered);
    // Once all of it was sent, only the portal knows what has become of it: the page that it makes anew says so.
    const broken = () => (arrived ? location.assign(location.href.split('#')[0]) : failed(texts.failed));
    request.addEventListener('error', broken);
    request.addEventListener('abort', () => end(texts.cancelled));
    bar.value = 0;
    cancel.hidden = false;
    sending.hidden = false;
    acquit(input);
    if (country) {
      acquit(country);
    }
    request.send(new FormData(form));
  }

  function answered() {
    const answer = request.response;
    if (answer?.next) {
      const to = new URL(answer.next, location.href);
      if (to.origin === location.origin) {
        location.assign(to);
        return;
      }
    }
    failed(answer?.error ?? (request.status === 413 ? texts.big : texts.failed), answer?.field);
  }

  function failed(text, field) {
    end('');
    const at = field === 'country' && country ? country : input;
    blame(at, text);
    at.focus();
  }

  function end(text) {
    clearTimeout(late);
    busy = false;
    request = null;
    sending.hidden = true;
    status.textContent = text;
    send.removeAttribute('aria-disabled');
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    event.stopPropagation(); // from what keeps other forms from being sent twice
    if (busy) {
      return;
    }
    busy = true;
    send.setAttribute('aria-disabled', 'true');
    if (await ready()) {
      start();
    } else {
      end('');
    }
  });
  cancel.addEventListener('click', () => {
    request?.abort();
    send.focus();
  });
  input.addEventListener('change', chosen);
  country?.addEventListener('change', () => acquit(country));
  // A page that comes back from the browser's memory is as good as new.
  addEventListener('pageshow', (event) => {
    if (event.persisted) {
      end('');
    }
  });
  if (input.files.length > 0) {
    chosen(); // browsers may keep it over a reload
  }
})();
