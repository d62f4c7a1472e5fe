// One section as a form: fields with labels, messages beside them and a summary above.
import { element, heading, paragraph, button, summary } from '/collect/elements.js';
import { renderPhoto } from '/collect/photo.js';
import { Refused } from '/collect/requests.js';

const unsent = { message: 'Your answers could not be sent. Please try again.', fields: [] };

// renderSection makes the nodes of a section. The actions are submit(answers, photo), back() and failed(error).
export function renderSection(form, index, actions) {
  const section = form.sections[index];
  const photo = section.photo ? renderPhoto(section.has_photo) : null;
  const fields = section.fields.map((field) => renderField(field, section.answers[field.name] || ''));
  const node = element('form', { novalidate: '' }, ...fields, ...(photo ? [photo.node] : []), buttons(actions, photo));
  node.addEventListener('submit', (event) => {
    event.preventDefault();
    send(node, section, photo, actions);
  });
  return [
    element('p', { class: 'step' }, `${form.title}: step ${index + 1} of ${form.sections.length}`),
    heading(section.title),
    paragraph(section.intro),
    node
  ];
}

function buttons(actions, photo) {
  const row = element('div', { class: 'buttons' }, element('button', { type: 'submit' }, 'Continue'));
  if (actions.back) {
    const back = () => {
      photo?.close();
      actions.back();
    };
    row.append(button('Back', back, 'quiet'));
  }
  return row;
}

function renderField(field, answer) {
  const described = [];
  const parts = [element('label', { for: field.name }, field.label)];
  if (field.hint) {
    described.push(field.name + '-hint');
    parts.push(element('p', { class: 'hint', id: field.name + '-hint' }, field.hint));
  }
  described.push(field.name + '-error');
  parts.push(element('p', { class: 'error', id: field.name + '-error', hidden: '' }));
  const input = field.type === 'country' ? renderChoice(field) : renderInput(field);
  input.setAttribute('aria-describedby', described.join(' '));
  input.value = answer;
  return element('div', { class: 'field' }, ...parts, input);
}

function renderInput(field) {
  return element('input', {
    id: field.name,
    name: field.name,
    type: field.type === 'email' ? 'email' : 'text',
    inputmode: field.type === 'date' ? 'numeric' : undefined,
    autocomplete: field.autocomplete || 'off',
    required: ''
  });
}

function renderChoice(field) {
  const options = field.options.map((o) => element('option', { value: o.value }, o.label));
  return element(
    'select',
    { id: field.name, name: field.name, autocomplete: field.autocomplete || 'off', required: '' },
    element('option', { value: '' }, 'Choose…'),
    ...options
  );
}

async function send(node, section, photo, actions) {
  const submit = node.querySelector('button[type=submit]');
  if (submit.disabled) {
    return;
  }
  submit.disabled = true;
  try {
    const answers = Object.fromEntries(section.fields.map((f) => [f.name, node.elements[f.name].value]));
    await actions.submit(answers, photo?.chosen());
    photo?.close();
  } catch (error) {
    if (error instanceof Refused && error.expired) {
      photo?.close();
      actions.failed(error);
    } else {
      complain(node, section, error instanceof Refused ? error : unsent);
    }
  } finally {
    submit.disabled = false;
  }
}

// complain puts each message beside its field and all of them at the top.
function complain(node, section, problem) {
  for (const field of section.fields) {
    const wrong = problem.fields.find((f) => f.field === field.name);
    const message = document.getElementById(field.name + '-error');
    message.textContent = wrong ? wrong.message : '';
    message.hidden = !wrong;
    node.elements[field.name].toggleAttribute('aria-invalid', false);
    if (wrong) {
      node.elements[field.name].setAttribute('aria-invalid', 'true');
    }
  }
  node.querySelector('.summary')?.remove();
  const box = summary(problem.message, problem.fields);
  node.prepend(box);
  box.focus();
}
