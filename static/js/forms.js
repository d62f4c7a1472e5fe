// Small comforts for forms. The server does without them: what is sent twice has no second effect, and it reads codes with spaces, too. But a code is
// good once, so that of two presses only the first answer signs in.
(() => {
  'use strict';
  const guard = 8000; // milliseconds after which a form may be sent again

  function release(form) {
    delete form.dataset.sent;
    form.querySelectorAll('button').forEach((button) => button.removeAttribute('aria-disabled'));
  }

  // A day that is half typed, or that no month has, would be sent as if the field were empty. Says so beside each such field, and where there is none
  // takes that back; returns the first.
  function noDate(form) {
    let first = null;
    form.querySelectorAll('input[type=date]').forEach((field) => {
      if (field.validity.badInput) {
        blame(field, form.dataset);
        first ??= field;
      } else if ('blamed' in field.dataset) {
        acquit(field);
      }
    });
    return first;
  }

  // blame says what the server would say, in the same place.
  function blame(field, texts) {
    if ('blamed' in field.dataset) {
      return;
    }
    const id = field.id + '-error';
    document.getElementById(id)?.remove();
    const said = document.createElement('p');
    said.id = id;
    said.className = 'error';
    const prefix = document.createElement('span');
    prefix.className = 'visually-hidden';
    prefix.textContent = texts.error;
    said.append(prefix, ' ', texts.noDate);
    field.before(said);
    field.parentElement.classList.add('invalid');
    const described = (field.getAttribute('aria-describedby') ?? '').split(' ').filter((one) => one && one !== id);
    field.setAttribute('aria-describedby', [...described, id].join(' '));
    field.setAttribute('aria-invalid', 'true');
    field.dataset.blamed = described.join(' '); // to be put back
  }

  function acquit(field) {
    document.getElementById(field.id + '-error')?.remove();
    field.parentElement.classList.remove('invalid');
    field.setAttribute('aria-describedby', field.dataset.blamed);
    field.removeAttribute('aria-invalid');
    delete field.dataset.blamed;
  }

  document.addEventListener('submit', (event) => {
    const form = event.target;
    const wrong = form.dataset.noDate && noDate(form);
    if (wrong) {
      event.preventDefault();
      wrong.focus();
      return;
    }
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = 'yes';
    form.querySelectorAll('button').forEach((button) => button.setAttribute('aria-disabled', 'true'));
    setTimeout(release, guard, form);
  });
  // A page that comes back from the browser's memory is as good as new.
  addEventListener('pageshow', () => document.querySelectorAll('form').forEach(release));

  // Codes are pasted as "123 456" and typed with the digits of any script.
  const zeros = [0x30, 0x660, 0x6f0, 0x966, 0xff10];
  function digits(text) {
    return Array.from(text, (character) => {
      const point = character.codePointAt(0);
      const zero = zeros.find((first) => point >= first && point <= first + 9);
      return zero === undefined ? '' : String(point - zero);
    }).join('');
  }
  document.querySelectorAll('[autocomplete=one-time-code]').forEach((field) => {
    field.addEventListener('input', (event) => {
      if (!event.isComposing && field.value !== digits(field.value)) {
        field.value = digits(field.value);
      }
    });
  });

  // The choice of language closes like a menu.
  const languages = document.querySelector('.languages');
  function closeLanguages(focus) {
    if (languages?.open) {
      languages.open = false;
      focus?.focus();
    }
  }
  document.addEventListener('click', (event) => !languages?.contains(event.target) && closeLanguages());
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      closeLanguages(languages?.contains(document.activeElement) ? languages.firstElementChild : null);
    }
  });
  // Where the focus goes nowhere, as while a button is pressed in some browsers, the menu stays.
  languages?.addEventListener('focusout', (event) => event.relatedTarget && !languages.contains(event.relatedTarget) && closeLanguages());

  document.querySelector('[data-summary]')?.focus();
})();
