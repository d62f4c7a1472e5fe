// The way through a customer request: its forms one after the other, a check of all answers, and the end.
import { Refused } from '/collect/backend.js';
import { keeper } from '/collect/drafts.js';
import { renderStep } from '/collect/step.js';
import { renderReview } from '/collect/review.js';
import { renderWaiting, waited } from '/collect/waiting.js';
import { renderSubmitted, renderExpired, renderFailure } from '/collect/ending.js';

// walk leads through the request behind a backend, within an element. It tells the page around when the forms are
// loaded and when another view begins at the top.
export function walk(page, backend, { loaded, top }) {
  const drafts = keeper(backend.draft);
  let request = null;
  let keep = () => {}; // keeps what is typed in the view that is shown
  let close = () => {}; // ends that view

  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      keep();
      drafts.hurry();
    }
  });

  async function start() {
    try {
      request = await backend.load();
    } catch (error) {
      fail(error);
      if (error.expired) {
        loaded();
      }
      return;
    }
    showNext(false);
    loaded();
  }

  // showNext shows the first form that is not submitted, or the review if all are.
  function showNext(focus = true) {
    const form = request.forms.find(isOpen);
    if (form) {
      showStep(form, focus);
    } else if (request.waiting) {
      showWaiting(focus);
    } else {
      show(renderReview(request, { change: showStep, finish }), focus);
    }
  }

  function showStep(form, focus = true) {
    const back = before(request, form);
    const step = renderStep(request, form, {
      back: back && (() => showStep(back)),
      keep: (answers) => drafts.keep(form.id, answers),
      submit: (answers) => submit(form, answers),
      upload: (...picture) => backend.upload(form.id, ...picture).catch(passOn)
    });
    show(step.nodes, focus);
    ({ keep, close } = step);
  }

  async function submit(form, answers) {
    await drafts.settled(); // or a late draft would undo what is submitted
    request = await backend.submit(form.id, answers).catch(passOn);
    showNext();
  }

  async function showWaiting(focus) {
    const view = renderWaiting(request);
    show(view.nodes, focus);
    try {
      request = await waited(backend.load, view);
      showNext();
    } catch (error) {
      fail(error);
    }
  }

  // finish ends the request. If the server refuses, there may be more to do by now.
  async function finish() {
    try {
      const end = await backend.finish();
      show(renderSubmitted(end), true);
    } catch (error) {
      if (error instanceof Refused && !error.expired) {
        request = await backend.load();
        if (request.waiting || request.forms.some(isOpen)) {
          showNext();
          return;
        }
      }
      passOn(error);
    }
  }

  // passOn shows that a request is over wherever that is found out, and leaves other errors to the view.
  function passOn(error) {
    if (error.expired) {
      fail(error);
    }
    throw error;
  }

  function fail(error) {
    show(error.expired ? renderExpired() : renderFailure(start), true);
  }

  function show(nodes, focus) {
    close();
    keep = close = () => {};
    page.replaceChildren(...nodes);
    const title = page.querySelector('h1');
    document.title = request ? `${title.textContent} – ${request.title}` : title.textContent;
    if (focus) {
      title.focus({ preventScroll: true });
      window.scrollTo(0, 0);
      top();
    }
  }

  return { start };
}

function isOpen(form) {
  return form.editable && !form.submitted && form.state === 'SENT';
}

// before is the form that Back leads to.
function before(request, form) {
  const at = request.forms.findIndex((one) => one.id === form.id);
  return request.forms.slice(0, at).findLast((one) => one.editable);
}
