// The check before the end: all answers at a glance, and Finish.
import { element, heading, paragraph, button, buttons, guarded, hidden, summary } from '/collect/elements.js';
import { Refused } from '/collect/backend.js';
import { renderWay, stepsOf } from '/collect/steps.js';
import { sideLabel } from '/collect/sides.js';

const unsent = 'Your answers could not be submitted. Please check your connection and try again.';

// renderReview makes the nodes of the review. The actions are change(form) and finish().
export function renderReview(request, actions) {
  const problem = element('div', { class: 'slot' });
  const done = button('Finish', () => press());
  const press = guarded(done, async () => {
    try {
      await actions.finish();
    } catch (error) {
      problem.replaceChildren(summary(error instanceof Refused ? error.message : unsent, []));
      problem.firstChild.focus();
    }
  });
  const forms = request.forms.filter((form) => form.submitted);
  return [
    renderWay(request, stepsOf(request).length, 'last step'),
    heading('Check your answers'),
    paragraph('Your answers are saved. Press Finish to submit them.', 'intro'),
    problem,
    ...forms.map((form) => renderAnswers(form, actions.change)),
    buttons(done)
  ];
}

function renderAnswers(form, change) {
  const rows = form.sections.flatMap((section) => section.questions).flatMap(renderAnswer);
  const press = form.editable ? button('Change', () => change(form), 'plain') : null;
  press?.append(hidden(' ' + form.title));
  const top = element('div', { class: 'answers-top' }, element('h2', {}, form.title), press);
  return element('section', { class: 'answers' }, top, element('dl', {}, ...rows));
}

function renderAnswer(question) {
  const lines = question.type === 'document' ? documentLines(question) : [wording(question)];
  const shown = lines.map((line) => element('bdi', {}, line));
  return [element('dt', {}, question.label), element('dd', {}, ...shown)];
}

// wording is an answer as the customer knows it: the country's name instead of its code.
function wording(question) {
  const known = question.options?.find((o) => o.value === question.answer)?.label;
  const plain = { yes: 'Yes', no: 'No' };
  return known || (question.type === 'yes_no' && plain[question.answer]) || question.answer || 'Not given';
}

// documentLines say which document it is, where there was a choice, and what has arrived of it.
function documentLines(question) {
  const types = question.document_types || [];
  const type = types.find((one) => one.type === question.document?.type) || (types.length === 1 ? types[0] : null);
  const received = question.document?.received || [];
  if (!type || received.length === 0) {
    return ['Not given'];
  }
  const state = (side) => (received.includes(side) ? 'Received' : 'Missing');
  const sides = type.elements.length > 1 ? type.elements.map((side) => `${sideLabel(side)}: ${state(side)}`) : [state(type.elements[0])];
  return types.length > 1 ? [type.label, ...sides] : sides;
}
