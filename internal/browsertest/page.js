// What a person finds on a page: fields by their labels, buttons, links and choices by their texts, what has the focus,
// and what can be read.
(() => {
  'use strict';
  const root = document.documentElement;
  const ticks = '[type=radio], [type=checkbox]';
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

  function labels(element) {
    return Array.from(element.labels || [], wording);
  }

  function labelled(element, label) {
    return labels(element).includes(label) || element.getAttribute('aria-label') === label;
  }

  function named(element, name) {
    return clean(element.getAttribute('aria-label') || element.textContent || element.value || '') === name;
  }

  function find(selector, matches, within = document) {
    return Array.from(within.querySelectorAll(selector)).find((element) => matches(element) && usable(element));
  }

  // pressable says whether an element is pressed by that name: labels are if they choose something.
  function pressable(element, name) {
    if (element.localName !== 'label') {
      return named(element, name);
    }
    return wording(element) === name && Boolean(element.control?.matches(ticks)) && !element.control.disabled;
  }

  function asks(group, question) {
    const legend = group.querySelector(':scope > legend');
    return legend !== null && wording(legend) === question;
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
    const field = find(`input:not([type=hidden], [type=file], ${ticks}), select, textarea`, (element) => labelled(element, label));
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
  function aim(name, question) {
    const within = question === undefined ? document : find('fieldset', (one) => asks(one, question));
    const element = within && find('a[href], button, summary, input[type=submit], label', (one) => pressable(one, name), within);
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

  function fileField(label) {
    return find('input[type=file]', (element) => labelled(element, label)) || null;
  }

  function focused() {
    const element = document.activeElement;
    if (!element || element === document.body || element === root) {
      return '';
    }
    return element.getAttribute('aria-label') || labels(element)[0] || clean(element.innerText || element.value || element.title || '');
  }

  function says(text, element = document.body) {
    if (!element || unread.has(element.localName) || !clean(element.textContent).includes(text)) {
      return false;
    }
    const deeper = Array.from(element.children).filter((child) => clean(child.textContent).includes(text));
    return deeper.length > 0 ? deeper.some((child) => says(text, child)) : shown(element);
  }

  // finger is the smallest size of what is pressed, in CSS pixels.
  const finger = 44;

  function told(element) {
    return element.getAttribute('aria-label') || labels(element).join(' ') || clean(element.textContent) || element.outerHTML;
  }

  // flaws are texts about what some people could not use.
  function flaws() {
    const found = [];
    if (root.scrollWidth > root.clientWidth) {
      found.push(`it is ${root.scrollWidth} wide on a screen of ${root.clientWidth}`);
    }
    const controls = Array.from(document.querySelectorAll('main :is(input:not([type=hidden]), select, textarea, button, a[href])')).filter(shown);
    for (const control of controls) {
      const isField = control.matches('input, select, textarea');
      if (!control.getAttribute('aria-label') && !(isField ? labels(control).join('') : clean(control.textContent))) {
        found.push(`no name: ${control.outerHTML}`);
      }
      const target = control.matches(ticks) ? control.parentElement : control;
      if ((isField || control.matches('button, .button')) && target.getBoundingClientRect().height < finger) {
        found.push(`too small: ${told(control)}`);
      }
    }
    return found.concat(strays());
  }

  // strays are what stands entirely above what is read before it.
  function strays() {
    const read = Array.from(document.querySelectorAll('main :is(h1, h2, h3, p, label, legend, input:not([type=hidden]), select, button, dt, dd)')).filter(shown);
    return read.slice(1).flatMap((element, i) => {
      const stray = element.getBoundingClientRect().bottom <= read[i].getBoundingClientRect().top;
      return stray ? [`read after ${told(read[i])}, and above it: ${told(element)}`] : [];
    });
  }

  return { fill, aim, pressed, fileField, focused, says, flaws };
})
