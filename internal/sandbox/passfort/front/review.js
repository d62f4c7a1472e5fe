// The last page: all answers at a glance, and Finish.
import { element, heading, paragraph, button, summary } from '/collect/elements.js';
import { Refused } from '/collect/requests.js';

// renderReview makes the nodes of the review. The actions are change(index), finish() and failed(error).
export function renderReview(form, actions) {
  const problem = element('div');
  const done = button('Finish', async () => {
    done.disabled = true;
    try {
      await actions.finish();
    } catch (error) {
      if (error instanceof Refused && error.expired) {
        actions.failed(error);
      } else {
        const message = error instanceof Refused ? error.message : 'Your answers could not be submitted. Please try again.';
        problem.replaceChildren(summary(message, []));
        problem.firstChild.focus();
      }
      done.disabled = false;
    }
  });
  return [
    element('p', { class: 'step' }, `${form.title}: last step`),
    heading('Check your answers'),
    paragraph('Your answers are saved. Press Finish to submit them.'),
    problem,
    ...form.sections.map((section, index) => renderAnswers(section, () => actions.change(index))),
    element('div', { class: 'buttons' }, done)
  ];
}

function renderAnswers(section, change) {
  const rows = section.fields.map((field) => [element('dt', {}, field.label), element('dd', {}, wording(field, section.answers[field.name]))]);
  if (section.photo) {
    rows.push([element('dt', {}, 'Photo'), element('dd', {}, section.has_photo ? 'Received' : 'None')]);
  }
  const press = button('Change', change, 'quiet');
  press.setAttribute('aria-label', 'Change ' + section.title);
  return element('section', {}, element('h2', {}, section.title), element('dl', {}, ...rows.flat()), press);
}

// wording is an answer as the customer knows it: the country's name instead of its code.
function wording(field, answer) {
  return field.options?.find((o) => o.value === answer)?.label || answer || '';
}
