// Small comforts for forms. The server does without them: what is sent twice has no second effect, and it reads codes with spaces, too. But a code is
// good once, so that of two presses only the first answer signs in.
(() => {
  'use strict';
  const guard = 8000; // milliseconds after which a form may be sent again

  function release(form) {
    delete form.dataset.sent;
    form.querySelectorAll('button').forEach((button) => button.removeAttribute('aria-disabled'));
  }

  document.addEventListener('submit', (event) => {
    const form = event.target;
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

  document.querySelector('[data-summary]')?.focus();
})();
