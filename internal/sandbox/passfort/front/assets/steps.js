// Where one is on the way: "step 2 of 3" and a bar that shows the same.
import { element } from '/collect/elements.js';

// stepsOf are the forms that count as steps: what was canceled or has expired unanswered does not.
export function stepsOf(request) {
  return request.forms.filter((form) => form.submitted || form.state === 'SENT' || form.state === 'COMPLETED');
}

// renderWay makes the line above a heading; at is the step's index, one past the last for what comes after the forms.
export function renderWay(request, at, wording) {
  const total = stepsOf(request).length;
  const marks = Array.from({ length: total }, (_, i) => element('span', { class: i < at ? 'past' : i === at ? 'present' : null }));
  return element('div', { class: 'way' }, element('p', {}, `${request.title}: ${wording}`), element('div', { class: 'bar', 'aria-hidden': 'true' }, ...marks));
}
