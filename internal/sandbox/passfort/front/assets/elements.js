// Short ways to make elements.

// element makes one. An attribute that is undefined, null or false is left out; true is an attribute without a value.
export function element(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value !== undefined && value !== null && value !== false) {
      node.setAttribute(key, value === true ? '' : value);
    }
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function heading(text) {
  return element('h1', { tabindex: '-1' }, text);
}

export function paragraph(text, look) {
  return element('p', { class: look }, text);
}

export function button(text, press, look) {
  const node = element('button', { type: 'button', class: look }, text);
  node.addEventListener('click', press);
  return node;
}

export function buttons(...list) {
  return element('div', { class: 'buttons' }, ...list);
}

// hidden is a text for screen readers alone.
export function hidden(text) {
  return element('span', { class: 'visually-hidden' }, text);
}

// guarded makes a press do nothing while the one before is still at work. The button keeps the focus meanwhile.
export function guarded(node, work) {
  let busy = false;
  return async (event) => {
    event?.preventDefault();
    if (busy) {
      return;
    }
    busy = true;
    node.setAttribute('aria-disabled', 'true');
    try {
      await work();
    } finally {
      busy = false;
      node.removeAttribute('aria-disabled');
    }
  };
}

// summary is the list of what is wrong, at the top of a form: items of a message and what leads to its field, if any.
export function summary(message, items) {
  const lines = items.map((item) => element('li', {}, item.go ? link(item) : item.message));
  const list = lines.length > 0 ? element('ul', {}, ...lines) : null;
  return element('div', { class: 'summary', role: 'alert', tabindex: '-1' }, element('h2', {}, message), list);
}

function link(item) {
  const node = element('a', { href: '#' + item.id }, item.message);
  node.addEventListener('click', (event) => {
    event.preventDefault();
    item.go();
  });
  return node;
}
