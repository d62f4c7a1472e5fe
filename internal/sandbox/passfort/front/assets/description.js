// What stands beside a question: whether it may be left out, its hint, and what is wrong with the answer.
import { element } from '/collect/elements.js';

// describe makes these texts. Their ids belong into the aria-describedby of what is asked.
export function describe(question, id, otherwise = '') {
  const optional = question.required ? null : element('span', { class: 'optional', id: id + '-optional' }, '(optional)');
  const text = question.hint || otherwise;
  const hint = text ? element('p', { class: 'hint', id: id + '-hint' }, text) : null;
  const error = element('p', { class: 'error', id: id + '-error', hidden: true });
  const ids = [optional, hint, error].filter(Boolean).map((node) => node.id);

  // complain shows a message beside the question and marks its controls, or takes both away again.
  function complain(message, node, controls) {
    error.textContent = message;
    error.hidden = message === '';
    node.classList.toggle('wrong', message !== '');
    for (const control of controls) {
      control.toggleAttribute('aria-invalid', false);
      if (message !== '') {
        control.setAttribute('aria-invalid', 'true');
      }
    }
  }

  return { optional, hint, error, ids: ids.join(' '), complain };
}
