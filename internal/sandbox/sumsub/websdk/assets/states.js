// The views between the steps and after them: being checked, approved, rejected, and what went wrong.
import { element, button, buttons, heading, paragraph } from '/websdk/elements.js';
import { forApplicant, titleOf } from '/websdk/words.js';

const wordings = {
  init: ['Nothing can be sent now', 'Please ask the company.'], // the applicant is inactive
  checking: ['Your documents are being checked', 'This page changes by itself when the check is done. You can also close it.'],
  onHold: ['Your verification needs a closer look', 'This can take a while. You will hear from the company.'],
  approved: ['You are verified', 'Thank you. There is nothing more to do here.'],
  rejected: ['Your verification was not successful', 'Nothing more can be sent here. Please ask the company.']
};

export const isRejected = (applicant) => applicant.reviewStatus === 'completed' && applicant.reviewResult.reviewAnswer === 'RED';

export const isRetry = (applicant) => isRejected(applicant) && applicant.reviewResult.reviewRejectType === 'RETRY';

export const isApproved = (applicant) => applicant.reviewStatus === 'completed' && applicant.reviewResult.reviewAnswer === 'GREEN';

function wordingOf(applicant) {
  if (isApproved(applicant)) {
    return wordings.approved;
  }
  return isRejected(applicant) ? wordings.rejected : wordings[applicant.reviewStatus] || wordings.checking;
}

// renderState says how the applicant stands while nothing is asked for.
export function renderState(applicant) {
  const [title, text] = wordingOf(applicant);
  const comment = isRejected(applicant) && forApplicant(applicant.reviewResult.moderationComment);
  return [heading(title), comment ? paragraph(comment, 'comment') : null, paragraph(text)];
}

// renderRetry says what has to be given anew; proceed() goes there.
export function renderRetry(applicant, steps, proceed) {
  const items = steps.map((step) => element('li', {}, element('strong', {}, titleOf(step)), forApplicant(step.comment) ? `: ${forApplicant(step.comment)}` : ''));
  const comment = forApplicant(applicant.reviewResult.moderationComment);
  return [
    heading('Something has to be sent again'),
    comment ? paragraph(comment, 'comment') : null,
    items.length > 0 ? element('ul', {}, ...items) : null,
    buttons(button('Continue', proceed))
  ];
}

// renderFailure says that nothing can be loaded, and again() tries once more.
export function renderFailure(error, again) {
  const title = error.status === 401 ? 'Your session has ended' : 'The verification could not be loaded';
  return [heading(title), paragraph('What you have already sent is kept.'), buttons(button('Try again', again))];
}
