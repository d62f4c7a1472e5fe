// Short ways to make elements.

// element makes one. An attribute that is undefined, null or false is left out; true is an attribute without a value.
export function element(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value !== undefined && value !== null && value !== false) {
      node.setAttribute(key, value === true ? '' : value);
    }
  }
  node.append(...children.filter(Boolean));
  return node;
}

export const heading = (text) => element('h1', { tabindex: '-1' }, text);

export const paragraph = (text, look) => element('p', { class: look }, text);

// button makes one whose work is done once at a time. It keeps the focus meanwhile.
export function button(text, work, look) {
  const node = element('button', { type: 'button', class: look }, text);
  let busy = false;
  node.addEventListener('click', async () => {
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
  });
  return node;
}

export const buttons = (...list) => element('div', { class: 'buttons' }, ...list);

// note is a line that says what is going on: say(text, wrong) changes it.
export function note() {
  const node = element('p', { class: 'note', role: 'status' });
  const say = (text, wrong = false) => {
    node.textContent = text;
    node.classList.toggle('wrong', wrong);
  };
  return { node, say };
}

let count = 0;

// field is a label and what it is for.
export function field(label, control) {
  control.id = `field-${++count}`;
  return element('div', { class: 'field' }, element('label', { for: control.id }, label), control);
}

// list is a field with options of [value, text].
export function list(label, options, chosen, changed) {
  const items = options.map(([value, text]) => element('option', { value, selected: value === chosen }, text));
  const control = element('select', {}, element('option', { value: '' }, 'Choose…'), ...items);
  control.addEventListener('change', () => changed?.());
  return { node: field(label, control), value: () => control.value };
}
