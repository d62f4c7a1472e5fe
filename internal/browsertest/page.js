// What a person finds on a page: fields by their labels, buttons and links by their texts, and what can be read.
(() => {
  'use strict';
  const root = document.documentElement;
  const unread = new Set(['script', 'style', 'template', 'noscript']);

  function clean(text) {
    return text.replace(/\s+/g, ' ').trim();
  }

  function shown(element) {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  }

  function usable(element) {
    return shown(element) && !element.matches(':disabled, [aria-disabled=true]');
  }

  // wording is what a label says, without what the field within it says.
  function wording(label) {
    const copy = label.cloneNode(true);
    copy.querySelectorAll('select, textarea, button').forEach((field) => field.remove());
    return clean(copy.textContent);
  }

  function labelled(element, label) {
    const labels = Array.from(element.labels || [], wording);
    return labels.includes(label) || element.getAttribute('aria-label') === label;
  }

  function named(element, name) {
    return clean(element.getAttribute('aria-label') || element.textContent || element.value || '') === name;
  }

  function find(selector, matches) {
    return Array.from(document.querySelectorAll(selector)).find((element) => matches(element) && usable(element));
  }

  function show(element) {
    element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
  }

  function choose(list, text) {
    const index = Array.from(list.options).findIndex((option) => clean(option.label) === text);
    if (index < 0) {
      return false;
    }
    list.selectedIndex = index;
    list.dispatchEvent(new Event('input', { bubbles: true }));
    list.dispatchEvent(new Event('change', { bubbles: true }));
    return true;
  }

  function fill(label, text) {
    const field = find('input:not([type=hidden]), select, textarea', (element) => labelled(element, label));
    if (!field) {
      return false;
    }
    show(field);
    field.focus();
    if (field.localName === 'select') {
      return choose(field, text);
    }
    field.select();
    document.execCommand(text === '' ? 'delete' : 'insertText', false, text);
    return (field.value === '') === (text === '');
  }

  // aim returns where to press, or null, and from then on pressed tells whether the press has come.
  function aim(name) {
    const element = find('a[href], button, summary, input[type=submit]', (one) => named(one, name));
    if (!element) {
      return null;
    }
    show(element);
    const box = element.getClientRects()[0];
    const place = { X: box.left + box.width / 2, Y: box.top + box.height / 2 };
    if (!element.contains(document.elementFromPoint(place.X, place.Y))) {
      return null;
    }
    root.dataset.aim = 'taken';
    element.addEventListener('click', () => { root.dataset.aim = 'hit'; }, { capture: true, once: true });
    return place;
  }

  // pressed waits a moment: clicks arrive after the mouse has been let go. A document that was not aimed at has come in
  // place of the one that was, because of the click.
  async function pressed() {
    for (let i = 0; i < 50; i++) {
      if (root?.dataset.aim !== 'taken') {
        return true;
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return false;
  }

  function says(text, element = document.body) {
    if (!element || unread.has(element.localName) || !clean(element.textContent).includes(text)) {
      return false;
    }
    const deeper = Array.from(element.children).filter((child) => clean(child.textContent).includes(text));
    return deeper.length > 0 ? deeper.some((child) => says(text, child)) : shown(element);
  }

  return { fill, aim, pressed, says };
})
