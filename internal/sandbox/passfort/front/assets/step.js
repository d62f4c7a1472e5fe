// One form as a step: its questions, messages beside them and a summary above.
import { element, heading, paragraph, button, buttons, guarded, summary } from '/collect/elements.js';
import { Refused } from '/collect/backend.js';
import { renderQuestion } from '/collect/question.js';
import { renderWay, stepsOf } from '/collect/steps.js';

const unsent = { message: 'Your answers could not be sent. Please check your connection and try again.', errors: [] };

// renderStep makes a form's step. The actions are back(), if there is a way back, keep(answers), submit(answers) and
// upload(question, side, type, picture).
export function renderStep(request, form, actions) {
  const steps = stepsOf(request);
  const at = steps.indexOf(form);
  const several = form.sections.flatMap((section) => section.questions).filter((q) => q.type === 'document').length > 1;
  const questions = [];
  const parts = form.sections.map((section) => {
    const own = section.questions.map((question) => renderQuestion(question, { upload: actions.upload, several }));
    questions.push(...own);
    return renderSection(section, own);
  });
  const node = element('form', { novalidate: true, autocomplete: 'on' }, ...parts);
  const status = element('p', { class: 'note', role: 'status' });
  const proceed = element('button', { type: 'submit' }, 'Continue');
  const back = actions.back ? button('Back', leave, 'quiet') : null;
  node.append(buttons(proceed, back), status, paragraph('Your answers are saved as you go. You can close this page and come back later.', 'hint'));
  node.addEventListener('focusout', keep);
  node.addEventListener('change', keep);
  node.addEventListener('submit', guarded(proceed, send));

  function answers() {
    return Object.fromEntries(questions.filter((q) => q.answer).map((q) => [q.name, q.answer()]));
  }

  // keep hands on what was typed, if it is anything new, and lets the question remember it.
  let kept = JSON.stringify(answers());
  function keep() {
    const now = answers();
    if (JSON.stringify(now) !== kept) {
      kept = JSON.stringify(now);
      questions.forEach((q) => q.remember?.());
      actions.keep(now);
    }
  }

  function leave() {
    keep();
    actions.back();
  }

  async function send() {
    const now = answers();
    kept = JSON.stringify(now); // no draft of what is submitted
    status.textContent = 'Sending your answers…';
    try {
      await Promise.all(questions.map((q) => q.settled?.()));
      checkSent(questions);
      await actions.submit(now);
    } catch (error) {
      kept = '';
      if (!error.expired) {
        complain(error instanceof Refused ? error : unsent);
      }
    } finally {
      status.textContent = '';
    }
  }

  // complain puts each message beside its question and all of them at the top.
  function complain(problem) {
    for (const question of questions) {
      question.complain(problem.errors.find((e) => e.field === question.name)?.message || '');
    }
    const items = problem.errors.map((e) => {
      const question = questions.find((q) => q.name === e.field);
      return { message: e.message, id: question?.id, go: question && (() => question.focus()) };
    });
    node.querySelector('.summary')?.remove();
    node.prepend(summary(problem.message, items));
    node.firstChild.focus();
    document.title = `Error: ${form.title}`;
  }

  return {
    nodes: [renderWay(request, at, `step ${at + 1} of ${steps.length}`), heading(form.title), form.intro ? paragraph(form.intro, 'intro') : '', node],
    keep,
    close: () => questions.forEach((q) => q.close?.())
  };
}

// checkSent refuses to go on while a picture has not arrived.
function checkSent(questions) {
  const errors = questions.map((q) => ({ field: q.name, message: q.unsent?.() })).filter((e) => e.message);
  if (errors.length > 0) {
    throw new Refused(0, { message: 'Some pictures have not been sent.', errors });
  }
}

function renderSection(section, questions) {
  const nodes = questions.map((question) => question.node);
  return section.title ? element('fieldset', { class: 'section' }, element('legend', {}, section.title), ...nodes) : element('div', {}, ...nodes);
}
