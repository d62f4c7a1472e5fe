// Short ways to make elements.

export function element(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value !== undefined && value !== null) {
      node.setAttribute(key, value);
    }
  }
  node.append(...children);
  return node;
}

export function heading(text) {
  return element('h1', { tabindex: '-1' }, text);
}

export function paragraph(text) {
  return element('p', {}, text);
}

export function button(text, press, look) {
  const node = element('button', { type: 'button', class: look }, text);
  node.addEventListener('click', press);
  return node;
}

// summary is the list of what is wrong, at the top of a form. It takes the focus when it appears.
export function summary(message, fields) {
  const items = fields.map((f) => {
    const link = element('a', { href: '#' + f.field }, f.message);
    link.addEventListener('click', (event) => {
      event.preventDefault();
      document.getElementById(f.field)?.focus();
    });
    return element('li', {}, link);
  });
  const list = items.length > 0 ? [element('ul', {}, ...items)] : [];
  return element('div', { class: 'summary', role: 'alert', tabindex: '-1' }, element('h2', {}, message), ...list);
}
