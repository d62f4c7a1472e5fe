// The page inside the frame: it leads through the sections of a customer request, one at a time.
import { getForm, saveSection, savePhoto, finish, Refused } from '/collect/requests.js';
import { openPair, reportLoaded, reportHeight } from '/collect/parent.js';
import { element, heading, paragraph, button } from '/collect/elements.js';
import { renderSection } from '/collect/section.js';
import { renderReview } from '/collect/review.js';

const page = document.getElementById('page');
let pair;

start();

async function start() {
  new ResizeObserver(reportHeight).observe(document.documentElement);
  pair = await openPair();
  await load();
}

async function load() {
  try {
    const form = await getForm(pair);
    showNext(form, false);
    reportLoaded();
  } catch (error) {
    showFailure(error, load);
    if (error instanceof Refused && error.expired) {
      reportLoaded();
    }
  }
}

// showNext shows the first section that is not done yet, or the review if all are.
function showNext(form, focus) {
  const index = form.sections.findIndex((section) => !section.done);
  if (index < 0) {
    showReview(form, focus);
    return;
  }
  showSection(form, index, focus);
}

function showSection(form, index, focus) {
  show(
    renderSection(form, index, {
      submit: (answers, photo) => submit(form.sections[index], answers, photo),
      back: index > 0 ? () => showSection(form, index - 1, true) : null,
      failed: (error) => showFailure(error, load)
    }),
    focus
  );
}

async function submit(section, answers, photo) {
  if (photo) {
    await savePhoto(pair, photo);
  }
  showNext(await saveSection(pair, section.id, answers), true);
}

function showReview(form, focus) {
  show(
    renderReview(form, {
      change: (index) => showSection(form, index, true),
      finish: async () => showDone((await finish(pair)).redirect_url),
      failed: (error) => showFailure(error, load)
    }),
    focus
  );
}

// showDone says that all is well and takes the whole window to the company's address.
function showDone(address) {
  const link = element('a', { href: address, target: '_top', class: 'button' }, 'Continue');
  show([heading('Data successfully submitted.'), paragraph('You will be taken back in a moment.'), link], true);
  window.setTimeout(() => {
    window.top.location = address;
  }, 400);
}

function showFailure(error, again) {
  if (error instanceof Refused && error.expired) {
    show([heading('This request has expired.'), paragraph('Please ask for a new link if you still need to complete the forms.')], true);
    return;
  }
  show(
    [
      heading('The forms could not be loaded.'),
      paragraph('What you have already sent is kept. Please try again in a moment.'),
      button('Try again', again)
    ],
    true
  );
}

function show(nodes, focus) {
  page.replaceChildren(...nodes);
  const title = page.querySelector('h1');
  if (focus && title) {
    title.focus({ preventScroll: true });
  }
  reportHeight();
}
