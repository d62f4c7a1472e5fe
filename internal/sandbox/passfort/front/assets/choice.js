// A choice between a few answers, as radio buttons.
import { element } from '/collect/elements.js';
import { describe } from '/collect/description.js';

// renderChoice makes the question; chosen(), if given, is told of each choice.
export function renderChoice(question, id, options, chosen = () => {}) {
  const words = describe(question, id);
  const radios = options.map((option, i) =>
    element('input', { type: 'radio', id: i === 0 ? id : `${id}-${i}`, name: question.name, value: option.value })
  );
  const rows = options.map((option, i) => element('div', { class: 'choice' }, radios[i], element('label', { for: radios[i].id }, option.label)));
  const legend = element('legend', {}, question.label, words.optional ? ' ' : null, words.optional);
  const node = element('fieldset', { class: 'field', 'aria-describedby': words.ids }, legend, words.hint, words.error, ...rows);
  const answer = () => radios.find((radio) => radio.checked)?.value || '';
  for (const radio of radios) {
    radio.checked = radio.value === question.answer;
    radio.addEventListener('change', () => chosen(answer()));
  }
  return {
    name: question.name,
    id,
    node,
    answer,
    remember: () => {
      question.answer = answer();
    },
    focus: () => (radios.find((radio) => radio.checked) || radios[0])?.focus(),
    complain: (message) => words.complain(message, node, radios)
  };
}
