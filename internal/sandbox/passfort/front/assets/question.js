// The questions of a form, each as a field of its kind. A question has a name, an id, a node, focus() and
// complain(message); most have answer() and remember(), and questions with pictures have settled() and close().
import { element } from '/collect/elements.js';
import { renderChoice } from '/collect/choice.js';
import { renderDocument } from '/collect/document.js';
import { describe } from '/collect/description.js';

const wholeDate = 'Year, month and day, such as 1990-03-27.';

// What the browser should know of a field, by type of question. What is not somebody's prose is written from left to
// right in every language.
const kinds = {
  text: { type: 'text', dir: 'auto' },
  email: { type: 'email', dir: 'ltr', autocomplete: 'email', autocapitalize: 'none', spellcheck: 'false' },
  phone: { type: 'tel', dir: 'ltr', autocomplete: 'tel' },
  number: { type: 'text', dir: 'ltr', inputmode: 'decimal' },
  date: { type: 'text', dir: 'ltr', inputmode: 'text', spellcheck: 'false', class: 'short' }
};

// renderQuestion makes a question. A document's pictures go to upload(question, side, type, picture) at once; several
// says that there are more documents in the form.
export function renderQuestion(question, { upload, several }) {
  const id = 'question-' + question.name;
  switch (question.type) {
    case 'choice':
      return renderChoice(question, id, question.options || []);
    case 'yes_no':
      return renderChoice(question, id, question.options?.length > 0 ? question.options : [
        { value: 'yes', label: 'Yes' },
        { value: 'no', label: 'No' }
      ]);
    case 'document':
      return renderDocument(question, id, upload, several);
    case 'country':
      return renderField(question, renderList(question, id), id);
    case 'long_text':
      return renderField(question, element('textarea', { ...attributes(question, id), rows: '5', dir: 'auto' }), id);
    default:
      return renderField(question, element('input', { ...(kinds[question.type] || kinds.text), ...attributes(question, id) }), id);
  }
}

function attributes(question, id) {
  const given = { id, name: question.name, 'aria-required': question.required ? 'true' : null };
  return question.autocomplete ? { ...given, autocomplete: question.autocomplete } : given;
}

function renderList(question, id) {
  const options = (question.options || []).map((o) => element('option', { value: o.value }, o.label));
  return element('select', attributes(question, id), element('option', { value: '' }, 'Choose…'), ...options);
}

// renderField makes a question with one control and its label.
function renderField(question, control, id) {
  const words = describe(question, id, question.type === 'date' ? wholeDate : '');
  const label = element('label', { for: id }, question.label);
  control.setAttribute('aria-describedby', words.ids);
  control.value = question.answer || '';
  const node = element('div', { class: 'field' }, element('div', { class: 'label' }, label, words.optional), words.hint, words.error, control);
  return {
    name: question.name,
    id,
    node,
    answer: () => control.value.trim(),
    remember: () => {
      question.answer = control.value;
    },
    focus: () => control.focus(),
    complain: (message) => words.complain(message, node, [control])
  };
}
