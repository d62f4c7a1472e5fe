// The way through a level: its steps one after the other, the request for the check, and what comes of it. Everything that
// happens is told to the page around the frame, in the events of the real SDK.
import { renderData } from '/websdk/data.js';
import { renderDocument } from '/websdk/document.js';
import { renderLiveness } from '/websdk/liveness.js';
import { isApproved, isRejected, isRetry, renderFailure, renderRetry, renderState } from '/websdk/states.js';

const pace = 1000; // milliseconds between two looks while something is being checked
const slowPace = 10000; // and once it is decided

const wanted = (step) => step.state !== 'given' && step.state !== 'accepted';
const unknown = 'ZZZ'; // a country must be named of selfies, too: that of another document, if there is one
const liveness = ['enabled', 'passiveLiveness', 'liveness'];

// walk leads the applicant through the level within an element.
export function walk(page, backend, host) {
  let applicant = null;
  let told = JSON.stringify(['init', {}]); // the last status that the page around knows of
  let shown = false; // whether there was a view before
  let correcting = false; // what was rejected
  let close = () => {}; // ends the view that is shown

  async function start() {
    await attempt(async () => {
      take(await backend.load());
      host.tell('onApplicantLoaded');
      await next();
    });
  }

  // attempt shows why something that must not fail has failed.
  async function attempt(work) {
    try {
      await work();
    } catch (error) {
      show(renderFailure(error, start));
    }
  }

  // take notes how the applicant stands now, and tells what has changed.
  function take(fresh) {
    const moved = applicant && applicant.levelName !== fresh.levelName;
    applicant = fresh;
    host.introduce(applicant);
    if (moved) {
      host.tell('onApplicantLevelChanged');
    }
    const now = JSON.stringify([applicant.reviewStatus, applicant.reviewResult]);
    if (now === told) {
      return;
    }
    told = now;
    const { reviewStatus, reviewResult, levelName } = applicant;
    const status = { reprocessing: false, levelName, reviewStatus, reviewResult, autoChecked: false };
    host.tell('onApplicantStatusChanged', status);
    if (isApproved(applicant) || (isRejected(applicant) && !isRetry(applicant))) {
      host.tell('onApplicantVerificationCompleted', status);
    }
  }

  async function next() {
    const steps = applicant.steps.filter(wanted);
    if (!applicant.open) {
      correcting = false;
      show(renderState(applicant));
      watch();
    } else if (isRetry(applicant) && !correcting) {
      show(renderRetry(applicant, steps, () => attempt(correct)));
    } else if (steps.length > 0) {
      showStep(steps[0]);
    } else {
      await submit();
    }
  }

  async function correct() {
    correcting = true;
    await next();
  }

  function showStep(step) {
    const set = step.idDocSetType;
    const now = () => applicant.steps.find((one) => one.idDocSetType === set) || step;
    const known = () => applicant.steps.find((one) => one.country)?.country || unknown;
    const actions = {
      save: async (data) => take(await backend.data(data).catch(passOn)),
      upload: (document, picture) => upload(set, { ...document, country: document.country || known() }, picture).then((receipt) => ({ receipt, step: now() })),
      attempted: (answer) => host.tell('onLivenessCompleted', { answer, allowContinuing: true }),
      done: () => complete(set, now)
    };
    const view = render(step, applicant.countries, actions);
    show(view.nodes, view.close);
    const { types, videoRequired } = step;
    host.tell('onStepInitiated', { idDocSetType: set, types, ...(videoRequired && { videoRequired }) });
  }

  async function upload(set, document, picture) {
    try {
      const { receipt, applicant: fresh } = await backend.upload(document, picture);
      take(fresh);
      host.tell('onDocumentAdded', { imageId: Number(receipt.imageId), idDocSetType: set, idDocType: document.type, ...(document.side && { idDocSubType: document.side }), country: document.country });
      receipt.errors.forEach((code) => host.tell('onUploadError', { code, msg: code }));
      receipt.warnings.forEach((code) => host.tell('onUploadWarning', { code, msg: code }));
      return receipt;
    } catch (error) {
      if (error.status !== 401) {
        host.tell('onUploadError', { code: error.name, msg: error.message });
      }
      if (error.status === 409) {
        await attempt(reload); // what stands in the way may be that nothing is taken any more
      }
      return passOn(error);
    }
  }

  // passOn shows that the session is over wherever that is found out, and leaves other errors to the view.
  function passOn(error) {
    if (error.status === 401) {
      show(renderFailure(error, start));
    }
    throw error;
  }

  async function reload() {
    take(await backend.load());
    if (!applicant.open) {
      await next();
    }
  }

  // complete goes on from a step, or answers that something is still missing there.
  async function complete(set, now) {
    if (applicant.open && wanted(now())) {
      return false;
    }
    host.tell('onStepCompleted', { idDocSetType: set });
    await attempt(next);
    return true;
  }

  async function submit() {
    const again = correcting || isRetry(applicant);
    const fresh = await backend.submit();
    host.tell(again ? 'onApplicantResubmitted' : 'onApplicantSubmitted');
    take(fresh);
    await next();
  }

  // watch looks again and again how the applicant stands, until something has changed.
  function watch() {
    const before = told;
    const timer = setTimeout(async () => {
      try {
        take(await backend.load());
      } catch (error) {
        if (error.status === 401) {
          show(renderFailure(error, start));
          return;
        } // any other may be different the next time
      }
      told === before ? watch() : attempt(next);
    }, applicant.reviewStatus === 'completed' ? slowPace : pace);
    close = () => clearTimeout(timer);
  }

  function show(nodes, ending = () => {}) {
    close();
    close = ending;
    page.replaceChildren(...nodes.filter(Boolean));
    if (shown) {
      page.querySelector('h1').focus({ preventScroll: true });
      host.top();
    } else {
      shown = true;
      host.tell('onInitialized');
    }
  }

  return { start };
}

function render(step, countries, actions) {
  if (step.fields.length > 0) {
    return renderData(step, countries, actions);
  }
  if (step.live && liveness.includes(step.videoRequired)) {
    return renderLiveness(step, actions);
  }
  return renderDocument(step, countries, actions);
}
